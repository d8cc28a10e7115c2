package dev.distill.teacher.pay;

import dev.distill.data.trace.Money;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A hard limit on what is spent. Before a request its worst cost is set aside, afterwards its true cost is booked; a request
 * whose worst cost does not fit is not sent. So the limit holds whatever comes back, as long as the provider keeps to the
 * token limit it was given.
 */
public final class Budget {
    private final @Nullable BigDecimal cap;
    private final String currency;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private BigDecimal spent;
    private BigDecimal setAside = BigDecimal.ZERO;
    private boolean closed;

    private Budget(@Nullable BigDecimal cap, Money spent) {
        this.cap = cap;
        this.currency = spent.currency();
        this.spent = spent.amount();
    }

    /** A budget of which this much is spent already. */
    public static Budget of(Money cap, Money spent) {
        if (!cap.currency().equals(spent.currency())) {
            throw new IllegalArgumentException(
                    "budget: must be in the currency of the tariff, " + spent.currency() + "; got " + cap.currency());
        }
        return new Budget(cap.amount(), spent);
    }

    /** Counts what is spent, and sets no limit. */
    public static Budget unlimited(Money spent) {
        return new Budget(null, spent);
    }

    /** Money set aside for one request. Settle it exactly once. */
    public final class Reservation {
        private final BigDecimal worst;
        private boolean open = true;

        private Reservation(BigDecimal worst) {
            this.worst = worst;
        }

        /** Books what the request has cost; zero if nothing. */
        public void settle(Money cost) {
            lock.lock();
            try {
                if (!open) {
                    throw new IllegalStateException(
                            "budget: a reservation is settled once; got a second cost of " + cost);
                }
                open = false;
                setAside = setAside.subtract(worst);
                spent = spent.add(cost.amount());
                settled.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Sets money aside for a request; where only what is set aside for others stands in the way, waits until they have settled.
     *
     * @return empty if the worst cost does not fit into what is left, or after {@link #close}
     */
    public Optional<Reservation> reserve(Money worst) {
        lock.lock();
        try {
            while (true) {
                if (closed || (cap != null && spent.add(worst.amount()).compareTo(cap) > 0)) {
                    return Optional.empty();
                }
                if (cap == null || spent.add(setAside).add(worst.amount()).compareTo(cap) <= 0) {
                    setAside = setAside.add(worst.amount());
                    return Optional.of(new Reservation(worst.amount()));
                }
                settled.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sets money aside, or says at once that there is no room for it beside what is set aside for others. */
    public Optional<Reservation> reserveNow(Money worst) {
        lock.lock();
        try {
            if (closed
                    || (cap != null && spent.add(setAside).add(worst.amount()).compareTo(cap) > 0)) {
                return Optional.empty();
            }
            setAside = setAside.add(worst.amount());
            return Optional.of(new Reservation(worst.amount()));
        } finally {
            lock.unlock();
        }
    }

    /** Sets money aside for a request that was sent before, whether there is room for it or not. */
    public Reservation setAside(Money worst) {
        lock.lock();
        try {
            setAside = setAside.add(worst.amount());
            return new Reservation(worst.amount());
        } finally {
            lock.unlock();
        }
    }

    /** Wakes those who wait, with nothing. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public Money spent() {
        lock.lock();
        try {
            return new Money(spent, currency);
        } finally {
            lock.unlock();
        }
    }
}
