package dev.distill.student.model;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the activations of a training step take, in bytes, without running it: the same tensors that {@link Decoder#forwardBackward} cuts from its
 * workspaces, layer by layer. A test compares it with what they then hold.
 *
 * <p>Letters as in {@link ModelConfig}, and N the tokens of a row, R the rank of an adapter.
 *
 * @param config of the model
 * @param type in which activations between products are stored
 * @param rank of the adapter of the linear layer of this name ({@code model.layers.0.self_attn.q_proj}); 0 for none
 * @param below how many of the lowest blocks have nothing trained in them nor below: nothing is kept of these
 */
public record ActivationMemory(ModelConfig config, DType type, ToIntFunction<String> rank, int below) {
    private static final Pattern LAYER = Pattern.compile(".*\\blayers\\.(\\d+)\\..*");

    /** As it is where these weights are trained. @param trained their names, with whatever stands before {@code model.} */
    public static int below(ModelConfig config, Stream<String> trained) {
        return trained.mapToInt(name -> block(config, name)).min().orElse(config.layers());
    }

    /** The block of a weight; the first for the embedding, and one beyond the last for the head and the norm before it. */
    private static int block(ModelConfig config, String name) {
        Matcher matcher = LAYER.matcher(name);
        if (matcher.matches()) {
            return Integer.parseInt(matcher.group(1));
        }
        return name.endsWith(ModelConfig.EMBEDDING) ? 0 : config.layers();
    }

    /** The most that is in use at one time for a row of this many tokens. */
    public long bytes(int tokens, Decoder.Memory way) {
        return new OfRow(tokens).peak(way);
    }

    /** For a row of N tokens. */
    private final class OfRow {
        private final long tokens;
        private final long width;
        private final long queries;
        private final long keys;
        private final long inner;

        OfRow(int tokens) {
            this.tokens = tokens;
            this.width = config.width();
            this.queries = config.attention().queryWidth();
            this.keys = config.attention().kvWidth();
            this.inner = config.mlpWidth();
        }

        long peak(Decoder.Memory way) {
            long kept = floats(width); // the embedding
            long mostBelow = 0;
            long mostForward = 0;
            long mostBackward = 0;
            for (int layer = 0; layer < config.layers(); layer++) {
                String name = "model.layers." + layer;
                long forward = forward(name);
                if (layer < below) {
                    mostBelow = Math.max(mostBelow, kept + forward);
                    continue;
                }
                mostForward = Math.max(mostForward, forward);
                switch (way) {
                    case KEEP -> {
                        kept += forward;
                        mostBackward = Math.max(mostBackward, backward(name));
                    }
                    case RECOMPUTE -> {
                        kept += floats(width); // y
                        mostBackward = Math.max(mostBackward, forward + backward(name));
                    }
                }
            }
            long passing = Math.max(way == Decoder.Memory.RECOMPUTE ? mostForward : 0, head() + mostBackward);
            return Math.max(mostBelow, kept + passing) + brief();
        }

        /** {@code Block.forward}: two norms, queries, keys, values, attention, the MLP, and two sums in FLOAT. */
        private long forward(String layer) {
            long attention = activation(queries) + 2 * activation(keys) + activation(queries);
            if (config.attention().qkNorm()) {
                attention += activation(queries) + floats(config.attention().heads());
                attention += activation(keys) + floats(config.attention().kvHeads());
            }
            long scales = 2 * floats(1) + floats(config.attention().heads()); // of the norms, and of softmax
            return 2 * floats(width) + attention + scales + 2 * activation(inner) + adapters(layer);
        }

        /** {@code Block.backward}: the norms again, and the gradient of every activation of the block. */
        private long backward(String layer) {
            long norms = 2 * (activation(width) + floats(1));
            long attention = 2 * activation(queries) + 2 * activation(keys);
            if (config.attention().qkNorm()) {
                attention += activation(queries) + activation(keys);
            }
            return norms + attention + activation(inner) + 4 * floats(width) + adapters(layer);
        }

        /** The last norm, its gradient, the losses, and the gradient that goes down through the blocks. */
        private long head() {
            return activation(width) + floats(1) + floats(width) + floats(1) + floats(width);
        }

        /** What dies within the method that makes it: the norms' outputs and the gated activation. */
        private long brief() {
            return 2 * activation(width) + activation(inner);
        }

        /** The inner products of a layer's adapters. */
        private long adapters(String layer) {
            long sum = 0;
            for (String projection : ModelConfig.PROJECTIONS) {
                sum += floats(rank.applyAsInt(layer + "." + projection));
            }
            return sum;
        }

        private long floats(long columns) {
            return rounded(tokens * columns * DType.FLOAT.bytes());
        }

        private long activation(long columns) {
            return rounded(tokens * columns * type.bytes());
        }

        private static long rounded(long bytes) {
            return Math.ceilDiv(bytes, Tensor.ALIGNMENT) * Tensor.ALIGNMENT;
        }
    }
}
