package dev.distill.data.pack;

import java.util.Arrays;
import java.util.List;

/**
 * One row of a batch: samples one behind the other, without padding. T tokens, S samples.
 *
 * <pre>
 * ids       [T]    token ids
 * positions [T]    0, 1, 2 ... from the start of each sample
 * targets   [T]    what position i is to predict: ids[i + 1] of the same sample, or -1 where nothing is trained
 * starts    [S+1]  where each sample starts, and T at the end: attention does not cross these (cumulative lengths)
 * places    [S]    of each that is a piece of a longer sample, how many trained tokens of its trace come before it; else 0
 * </pre>
 *
 * The arrays are not to be changed.
 */
public final class Packed {
    /** The target of a position that is not trained. */
    public static final int NOT_TRAINED = -1;

    private final int[] ids;
    private final int[] positions;
    private final int[] targets;
    private final int[] starts;
    private final List<String> traceIds;
    private final int[] places;
    private final int trainedTokens;

    private Packed(int[] ids, int[] positions, int[] targets, int[] starts, List<Sample> samples) {
        this.ids = ids;
        this.positions = positions;
        this.targets = targets;
        this.starts = starts;
        this.traceIds = samples.stream().map(Sample::traceId).toList();
        this.places = samples.stream().mapToInt(Sample::place).toArray();
        this.trainedTokens =
                (int) Arrays.stream(targets).filter(t -> t != NOT_TRAINED).count();
    }

    /** These samples in one row. */
    public static Packed of(List<Sample> samples) {
        int length = samples.stream().mapToInt(Sample::length).sum();
        int[] ids = new int[length];
        int[] positions = new int[length];
        int[] targets = new int[length];
        int[] starts = new int[samples.size() + 1];
        Arrays.fill(targets, NOT_TRAINED);
        int start = 0;
        for (int s = 0; s < samples.size(); s++) {
            Sample sample = samples.get(s);
            System.arraycopy(sample.ids(), 0, ids, start, sample.length());
            for (int i = 0; i < sample.length(); i++) {
                positions[start + i] = i;
            }
            for (Sample.Span span : sample.trained()) {
                // Token j is predicted at position j - 1.
                System.arraycopy(sample.ids(), span.from(), targets, start + span.from() - 1, span.to() - span.from());
            }
            start += sample.length();
            starts[s + 1] = start;
        }
        return new Packed(ids, positions, targets, starts, samples);
    }

    public int[] ids() {
        return ids;
    }

    public int[] positions() {
        return positions;
    }

    public int[] targets() {
        return targets;
    }

    public int[] starts() {
        return starts;
    }

    /** The traces of the samples, [S]. */
    public List<String> traceIds() {
        return traceIds;
    }

    /** [S]. */
    public int[] places() {
        return places;
    }

    /** T. */
    public int length() {
        return ids.length;
    }

    /** Positions that have a target. */
    public int trainedTokens() {
        return trainedTokens;
    }
}
