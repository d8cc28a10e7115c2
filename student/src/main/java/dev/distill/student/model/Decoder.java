package dev.distill.student.model;

import dev.distill.student.layer.Block;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Pass;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.layer.RmsNorm;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The decoder: token ids in, loss and gradients out.
 *
 * <pre>
 * x_NC    = embedding[ids] (+ noise, where it is trained with some)
 * x_NC    = block(x_NC), L times
 * loss    = cross-entropy(norm(x_NC) headᵀ, targets)
 * </pre>
 *
 * <p>The same weights, memory and order of calls give the same bits. One thread at a time. The weights are not its own:
 * whoever made the {@link ModelWeights} closes them, after the decoder.
 */
public final class Decoder implements AutoCloseable {
    /** Rows of logits that {@link #forEachLogits} holds at a time. */
    private static final int LOGITS_ROWS = 64;

    private final ModelConfig config;
    private final Ops ops;
    private final Memory activations;
    private final Workspace memory = new Workspace();
    private final Workspace brief = new Workspace();
    private final Parameter embedding_VC;
    private final List<Block> blocks;
    private final RmsNorm norm;
    private final Parameter head_VC;
    private final WeightStream stream;
    private final int lowestTrained;

    /** What happens to a block's activations between forward and backward. */
    public enum Memory {
        /** They are kept: the fastest. */
        KEEP,
        /** Only each block's input is kept and the block is computed again: about a third more time, L times less. */
        RECOMPUTE
    }

    public Decoder(Ops ops, ModelWeights weights) {
        this(ops, weights, ProjectionWrapper.NONE, Memory.KEEP);
    }

    /** @param wrapper what stands in the place of each linear layer inside the blocks, for instance an adapter */
    public Decoder(Ops ops, ModelWeights weights, ProjectionWrapper wrapper, Memory activations) {
        this(ops, weights, wrapper, activations, Pages.SYSTEM);
    }

    Decoder(Ops ops, ModelWeights weights, ProjectionWrapper wrapper, Memory activations, Pages pages) {
        this.ops = ops;
        this.config = weights.config();
        this.activations = activations;
        weights.prepareFor(ops);
        this.embedding_VC = wrapper.replace(weights.parameter(ModelConfig.EMBEDDING));
        this.blocks = new BlockBuilder(weights, wrapper).build();
        this.norm = new RmsNorm(wrapper.replace(weights.parameter("model.norm.weight")), config.normEpsilon());
        this.head_VC = config.tiedEmbeddings() ? embedding_VC : wrapper.replace(weights.parameter(config.head()));
        this.stream = new WeightStream(embedding_VC, blocks, head_VC, pages);
        this.lowestTrained = lowestTrained();
    }

    /** The block that no gradient need pass: below it nothing is trained. */
    private int lowestTrained() {
        int lowest = 0;
        while (!embedding_VC.isTrained()
                && lowest < blocks.size()
                && blocks.get(lowest).parameters().stream().noneMatch(Parameter::isTrained)) {
            lowest++;
        }
        return lowest;
    }

    public ModelConfig config() {
        return config;
    }

    public Ops ops() {
        return ops;
    }

    /** All weights in the order of the forward pass, those of adapters included, a tied one once. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(embedding_VC);
        blocks.forEach(block -> all.addAll(block.parameters()));
        all.add(norm.weight());
        if (!config.tiedEmbeddings()) {
            all.add(head_VC);
        }
        return all;
    }

    /** Those that have a gradient. */
    public List<Parameter> trained() {
        return parameters().stream().filter(Parameter::isTrained).toList();
    }

    /**
     * Forward and backward of one micro-batch. Adds {@code dloss x} the gradient of the <b>sum</b> of its losses to the
     * gradients of the trained weights. Blocks below the lowest trained weight are gone through once, upwards, and nothing of them is kept.
     *
     * @param dloss 1 / (targets of the whole step, all micro-batches together), so that the step descends their mean
     */
    public LossSum forwardBackward(PackedRow row, float dloss) {
        return forwardBackward(row, dloss, EmbeddingNoise.NONE);
    }

    /** The same with noise on the embeddings. */
    public LossSum forwardBackward(PackedRow row, float dloss, EmbeddingNoise noise) {
        try (Workspace.Scope step = memory.open()) {
            Pass pass = new Pass(ops, memory, brief, row.sequences().positions(), null);
            Tensor x_NC = embed(pass, row.ids_N());
            noise.addTo(x_NC, row.sequences());
            List<BlockPass> done = new ArrayList<>();
            for (Block block : stream.upwards(blocks)) {
                done.add(
                        done.size() < lowestTrained
                                ? BlockPass.through(pass, block, x_NC, row.sequences())
                                : BlockPass.forward(pass, block, x_NC, row.sequences(), activations));
                x_NC = done.getLast().y_NC();
            }
            RmsNorm.Saved last = norm.forward(pass, x_NC);

            Tensor dlast_NC = pass.floats(x_NC.shape());
            CrossEntropy loss = crossEntropy(last.y_NC(), row);
            // loss = cross-entropy(norm(x) headᵀ, targets)
            LossSum sum = ops.linearCrossEntropyBackward(dlast_NC, head_VC.gradient(), loss, dloss);
            Tensor d_NC = norm.backward(pass, last, dlast_NC);
            // x = block(x)
            Iterator<BlockPass> down = stream.downwards(done).iterator();
            for (int block = blocks.size(); block > lowestTrained; block--) {
                down.next().backward(pass, d_NC);
            }
            // x = embedding[ids] + noise
            if (embedding_VC.gradient() != null) {
                ops.embedBackward(embedding_VC.gradient(), d_NC, row.ids_N());
            }
            return sum;
        }
    }

    /** The loss of one row, without gradients. */
    public LossSum loss(PackedRow row) {
        try (Workspace.Scope step = memory.open()) {
            return ops.linearCrossEntropy(crossEntropy(hidden(row), row));
        }
    }

    /** The natural log-probability that the model gives each position's target; 0 where there is none. */
    public float[] logProbabilities(PackedRow row) {
        try (Workspace.Scope step = memory.open()) {
            CrossEntropy call = crossEntropy(hidden(row), row.targetsAlone());
            ops.linearCrossEntropy(call);
            float[] values = call.loss_N().toArray();
            for (int n = 0; n < values.length; n++) {
                values[n] = 0 - values[n];
            }
            return values;
        }
    }

    /** What {@link #forEachLogits} calls. */
    @FunctionalInterface
    public interface LogitsReader {
        /** @param logits_V of position n; valid during the call only */
        void read(int n, Tensor logits_V);
    }

    /** The logits of every position of a row, in order, a few positions in memory at a time; targets do not matter. */
    public void forEachLogits(PackedRow row, LogitsReader reader) {
        try (Workspace.Scope step = memory.open()) {
            Tensor last_NC = hidden(row);
            for (int from = 0; from < last_NC.rows(); from += LOGITS_ROWS) {
                int to = Math.min(from + LOGITS_ROWS, last_NC.rows());
                try (Workspace.Scope chunk = memory.open()) {
                    Tensor logits_NV = head(memory, last_NC.slice(from, to));
                    for (int n = from; n < to; n++) {
                        reader.read(n, logits_NV.slice(n - from, n - from + 1).reshape(config.vocabulary()));
                    }
                }
            }
        }
    }

    /**
     * What this model expects after each position that has a target: as a teacher's word to a student of the same vocabulary.
     *
     * @param k tokens of a position, at least 1
     * @param temperature above 0, divides the logits; the temperature at which the student will be compared with it
     */
    public TeacherRows likeliest(PackedRow row, int k, double temperature) {
        LikeliestTokens likeliest = new LikeliestTokens(row.ids_N().length, Math.min(k, config.vocabulary()));
        forEachLogits(row, (n, logits_V) -> {
            if (LikeliestTokens.wanted(row, n)) {
                Tensor logits_1V = logits_V.reshape(1, config.vocabulary());
                ops.logSoftmax(logits_1V, logits_1V, (float) (1 / temperature));
                likeliest.put(n, logits_V);
            }
        });
        return likeliest.rows();
    }

    /** What its activations hold from the system, in bytes. */
    public long reservedBytes() {
        return memory.reservedBytes() + brief.reservedBytes();
    }

    /** The most of it that was in use at one time, in bytes. */
    public long peakBytes() {
        return memory.peakBytes() + brief.peakBytes();
    }

    /** How many blocks the last pass streamed from mapped files that are larger than memory. */
    int streamedBlocks() {
        return stream.streamedBlocks();
    }

    @Override
    public void close() {
        stream.close();
        memory.close();
        brief.close();
    }

    // What decoding with a cache shares with the above.

    /** All blocks, for one pass through them. */
    Iterable<Block> upwards() {
        return stream.upwards(blocks);
    }

    Tensor embed(Pass pass, int[] ids_N) {
        for (int id : ids_N) {
            if (id < 0 || id >= config.vocabulary()) {
                throw new IllegalArgumentException("embedding: token ids must be from 0 to "
                        + (config.vocabulary() - 1) + ", the rows of " + ModelConfig.EMBEDDING + "; got " + id
                        + "; is the tokenizer another model's?");
            }
        }
        Tensor x_NC = pass.floats(ids_N.length, config.width());
        ops.embed(x_NC, embedding_VC.floating(), ids_N);
        return x_NC;
    }

    /** {@code x_NC -> logits_NV}, the last norm included. */
    Tensor logits(Pass pass, Tensor x_NC) {
        return head(pass.memory(), norm.forward(pass, x_NC).y_NC());
    }

    private Tensor head(Workspace into, Tensor last_NC) {
        Tensor logits_NV = into.floats(last_NC.rows(), config.vocabulary());
        ops.linear(logits_NV, last_NC, head_VC.factor(), 0);
        return logits_NV;
    }

    private CrossEntropy crossEntropy(Tensor last_NC, PackedRow row) {
        Tensor loss_N = memory.floats(last_NC.rows());
        return new CrossEntropy(last_NC, head_VC.floating(), head_VC.eightBits(), row.targets_N(), row.soft(), loss_N);
    }

    /** The last norm's output, without keeping anything for a backward: each block's activations go at once. */
    private Tensor hidden(PackedRow row) {
        Pass pass = new Pass(ops, memory, brief, row.sequences().positions(), null);
        Tensor x_NC = embed(pass, row.ids_N());
        for (Block block : stream.upwards(blocks)) {
            try (Workspace.Scope within = memory.open()) {
                ops.copy(x_NC, block.forward(pass, x_NC, row.sequences()).y_NC());
            }
        }
        return norm.forward(pass, x_NC).y_NC();
    }
}
