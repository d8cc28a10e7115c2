package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Those keys of {@code train:} that say which traces become samples, and how samples become steps.
 *
 * @param batchSamples samples of one update
 * @param batchTokens tokens of one update, in place of that; 0 to count samples
 * @param rowTokens the most tokens of one packed row
 * @param overLong what is done with a sample that is longer than that
 * @param unfit what is done with a trace that makes no sample
 * @param allow reasons for which traces are not trained on, and are all the same
 * @param neftune alpha of the noise on embeddings; 0 for none
 */
public record BatchesPart(
        int batchSamples,
        int batchTokens,
        int rowTokens,
        Packing.OverLong overLong,
        Unfit unfit,
        Set<Barred> allow,
        double neftune) {

    /** What is done with a trace that makes no sample that could be trained on honestly. */
    public enum Unfit {
        /** The training does not begin. */
        RAISE,
        /** It is left out, and counted. */
        DROP
    }

    static BatchesPart read(Section section) {
        BatchesPart part = new BatchesPart(
                section.whole("batch-samples", 64, 1, 1_000_000),
                section.whole("batch-tokens", 0, 0, Integer.MAX_VALUE),
                section.whole("row-tokens", 32_768, 16, 10_000_000),
                section.choice("over-long", Packing.OverLong.class, Packing.OverLong.DROP),
                section.choice("unfit", Unfit.class, Unfit.RAISE),
                allowed(section),
                section.real("neftune-alpha", 0, 0, 1e4));
        if (part.batchTokens > 0) {
            batchTokens(section, part);
        }
        return part;
    }

    private static void batchTokens(Section section, BatchesPart part) {
        if (section.has("batch-samples")) {
            section.problem("batch-tokens", "a step counts tokens or samples (batch-samples), not both; leave one out");
        }
        if (part.batchTokens < part.rowTokens) {
            section.problem(
                    "batch-tokens",
                    "must be 0, or at least one row, train.row-tokens " + part.rowTokens + "; got " + part.batchTokens
                            + "; make the rows shorter or the batch larger");
        }
    }

    private static Set<Barred> allowed(Section section) {
        Set<Barred> allowed = EnumSet.noneOf(Barred.class);
        List<String> known = Arrays.stream(Barred.values()).map(Barred::word).toList();
        for (String word : section.words("allow", List.of())) {
            if (known.contains(word)) {
                allowed.add(Barred.valueOf(word.toUpperCase(Locale.ROOT)));
            } else {
                section.problem("allow", "must be of " + String.join(", ", known) + "; got " + word);
            }
        }
        return Set.copyOf(allowed);
    }

    /** The same for a model of so many positions: no row is longer, and a sample that is longer is over-long. */
    BatchesPart within(int positions) {
        return new BatchesPart(
                batchSamples, batchTokens, Math.min(rowTokens, positions), overLong, unfit, allow, neftune);
    }

    /** How samples become steps. */
    Packing packing(long seed) {
        Packing.Rule rule = batchTokens > 0
                ? new Packing.Tokens(batchTokens, Packing.Tokens.WINDOW)
                : new Packing.Count(batchSamples);
        return new Packing(rowTokens, rule, overLong, seed);
    }
}
