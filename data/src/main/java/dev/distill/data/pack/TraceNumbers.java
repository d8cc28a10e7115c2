package dev.distill.data.pack;

import java.util.Arrays;

/** Finds a sample by its trace, with 8 bytes a sample: half a hash of the trace's id beside the number, in the order of the hashes. */
public final class TraceNumbers {
    /** In the place of a number where there is no such sample. */
    public static final int NONE = -1;

    private static final long LOW = 0xFFFF_FFFFL;

    private final Samples samples;
    private final long[] sorted;

    public TraceNumbers(Samples samples) {
        this.samples = samples;
        this.sorted = new long[samples.size()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = hash(samples.traceId(i)) | i;
        }
        Arrays.sort(sorted);
    }

    /** The number of the sample of this trace, the last one where there are several; {@link #NONE} where there is none. */
    public int of(String traceId) {
        long hash = hash(traceId);
        int after = Arrays.binarySearch(sorted, hash | LOW); // no sample has the highest number
        for (int at = -after - 2; at >= 0 && (sorted[at] & ~LOW) == hash; at--) {
            int number = (int) (sorted[at] & LOW);
            if (samples.traceId(number).equals(traceId)) {
                return number;
            }
        }
        return NONE;
    }

    /** In the upper half. */
    private static long hash(String traceId) {
        return Shuffle.mix(traceId.length(), traceId.hashCode()) & ~LOW;
    }
}
