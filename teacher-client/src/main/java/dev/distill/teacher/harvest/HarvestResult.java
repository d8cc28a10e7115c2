package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a harvest has, all its runs together.
 *
 * @param ending why this run ended
 * @param units samples asked for: distinct prompts times samples
 * @param completed of them
 * @param failed of them, by reason; the others are still to be done
 * @param requests of this run
 * @param boughtTokens prompt and reply tokens of everything paid for, failed attempts included
 * @param spent on everything paid for
 * @param estimated that part of {@code spent} for which the provider gave no usage (cut streams, above all)
 * @param unanswered what may have been spent beside that: requests that were on their way when a process ended
 * @param counts all that was counted, as the manifest has it
 * @param shards the files, in order; empty where the run ended too early to write them
 */
public record HarvestResult(
        Ending ending,
        int units,
        int completed,
        SortedMap<String, Integer> failed,
        long requests,
        long boughtTokens,
        Money spent,
        Money estimated,
        Unanswered unanswered,
        SortedMap<String, Long> counts,
        List<Path> shards) {
    public HarvestResult {
        failed = Collections.unmodifiableSortedMap(new TreeMap<>(failed));
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        shards = List.copyOf(shards);
    }
}
