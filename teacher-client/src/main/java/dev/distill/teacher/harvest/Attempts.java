package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.pace.Gate;
import dev.distill.teacher.pace.RateCap;
import dev.distill.teacher.pay.Budget;
import dev.distill.teacher.pay.Tariff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Requests, one by one: each waits for cheap hours, for its money, for the rates and for a place in flight, is sent, paid and recorded. */
final class Attempts {
    private final HarvestConfig config;
    private final Teacher teacher;
    private final Recorder recorder;
    private final Halt halt;
    private final Tariff tariff;
    private final Budget budget;
    private final Gate gate;
    private final RateCap requestCap;
    private final RateCap tokenCap;
    private final AtomicLong requests = new AtomicLong();

    /** @param spent at most, by earlier runs */
    Attempts(HarvestConfig config, Teacher teacher, Recorder recorder, Halt halt, Money spent) {
        this.config = config;
        this.teacher = teacher;
        this.recorder = recorder;
        this.halt = halt;
        this.tariff = config.spending().tariff();
        Money cap = config.spending().cap();
        this.budget = cap == null ? Budget.unlimited(spent) : Budget.of(cap, spent);
        Limits limits = config.limits();
        this.gate = new Gate(limits.inFlight());
        this.requestCap = new RateCap(limits.perMinute().requests());
        this.tokenCap = new RateCap(limits.perMinute().tokens());
    }

    /** That were sent. */
    long requests() {
        return requests.get();
    }

    /** Those that are on their way. */
    int inFlight() {
        return gate.inFlight();
    }

    /** As many may be on their way now. */
    int limit() {
        return gate.limit();
    }

    /** Lets nobody wait any longer for money or a place: the run is called to an end. */
    void close() {
        gate.close();
        budget.close();
    }

    /** How a request ended, and whether its answer is right. */
    record Attempted(Outcome outcome, boolean right) {}

    /** One request, paid and recorded; empty if the run was stopped, or the budget reached, before it was sent. */
    Optional<Attempted> attempt(Unit unit, int attempt) {
        long promptAtMost = unit.request().promptTokensAtMost();
        if (!halt.pause(untilCheap())) {
            return Optional.empty();
        }
        Money worst = config.costAtMost(unit.request());
        Optional<Budget.Reservation> reserved = budget.reserve(worst);
        if (reserved.isEmpty()) {
            budgetReached();
            return Optional.empty();
        }
        Money cost = Money.zero(tariff.currency());
        try {
            if (!halt.pause(requestCap.take(1)) || !halt.pause(tokenCap.take(promptAtMost / 3))) {
                return Optional.empty();
            }
            long place = enter();
            if (place < 0) {
                return Optional.empty();
            }
            Exchange exchange = exchange(unit, place, worst, attempt);
            Paid paid = Paid.of(unit.request(), exchange, tariff, Instant.now(), worst);
            tokenCap.take(paid.usage().completionTokens());
            boolean right = recorder.record(unit, exchange, paid, attempt);
            cost = paid.atMost();
            return Optional.of(new Attempted(exchange.outcome(), right));
        } finally {
            reserved.get().settle(cost);
        }
    }

    /** A place among those in flight, in an hour in which it may be sent; -1 if the run is to end. */
    private long enter() {
        long place = gate.enter();
        Duration wait = place < 0 ? Duration.ZERO : untilCheap();
        while (wait.isPositive()) { // the cheap hours have ended while it waited
            gate.leave(place, false);
            place = halt.pause(wait) ? gate.enter() : -1;
            wait = place < 0 ? Duration.ZERO : untilCheap();
        }
        return place;
    }

    /** A request that may last into dear hours is not sent either. */
    private Duration untilCheap() {
        return config.spending().cheapHours()
                ? tariff.untilCheapest(Instant.now(), config.limits().patience().total())
                : Duration.ZERO;
    }

    private Exchange exchange(Unit unit, long place, Money worst, int attempt) {
        boolean tooMany = false;
        try {
            recorder.asking(unit, worst, attempt);
            requests.incrementAndGet();
            long sent = System.nanoTime();
            // a reply in one piece comes when it is written: how long that took says nothing of a queue
            boolean streamed = config.endpoint().dialect().asked().streamed();
            Exchange exchange = teacher.ask(
                    unit.request(),
                    () -> gate.begun(place, streamed ? Duration.ofNanos(System.nanoTime() - sent) : Duration.ZERO));
            tooMany = exchange.outcome() instanceof Outcome.RateLimited;
            return exchange;
        } finally {
            gate.leave(place, tooMany);
        }
    }

    private void budgetReached() {
        Money cap = config.spending().cap();
        if (!halt.isCalled() && cap != null) {
            halt.call(new Ending.BudgetReached(cap, budget.spent()));
        }
    }
}
