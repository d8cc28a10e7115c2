package dev.distill.teacher.harvest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to be asked next. A unit's turn comes when its prompt still needs it, and when the unit that reads their common
 * prefix first ({@link PrefixOrder}) has ended; of those whose turn it is, the first in order is next.
 */
final class Agenda {
    private static final int EVERY = Integer.MAX_VALUE;

    private final List<PrefixOrder.Place> places;
    private final Map<String, Integer> placeOf = new HashMap<>();
    private final Map<String, Effort> efforts = new HashMap<>();
    /** Places that wait for the end of the one that they are listed under. */
    private final Map<Integer, List<Integer>> followers = new HashMap<>();

    private final BitSet ended = new BitSet();
    private final BitSet released = new BitSet();
    private final BitSet ready = new BitSet();
    /** No place before this one is ready. */
    private int firstReady;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int running;
    private boolean closed;

    /** What one prompt still needs: right answers that are missing, units that might bring them, and the places of units not begun, which stand together. */
    private static final class Effort {
        private int missing;
        private int begun;
        private int next = -1;
        private int end = -1;

        Effort(int missing) {
            this.missing = missing;
        }

        void add(int place) {
            if (next < 0) {
                next = place;
            } else if (place != end) {
                throw new IllegalArgumentException("agenda: the units of a prompt must stand together; places " + next
                        + " to " + (end - 1) + " and " + place + " are of the same");
            }
            end = place + 1;
        }
    }

    /**
     * An agenda of these units.
     *
     * @param open units that are not settled
     * @param right right answers by prompt that the ledger holds, where they are counted
     */
    Agenda(List<Unit> open, Asking asking, Map<String, Integer> right) {
        UntilRight until = asking.untilRight();
        for (Unit unit : open) {
            String prompt = unit.prompt().id();
            efforts.computeIfAbsent(
                    prompt, _ -> new Effort(until == null ? EVERY : until.right() - right.getOrDefault(prompt, 0)));
        }
        List<Unit> needed =
                open.stream().filter(unit -> effort(unit).missing > 0).toList();
        this.places = PrefixOrder.of(needed, asking.sharedPrefix());
        for (int place = 0; place < places.size(); place++) {
            Unit unit = places.get(place).unit();
            placeOf.put(unit.id(), place);
            effort(unit).add(place);
        }
        efforts.values().forEach(this::release);
    }

    private Effort effort(Unit unit) {
        Effort effort = efforts.get(unit.prompt().id());
        if (effort == null) {
            throw new IllegalArgumentException("agenda: unit " + unit.id() + " is of a prompt that is not on it");
        }
        return effort;
    }

    /** Lets as many of a prompt's units begin as might be needed; says how many these are. */
    private int release(Effort effort) {
        int more = 0;
        while (effort.begun < effort.missing && effort.next < effort.end) {
            int place = effort.next++;
            if (released.get(place)) {
                continue; // taken before its turn
            }
            effort.begun++;
            more++;
            released.set(place);
            int leader = places.get(place).leader();
            if (places.get(place).isFree() || ended.get(leader)) {
                makeReady(place);
            } else {
                followers.computeIfAbsent(leader, _ -> new ArrayList<>()).add(place);
            }
        }
        return more;
    }

    private void makeReady(int place) {
        ready.set(place);
        firstReady = Math.min(firstReady, place);
    }

    /** The first that is ready, which it then is no more; -1 for none. */
    private int pollReady() {
        int place = closed ? -1 : ready.nextSetBit(firstReady);
        if (place >= 0) {
            ready.clear(place);
            firstReady = place + 1;
        }
        return place;
    }

    /** Whether this unit is among those to be asked, as far as is known. */
    boolean holds(Unit unit) {
        lock.lock();
        try {
            Integer place = placeOf.get(unit.id());
            return place != null && released.get(place);
        } finally {
            lock.unlock();
        }
    }

    /** The next unit, waited for; null when there is none any more. */
    @Nullable
    Unit next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && ready.isEmpty() && running > 0) {
                changed.await();
            }
            int place = pollReady();
            if (place < 0) {
                return null;
            }
            running++;
            return places.get(place).unit();
        } finally {
            lock.unlock();
        }
    }

    /** The next unit, if there is one whose turn it is now. */
    @Nullable
    Unit poll() {
        lock.lock();
        try {
            int place = pollReady();
            if (place < 0) {
                return null;
            }
            running++;
            return places.get(place).unit();
        } finally {
            lock.unlock();
        }
    }

    /** What became of a unit that was to be taken: it is not on the agenda, it was needed already, or it is one more now. */
    enum Taken {
        UNKNOWN,
        NEEDED,
        ADDED
    }

    /** Takes this very unit, which is on its way already, whether its turn has come or not. */
    Taken take(Unit unit) {
        lock.lock();
        try {
            Integer place = placeOf.get(unit.id());
            if (place == null) {
                return Taken.UNKNOWN;
            }
            boolean needed = released.get(place);
            if (!needed) {
                released.set(place);
                effort(unit).begun++;
            } else if (ready.get(place)) {
                ready.clear(place);
            } else {
                List<Integer> waiting = followers.get(places.get(place).leader());
                if (waiting == null || !waiting.remove(place)) {
                    throw new IllegalArgumentException("agenda: unit " + unit.id() + " is taken already");
                }
            }
            running++;
            return needed ? Taken.NEEDED : Taken.ADDED;
        } finally {
            lock.unlock();
        }
    }

    /** A unit that was taken comes back as it was: it is to be asked once more. */
    void giveBack(Unit unit) {
        lock.lock();
        try {
            Integer place = placeOf.get(unit.id());
            if (place == null) {
                throw new IllegalArgumentException("agenda: unit " + unit.id() + " is not on it");
            }
            running--;
            makeReady(place);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A unit that was taken has come to its end, whatever that was.
     *
     * @param right whether its answer counts towards those that its prompt needs
     * @return how many further units its prompt needs now
     */
    int ended(Unit unit, boolean right) {
        lock.lock();
        try {
            Integer place = placeOf.get(unit.id());
            if (place == null) {
                throw new IllegalArgumentException("agenda: unit " + unit.id() + " is not on it");
            }
            running--;
            ended.set(place);
            List<Integer> waiting = followers.remove(place);
            if (waiting != null) {
                waiting.forEach(this::makeReady);
            }
            Effort effort = effort(unit);
            int more = 0;
            if (effort.missing != EVERY && !closed) {
                effort.begun--;
                effort.missing -= right ? 1 : 0;
                more = release(effort);
            }
            changed.signalAll();
            return more;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is asked. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
