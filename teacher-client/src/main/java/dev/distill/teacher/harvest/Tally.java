package dev.distill.teacher.harvest;

import dev.distill.data.trace.Prompt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Counts units and tells the listener, one call at a time. */
final class Tally {
    private int units;
    private final int most;
    private final HarvestConfig config;
    private final Ledger ledger;
    private final Acceptance acceptance;
    private final HarvestListener listener;
    private final boolean grows;
    private final Map<String, String> reasons = new HashMap<>();
    private final SortedMap<String, Integer> failed = new TreeMap<>();
    private final Pace pace;
    private int completed;
    private long retries;
    private @Nullable IntSupplier inFlight;
    private @Nullable IntSupplier limit;

    /**
     * Which units count.
     *
     * @param needed as far as is known
     * @param asked by this run, whatever became of them before
     * @param grows whether others may be needed too
     */
    record Scope(BiPredicate<Unit, Standing> needed, Predicate<Unit> asked, boolean grows) {}

    /** Begins with what the ledger says about these units: completed, or given up for good. */
    Tally(
            HarvestConfig config,
            List<Unit> all,
            Scope scope,
            Ledger ledger,
            Acceptance acceptance,
            HarvestListener listener) {
        this.config = config;
        this.grows = scope.grows;
        this.most = all.size();
        this.acceptance = acceptance;
        this.ledger = ledger;
        this.listener = listener;
        for (Unit unit : all) {
            Standing standing = ledger.standing(unit.id());
            String givenUp = standing.givenUp();
            units += scope.needed.test(unit, standing) ? 1 : 0;
            if (standing.isCompleted()) {
                completed++;
            } else if (standing.forGood() && givenUp != null && !scope.asked.test(unit)) {
                countFailed(unit.id(), givenUp);
            }
        }
        this.pace = new Pace(System.nanoTime(), done(), ledger.boughtTokens());
        tellFailed(all);
    }

    private void tellFailed(List<Unit> all) {
        List<LedgerAccount.Failed> earlier = ledger.failed();
        if (!earlier.isEmpty()) {
            Map<String, Prompt> prompts = new HashMap<>();
            all.forEach(unit -> prompts.put(unit.id(), unit.prompt()));
            for (LedgerAccount.Failed unit : earlier) {
                Prompt prompt = prompts.get(unit.unit());
                if (prompt != null) {
                    listener.failed(unit, prompt);
                }
            }
        }
    }

    /** Tells the listener from now on how many requests are in flight. */
    synchronized void watch(IntSupplier requests, IntSupplier limitOfRequests) {
        inFlight = requests;
        limit = limitOfRequests;
        tell();
    }

    /** A unit has its reply, and the ledger has it on the disk. */
    synchronized void completed(Unit unit) {
        completed++;
        listener.completed(unit.prompt());
    }

    /** So many units more are needed. */
    synchronized void needed(int more) {
        if (more > 0 && grows) {
            units += more;
        }
    }

    synchronized void failed(LedgerAccount.Failed unit, Prompt prompt) {
        countFailed(unit.unit(), unit.reason());
        listener.failed(unit, prompt);
    }

    /** A unit that an earlier run had given up is complete. */
    synchronized void recovered(String unit) {
        forget(unit);
        listener.recovered(unit);
    }

    synchronized void retried() {
        retries++;
    }

    /** Tells the listener how things stand. */
    synchronized void tell() {
        Bought bought = ledger.bought();
        // a reply is judged a moment before it is counted
        OptionalInt accepted =
                acceptance.isAsked() ? OptionalInt.of(Math.min(completed, acceptance.accepted())) : OptionalInt.empty();
        Forecast.Units now = new Forecast.Units(units, most, completed, done() - completed, accepted);
        listener.progress(new HarvestProgress(
                units,
                completed,
                failed,
                accepted,
                new HarvestProgress.Requests(
                        inFlight == null ? 0 : inFlight.getAsInt(), limit == null ? 0 : limit.getAsInt(), retries),
                bought,
                Optional.ofNullable(config.spending().cap()),
                Forecast.of(now, bought, pace.at(System.nanoTime(), done(), bought.tokens()))));
    }

    private void countFailed(String unit, String reason) {
        forget(unit);
        reasons.put(unit, reason);
        failed.merge(reason, 1, Integer::sum);
    }

    private void forget(String unit) {
        String reason = reasons.remove(unit);
        if (reason != null) {
            failed.computeIfPresent(reason, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private int done() {
        return completed + reasons.size();
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
