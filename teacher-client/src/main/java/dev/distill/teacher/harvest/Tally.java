package dev.distill.teacher.harvest;

import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Counts units and tells the listener, one call at a time. */
final class Tally {
    private int units;
    private final Ledger ledger;
    private final Acceptance acceptance;
    private final HarvestListener listener;
    private final SortedMap<String, Integer> failed = new TreeMap<>();
    private int completed;
    private long retries;
    private @Nullable IntSupplier inFlight;
    private @Nullable IntSupplier limit;

    /** Begins with what the ledger says about these units: completed, or given up for good. */
    Tally(Iterable<Unit> units, Ledger ledger, Acceptance acceptance, HarvestListener listener) {
        this.acceptance = acceptance;
        this.ledger = ledger;
        this.listener = listener;
        int all = 0;
        for (Unit unit : units) {
            all++;
            Standing standing = ledger.standing(unit.id());
            String givenUp = standing.givenUp();
            if (standing.isCompleted()) {
                completed++;
            } else if (standing.forGood() && givenUp != null) {
                failed.merge(givenUp, 1, Integer::sum);
            }
        }
        this.units = all;
    }

    /** Tells the listener from now on how many requests are in flight. */
    synchronized void watch(IntSupplier requests, IntSupplier most) {
        inFlight = requests;
        limit = most;
        tell();
    }

    synchronized void completed() {
        completed++;
        tell();
    }

    /** So many units more are needed. */
    synchronized void needed(int more) {
        if (more > 0) {
            units += more;
            tell();
        }
    }

    synchronized void failed(String reason) {
        failed.merge(reason, 1, Integer::sum);
        tell();
    }

    synchronized void retried() {
        retries++;
        tell();
    }

    /** Tells the listener how things stand. */
    synchronized void tell() {
        listener.progress(new HarvestProgress(
                units,
                completed,
                failed.values().stream().mapToInt(Integer::intValue).sum(),
                acceptance.isAsked() ? OptionalInt.of(acceptance.accepted()) : OptionalInt.empty(),
                retries,
                inFlight == null ? 0 : inFlight.getAsInt(),
                limit == null ? 0 : limit.getAsInt(),
                ledger.boughtTokens(),
                ledger.spent()));
    }

    synchronized int units() {
        return units;
    }

    synchronized int completedUnits() {
        return completed;
    }

    /** Whether every unit has its reply: then it does not matter what stopped the run. */
    synchronized boolean isComplete() {
        return completed == units;
    }

    synchronized SortedMap<String, Integer> failedUnits() {
        return new TreeMap<>(failed);
    }
}
