package dev.distill.plan;

import dev.distill.data.pack.Batch;
import dev.distill.data.pack.Batches;
import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Packing;
import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import java.util.List;

/**
 * What is there to train on.
 *
 * @param samples all of them, the validation's too
 * @param lengths of some samples that stand for all; at least one
 * @param textBytes of all traces' texts in memory
 * @param source where the figures come from, for a person
 */
public record Workload(long samples, List<Length> lengths, long textBytes, String source) {
    /** Steps whose packing is tried; the mean of so many is within a few per cent. */
    private static final int STEPS = 24;

    /** @param trained tokens of the sample that are targets, at least 1 */
    public record Length(int tokens, int trained) {}

    public Workload {
        lengths = List.copyOf(lengths);
    }

    /** Tokens of all samples. */
    public long tokens() {
        double mean = lengths.stream().mapToInt(Length::tokens).average().orElseThrow();
        return Math.round(mean * samples);
    }

    /** Samples to train on, once some are held back. */
    public long training(long heldBack) {
        return samples - heldBack;
    }

    /**
     * What a step holds in the mean: some steps are packed as training packs them.
     *
     * @param packing how; where it refuses samples that are longer than a row, those are left out here, so that there are figures
     * @throws IllegalArgumentException if there would be nothing in a row
     */
    public Load load(Packing packing) {
        int count = (int) Math.clamp(Math.round(samplesOfStep(packing) * STEPS), 1, Math.max(1, samples));
        Batches batches = packed(count, packing);
        Sum sum = new Sum();
        for (int step = 0; step < batches.count(); step++) {
            sum.add(batches.get(batches.at(0, step)));
        }
        return sum.mean(batches.count(), (double) batches.overLong() / count);
    }

    private Batches packed(int count, Packing packing) {
        Packing.OverLong overLong =
                packing.overLong() == Packing.OverLong.RAISE ? Packing.OverLong.DROP : packing.overLong();
        return new Batches(standIns(count), new Packing(packing.rowTokens(), packing.rule(), overLong, packing.seed()));
    }

    /**
     * Steps of one pass over so many of the samples.
     *
     * @param training samples that are trained on
     */
    public int stepsOfAnEpoch(Packing packing, long training) {
        return switch (packing.rule()) {
            case Packing.Count rule -> Math.toIntExact(Math.ceilDiv(training, rule.samples()));
            case Packing.Tokens rule -> {
                long steps = Math.round(packedTokens(packing) * training / rule.tokens());
                yield Math.toIntExact(Math.clamp(steps, 1, Math.max(1, training)));
            }
        };
    }

    private double samplesOfStep(Packing packing) {
        return switch (packing.rule()) {
            case Packing.Count rule -> rule.samples();
            case Packing.Tokens rule -> Math.max(1, rule.tokens() / packedTokens(packing));
        };
    }

    /** Of a sample in the mean, what goes into rows: nothing where it is left out, and a piece's context besides where it is split. */
    private double packedTokens(Packing packing) {
        return (double) packed(lengths.size(), packing).tokens() / lengths.size();
    }

    private Samples standIns(int count) {
        return new Samples() {
            @Override
            public int size() {
                return count;
            }

            @Override
            public int length(int index) {
                return of(index).tokens;
            }

            @Override
            public Sample get(int index) {
                Length length = of(index);
                Sample.Span trained = new Sample.Span(length.tokens - length.trained, length.tokens);
                return new Sample("stand-in " + index, new int[length.tokens], List.of(trained));
            }

            /** Evenly from all of them, however many are wanted. */
            private Length of(int index) {
                return lengths.get((int) ((long) index * lengths.size() / count % lengths.size()));
            }
        };
    }

    /** Adds up the rows of steps. */
    private static final class Sum {
        private double tokens;
        private double targets;
        private double squares;
        private double rows;
        private double sequences;
        private int longestRow;

        void add(Batch batch) {
            for (Packed row : batch.rows()) {
                rows++;
                tokens += row.length();
                targets += row.trainedTokens();
                longestRow = Math.max(longestRow, row.length());
                int[] starts = row.starts();
                for (int i = 1; i < starts.length; i++) {
                    double length = starts[i] - starts[i - 1];
                    squares += length * length;
                    sequences++;
                }
            }
        }

        Load mean(int steps, double overLong) {
            return new Load(
                    tokens / steps,
                    targets / steps,
                    squares / steps,
                    rows / steps,
                    sequences / steps,
                    longestRow,
                    overLong);
        }
    }

    /**
     * One step, in the mean.
     *
     * @param tokens of all its rows
     * @param targets of them that are trained
     * @param squares sum of the squared lengths of its samples, to which attention's work is proportional
     * @param rows micro-batches
     * @param sequences samples
     * @param longestRow tokens of the longest row, which decides how much memory is taken
     * @param overLong share of the samples that are longer than a row
     */
    public record Load(
            double tokens,
            double targets,
            double squares,
            double rows,
            double sequences,
            int longestRow,
            double overLong) {
        /** Tokens of the longest row of a whole training: where a step fills several rows, some row is as good as full. @param row the most */
        public int fullest(int row) {
            return rows > 1.5 ? row : longestRow;
        }
    }
}
