package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a harvest is.
 *
 * @param units all of it as far as is known, what earlier runs completed included; grows where prompts are asked again
 * @param completed units whose reply is in the ledger
 * @param failures units given up, by reason
 * @param accepted completed units whose answer was verified as right; empty where none is verified
 * @param requests at this moment
 * @param bought everything in the ledger
 * @param budget where spending stops; empty for none
 * @param forecast how it will end if it goes on like this
 */
public record HarvestProgress(
        int units,
        int completed,
        SortedMap<String, Integer> failures,
        OptionalInt accepted,
        Requests requests,
        Bought bought,
        Optional<Money> budget,
        Forecast forecast) {
    /**
     * Requests of this run.
     *
     * @param inFlight at this moment
     * @param limit how many the server bears at present
     * @param retries that failed and were, or will be, sent again
     */
    public record Requests(int inFlight, int limit, long retries) {}

    public HarvestProgress {
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    }

    /** Units given up. */
    public int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Units that are not asked for any more. */
    public int done() {
        return completed + failed();
    }
}
