package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * How many traces of one prompt are kept.
 *
 * @param perPrompt at most so many, 1 to 1,000
 * @param order which of them
 */
public record Choice(int perPrompt, Order order) implements Serializable {
    /** Which traces of a prompt come first. Of equal ones that with the lesser {@link CanonicalKey}. */
    public enum Order {
        /** The earliest samples. */
        FIRST,
        /** Those with the fewest characters of reasoning and answer. */
        SHORTEST,
        /** Those with the most. */
        LONGEST,
        /** Drawn at random, always the same ones. */
        RANDOM
    }

    public Choice {
        if (perPrompt < 1 || perPrompt > 1_000) {
            throw new IllegalArgumentException("curate: per-prompt must be 1 to 1000; got " + perPrompt);
        }
    }

    /** Orders the traces of one prompt: those that stay come first. */
    public Comparator<Facts> comparator() {
        Comparator<Facts> byKey = Comparator.comparing(Facts::key);
        return switch (order) {
            case FIRST -> byKey;
            case SHORTEST -> Comparator.comparingLong(Facts::length).thenComparing(byKey);
            case LONGEST -> Comparator.comparingLong(Facts::length).reversed().thenComparing(byKey);
            case RANDOM ->
                Comparator.comparing(
                                (Facts facts) -> Hash.of(List.of(facts.key().id())))
                        .thenComparing(byKey);
        };
    }

    /** That of a trace for which there was no place. */
    public Fate noPlace() {
        String which = switch (order) {
            case FIRST -> "earlier";
            case SHORTEST -> "shorter";
            case LONGEST -> "longer";
            case RANDOM -> "other";
        };
        return new Fate(Curation.PER_PROMPT, "the prompt has " + perPrompt + " " + which + " traces");
    }
}
