package dev.distill.student.model;

import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Noise on the embeddings of what is trained on (NEFTune, Jain et al. 2023, arXiv:2310.05914, algorithm 1): to each of the {@code [L, C]} numbers of a
 * sequence {@code alpha / sqrt(L C)} times a number of its own from [-1, 1) is added. The gradient passes it unchanged.
 *
 * <p>The numbers come from no generator that goes on: each is a hash of the seed and of its place, so that a step that is done again has the same.
 *
 * @param alpha 0 for none; the paper takes 5 to 15
 * @param key of the numbers
 */
public record EmbeddingNoise(double alpha, long key) {
    /** No noise. */
    public static final EmbeddingNoise NONE = new EmbeddingNoise(0, 0);

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Random bits of a number: as many as a float holds exactly. */
    private static final int BITS = 24;

    public EmbeddingNoise {
        if (!(alpha >= 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("embedding noise: alpha must be a finite number from 0; got " + alpha);
        }
    }

    /** Other numbers, decided by this one's and {@code part}: of a step, of a row of it. */
    public EmbeddingNoise of(long part) {
        return alpha == 0 ? this : new EmbeddingNoise(alpha, mix(key, part));
    }

    /** {@code x_NC += noise}, the sequences by themselves. */
    void addTo(Tensor x_NC, Sequences sequences) {
        if (alpha == 0) {
            return;
        }
        int width = x_NC.cols();
        MemorySegment x = x_NC.segment();
        for (int s = 0; s < sequences.count(); s++) {
            float scale = (float) (alpha / Math.sqrt((double) sequences.length(s) * width));
            long end = (long) sequences.end(s) * width;
            for (long i = (long) sequences.start(s) * width; i < end; i++) {
                long at = i * Float.BYTES;
                x.set(FLOAT, at, x.get(FLOAT, at) + scale * number(i));
            }
        }
    }

    /** From [-1, 1), evenly. */
    private float number(long place) {
        return (mix(key, place) >>> Long.SIZE - BITS) * 0x1p-23f - 1;
    }

    /** Two numbers to one: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long key, long value) {
        long z = key + 0x9e3779b97f4a7c15L * (value + 1);
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
