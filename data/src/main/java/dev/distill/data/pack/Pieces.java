package dev.distill.data.pack;

import dev.distill.data.pack.Sample.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of each sample goes into rows: the sample; nothing, where it is longer than a row and dropped; or several pieces of it,
 * where it is split. Numbered in the order of the samples.
 */
final class Pieces {
    private final Samples samples;
    private final int[] firstOf; // the first piece of each sample, and the count of all at the end
    private final Map<Integer, List<Sample>> split = new HashMap<>(); // by sample, those that are longer than a row
    private final int[] sampleOf;

    Pieces(Samples samples, int rowTokens, Packing.OverLong overLong) {
        this.samples = samples;
        this.firstOf = new int[samples.size() + 1];
        for (int i = 0; i < samples.size(); i++) {
            int count = 1;
            if (samples.length(i) > rowTokens) {
                List<Sample> parts =
                        overLong == Packing.OverLong.SPLIT ? split(samples.get(i), rowTokens) : List.<Sample>of();
                split.put(i, parts);
                count = parts.size();
            }
            firstOf[i + 1] = Math.addExact(firstOf[i], count);
        }
        this.sampleOf = new int[firstOf[samples.size()]];
        for (int i = 0; i < samples.size(); i++) {
            for (int piece = firstOf[i]; piece < firstOf[i + 1]; piece++) {
                sampleOf[piece] = i;
            }
        }
    }

    /** Samples that are longer than a row. */
    int overLong() {
        return split.size();
    }

    /** Pieces of all samples. */
    int count() {
        return sampleOf.length;
    }

    /** The number of a sample's first piece; its last one is before the first of the next sample. */
    int first(int sample) {
        return firstOf[sample];
    }

    int length(int piece) {
        List<Sample> parts = split.get(sampleOf[piece]);
        return parts == null
                ? samples.length(sampleOf[piece])
                : parts.get(piece - firstOf[sampleOf[piece]]).length();
    }

    Sample get(int piece) {
        List<Sample> parts = split.get(sampleOf[piece]);
        return parts == null ? samples.get(sampleOf[piece]) : parts.get(piece - firstOf[sampleOf[piece]]);
    }

    /**
     * A sample as pieces of at most so many tokens, in which each trained token is trained exactly once. A piece is a window of
     * the sample. The first begins where the sample does if a trained token lies that near; each other one has half a row before its first
     * trained token, and the last one more, as it reaches back until it is full.
     */
    static List<Sample> split(Sample sample, int rowTokens) {
        List<Sample> pieces = new ArrayList<>();
        int length = sample.length();
        int next = sample.trained().getFirst().from();
        while (next < length) {
            boolean fromTheStart = pieces.isEmpty() && next < rowTokens;
            int begin = fromTheStart ? 0 : Math.min(next - rowTokens / 2, Math.max(0, length - rowTokens));
            int end = Math.min(length, begin + rowTokens);
            pieces.add(window(sample, begin, end, next));
            next = firstTrained(sample, end);
        }
        return pieces;
    }

    /** The tokens from {@code begin} to {@code end}, of which those from {@code next} on are trained as in the sample. */
    private static Sample window(Sample sample, int begin, int end, int next) {
        List<Span> spans = new ArrayList<>();
        for (Span span : sample.trained()) {
            int from = Math.max(span.from(), next);
            int to = Math.min(span.to(), end);
            if (from < to) {
                spans.add(new Span(from - begin, to - begin));
            }
        }
        return new Sample(sample.traceId(), Arrays.copyOfRange(sample.ids(), begin, end), spans);
    }

    /** The first trained token from {@code at} on; the sample's length where there is none. */
    private static int firstTrained(Sample sample, int at) {
        for (Span span : sample.trained()) {
            if (span.to() > at) {
                return Math.max(span.from(), at);
            }
        }
        return sample.length();
    }
}
