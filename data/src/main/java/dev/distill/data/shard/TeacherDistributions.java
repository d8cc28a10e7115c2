package dev.distill.data.shard;

import dev.distill.data.pack.Sample;
import dev.distill.data.trace.Hash;
import java.util.Arrays;
import java.util.List;

/**
 * What a teacher expects at the trained tokens of one sample, in their order.
 *
 * @param traceId of the sample
 * @param sampleHash of its ids and its loss mask, see {@link #hashOf}: distributions of other tokens are of no use to it
 * @param places trained tokens
 * @param k tokens that a place names, at most
 * @param code as {@link SparseDistributions#encode} makes it; the array is kept, not copied
 */
public record TeacherDistributions(String traceId, String sampleHash, int places, int k, byte[] code) {
    /** Of a sample, a place for each of its trained tokens. */
    public static TeacherDistributions of(Sample sample, SparseDistributions distributions) {
        if (distributions.places() != sample.trainedTokens()) {
            throw new IllegalArgumentException("teacher's distributions of sample " + sample.traceId() + ": need "
                    + sample.trainedTokens() + " places, one for each trained token; got " + distributions.places());
        }
        return new TeacherDistributions(
                sample.traceId(), hashOf(sample), distributions.places(), distributions.k(), distributions.encode());
    }

    /** Names the ids and the trained spans of a sample by their content. */
    public static String hashOf(Sample sample) {
        return Hash.of(List.of(Arrays.toString(sample.ids()), sample.trained().toString()));
    }

    /** Whether no place names a token; each is one byte then. */
    public boolean isSilent() {
        return code.length == places;
    }

    /** @throws IllegalArgumentException if the bytes are damaged */
    public SparseDistributions distributions() {
        return SparseDistributions.decode(code, places, k);
    }
}
