package dev.distill.plan;

import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.ModelConfig;
import java.util.List;

/**
 * As much of a model as a pass of a second or two takes: all blocks of a small one, a few of a large one, for huge ones at a half or a quarter of their width.
 *
 * @param model the few blocks, with a small vocabulary: the head is measured by itself
 * @param shrink by how much it is narrower
 * @param tokens of the row that is measured
 * @param sample tokens of each sequence in the row
 */
record Excerpt(ModelConfig model, int shrink, int tokens, int sample) {
    /** Of the head, which is measured by itself. */
    private static final int VOCABULARY = 256;

    /** A block's weights and gradients may take so much of memory. */
    private static final long MOST_BYTES = 2L << 30;

    /** Of all blocks together, however long they take: fewer would stay in the processor's caches from one pass to the next (of hundreds of megabytes on servers). */
    private static final long LEAST_BYTES = 1L << 30;

    /** Seconds that a pass may take. */
    private static final double MOST_SECONDS = 2;

    private static final int LEAST_TOKENS = 128;
    private static final int MOST_TOKENS = 2048;

    /** Of the rate that products alone reach, what a whole step comes to at least. */
    private static final double SHARE = 0.4;

    /**
     * Chooses.
     *
     * @param gflops rate of products, for how much can be done in a moment
     */
    static Excerpt of(TrainingJob job, Workload.Load load, double gflops) {
        int shrink = 1;
        while (bytes(job, shrink) > MOST_BYTES && divides(job.model(), 2 * shrink)) {
            shrink *= 2;
        }
        double rate = SHARE * gflops * 1e9;
        double perToken = (job.isFull() ? 6 : 4) * blockWeights(job.model(), shrink) / rate; // of one block
        int row = (int) Math.max(2, Math.round(load.tokens() / load.rows()));
        int affordable = (int) (MOST_SECONDS / (2 * perToken));
        int tokens = Math.min(row, Math.clamp(affordable, LEAST_TOKENS, MOST_TOKENS));
        double affordableLayers =
                Math.max(MOST_SECONDS / (perToken * tokens), (double) LEAST_BYTES / bytes(job, shrink));
        int layers = (int) Math.clamp(
                Math.min(affordableLayers, (double) MOST_BYTES / bytes(job, shrink)),
                1,
                job.model().layers());
        int sample = (int) Math.clamp(Math.round(load.tokens() / load.sequences()), 2, tokens);
        return new Excerpt(shape(job.model(), shrink, layers), shrink, tokens, sample);
    }

    /** Blocks of the whole model to one that is measured, in time: products shrink by both of their sides. */
    double factor(ModelConfig whole) {
        return (double) whole.layers() / model.layers() * shrink * shrink;
    }

    private static boolean divides(ModelConfig model, int by) {
        AttentionShape attention = model.attention();
        return List.of(model.width(), model.mlpWidth(), attention.heads(), attention.kvHeads()).stream()
                .allMatch(size -> size % by == 0);
    }

    /** Of a block's linear layers. */
    private static double blockWeights(ModelConfig model, int shrink) {
        AttentionShape attention = model.attention();
        double columns = 2.0 * attention.queryWidth() + 2.0 * attention.kvWidth() + 3.0 * model.mlpWidth();
        return columns * model.width() / shrink / shrink;
    }

    private static long bytes(TrainingJob job, int shrink) {
        long each = job.isFull()
                ? 8 + job.stored().bytes()
                : 2L * job.computing().floating().bytes();
        return (long) (each * blockWeights(job.model(), shrink));
    }

    private static ModelConfig shape(ModelConfig whole, int shrink, int layers) {
        AttentionShape a = whole.attention();
        return new ModelConfig(
                whole.family(),
                Math.min(VOCABULARY, whole.vocabulary()),
                whole.width() / shrink,
                layers,
                new AttentionShape(
                        a.heads() / shrink,
                        a.kvHeads() / shrink,
                        a.headWidth(),
                        a.qkvBias(),
                        a.outputBias(),
                        a.qkNorm()),
                whole.mlpWidth() / shrink,
                whole.rope(),
                whole.normEpsilon(),
                true,
                whole.maxPositions(),
                List.of());
    }
}
