package dev.distill.data.pack;

/**
 * How an epoch is divided: its order of samples into windows, each of which is packed by itself, and the rows of a window into batches. All of it
 * follows from counts alone, so that the number of a batch says where it is.
 *
 * @param samples in all
 * @param batches of an epoch, at least 1
 * @param batchesOfWindow of each window; the last one has what is left
 * @param samplesOfBatch where each batch has so many, and the last one what is left; 0 where all have as many as any other
 */
record Windows(int samples, int batches, int batchesOfWindow, int samplesOfBatch) {
    /** A batch is so many samples, and a window of its own. */
    static Windows of(Packing.Count rule, int samples) {
        return new Windows(samples, Math.max(1, Math.ceilDiv(samples, rule.samples())), 1, rule.samples());
    }

    /** @param tokens of all pieces that go into rows */
    static Windows of(Packing.Tokens rule, int samples, long tokens) {
        int batches = Math.toIntExact(Math.max(1, Math.min(samples, Math.round((double) tokens / rule.tokens()))));
        double samplesOfBatch = (double) samples / batches;
        return new Windows(
                samples, batches, (int) Math.clamp(Math.round(rule.window() / samplesOfBatch), 1, batches), 0);
    }

    int count() {
        return Math.ceilDiv(batches, batchesOfWindow);
    }

    /** Where in the epoch's order a window begins: the samples are divided as the batches are. */
    int begin(int window) {
        long before = Math.min((long) window * batchesOfWindow, batches);
        return (int) Math.min(samplesOfBatch == 0 ? samples * before / batches : before * samplesOfBatch, samples);
    }

    /** How many batches a window has. */
    int batchesOf(int window) {
        return Math.min(batchesOfWindow, batches - window * batchesOfWindow);
    }
}
