package dev.distill.data.pack;

import dev.distill.data.pack.Sample.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What of each sample goes into rows: the sample; nothing, where it is longer than a row and dropped; or several pieces of it,
 * where it is split. Numbered in the order of the samples.
 */
final class Pieces {
    private final Samples samples;
    private final int rowTokens;
    private final int[] firstOf; // the first piece of each sample, and the count of all at the end
    private final int[] sampleOf;
    private final int[] lengths;
    private final int overLong;
    private final long tokens;

    Pieces(Samples samples, int rowTokens, Packing.OverLong overLong) {
        this.samples = samples;
        this.rowTokens = rowTokens;
        this.firstOf = new int[samples.size() + 1];
        IntStream.Builder lengthOf = IntStream.builder();
        int longer = 0;
        for (int i = 0; i < samples.size(); i++) {
            int count = 1;
            if (samples.length(i) <= rowTokens) {
                lengthOf.add(samples.length(i));
            } else {
                longer++;
                List<Cut> cuts = overLong == Packing.OverLong.SPLIT ? cuts(samples.get(i), rowTokens) : List.<Cut>of();
                cuts.forEach(cut -> lengthOf.add(cut.length()));
                count = cuts.size();
            }
            firstOf[i + 1] = Math.addExact(firstOf[i], count);
        }
        this.overLong = longer;
        this.lengths = lengthOf.build().toArray();
        this.tokens = Arrays.stream(lengths).asLongStream().sum();
        this.sampleOf = new int[lengths.length];
        for (int i = 0; i < samples.size(); i++) {
            Arrays.fill(sampleOf, firstOf[i], firstOf[i + 1], i);
        }
    }

    /** Samples that are longer than a row. */
    int overLong() {
        return overLong;
    }

    /** Pieces of all samples. */
    int count() {
        return lengths.length;
    }

    /** Of all pieces. */
    long tokens() {
        return tokens;
    }

    /** The number of a sample's first piece; its last one is before the first of the next sample. */
    int first(int sample) {
        return firstOf[sample];
    }

    int length(int piece) {
        return lengths[piece];
    }

    /** Cuts the piece again where its sample is split: pieces of long samples together may be larger than memory. */
    Sample get(int piece) {
        int number = sampleOf[piece];
        Sample sample = samples.get(number);
        return sample.length() <= rowTokens
                ? sample
                : cuts(sample, rowTokens).get(piece - firstOf[number]).of(sample);
    }

    /**
     * A window of a sample.
     *
     * @param begin its first token
     * @param end one past its last token
     * @param next its first token that is trained; those before it are context
     */
    private record Cut(int begin, int end, int next) {
        int length() {
            return end - begin;
        }

        Sample of(Sample sample) {
            return window(sample, begin, end, next);
        }
    }

    /**
     * A sample as pieces of at most so many tokens, in which each trained token is trained exactly once. A piece is a window of
     * the sample. The first begins where the sample does if a trained token lies that near; each other one has half a row before its first
     * trained token, and the last one more, as it reaches back until it is full.
     */
    static List<Sample> split(Sample sample, int rowTokens) {
        return cuts(sample, rowTokens).stream().map(cut -> cut.of(sample)).toList();
    }

    private static List<Cut> cuts(Sample sample, int rowTokens) {
        List<Cut> pieces = new ArrayList<>();
        int length = sample.length();
        int next = sample.trained().getFirst().from();
        while (next < length) {
            boolean fromTheStart = pieces.isEmpty() && next < rowTokens;
            int begin = fromTheStart ? 0 : Math.min(next - rowTokens / 2, Math.max(0, length - rowTokens));
            int end = Math.min(length, begin + rowTokens);
            pieces.add(new Cut(begin, end, next));
            next = firstTrained(sample, end);
        }
        return pieces;
    }

    /** The tokens from {@code begin} to {@code end}, of which those from {@code next} on are trained as in the sample. */
    private static Sample window(Sample sample, int begin, int end, int next) {
        List<Span> spans = new ArrayList<>();
        int before = 0;
        for (Span span : sample.trained()) {
            before += Math.max(0, Math.min(span.to(), next) - span.from());
            int from = Math.max(span.from(), next);
            int to = Math.min(span.to(), end);
            if (from < to) {
                spans.add(new Span(from - begin, to - begin));
            }
        }
        return new Sample(sample.traceId(), Arrays.copyOfRange(sample.ids(), begin, end), spans, before);
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
