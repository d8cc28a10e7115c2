package dev.distill.plan;

import dev.distill.plan.Workload.Load;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.cpu.MatmulProbe;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast this machine trains a model that need not be there: a few of its blocks, of random weights, are trained for a second or two
 * by the very code that trains, then its head, attention, the widening of four bits and the optimizer by themselves, each as large as it will be or scaled by its work. The
 * rate of matrix products alone does not tell: on a processor with fast ones they are half of a step.
 */
public final class Calibration implements AutoCloseable {
    /** Seconds of each measurement. */
    private static final double OF_BLOCKS = 3;

    private static final double OF_FORWARD = 0.5;
    private static final double OF_HEAD = 1;
    private static final double OF_ATTENTION = 0.7;
    private static final double OF_WIDENING = 0.5;

    /** Numbers of a head that is measured whole. */
    private static final long MOST_OF_HEAD = 1L << 28;

    /** Rows of the head that are measured: as it does them at a time. */
    private static final int HEAD_ROWS = 256;

    /** Numbers of a matrix whose widening is measured. */
    private static final int MOST_WIDENED = 1 << 24;

    private final TrainingJob job;
    private final Load load;
    private final Ops ops;
    private final Arena arena = Arena.ofShared();

    private Calibration(TrainingJob job, Load load) {
        this.job = job;
        this.load = load;
        this.ops = job.computing().ops();
    }

    /** Measures, in five to fifteen seconds. */
    public static Speed measure(TrainingJob job, Load load) throws IOException {
        try (Calibration calibration = new Calibration(job, load)) {
            return calibration.measure();
        }
    }

    private Speed measure() throws IOException {
        double gflops = new MatmulProbe(job.computing().threads())
                .rates()
                .of(job.computing().type())
                .orElseThrow();
        Excerpt excerpt = Excerpt.of(job, load, gflops);
        Blocks blocks = blocks(excerpt);
        int sequences = Math.max(1, excerpt.tokens() / excerpt.sample());
        double attention = attention(excerpt) * job.model().layers(); // of a squared token
        double squares = (double) sequences * excerpt.sample() * excerpt.sample();
        double widening = job.isFourBits() ? widening() * job.products() : 0; // of a number
        double both = Math.max(0.2 * blocks.both, blocks.both - widening * linear(excerpt.model()));
        double forward = Math.clamp(blocks.forward / blocks.both, 0, 1);
        double through = (double) job.below() / job.model().layers(); // of blocks that no gradient goes through
        double all = both * (1 - through + through * forward) * excerpt.factor(job.model()) / excerpt.tokens();
        double token = Math.max(0.2 * all, all - attention * squares / excerpt.tokens());
        return new Speed(
                token,
                attention,
                head(),
                widening * linear(job.model()),
                new UpdateTime(job, ops).seconds(),
                forward,
                "measured here in %s: %d of %d blocks%s at %d tokens, the head, attention and the optimizer"
                        .formatted(
                                job.computing().type().name().toLowerCase(Locale.ROOT),
                                excerpt.model().layers(),
                                job.model().layers(),
                                excerpt.shrink() == 1 ? "" : " (at 1/%d of their width)".formatted(excerpt.shrink()),
                                excerpt.tokens()));
    }

    /** @param both forward and backward, in seconds; @param forward alone */
    private record Blocks(double both, double forward) {}

    private Blocks blocks(Excerpt excerpt) throws IOException {
        ModelConfig model = excerpt.model();
        try (Noise noise = new Noise(model, job.stored());
                ModelWeights weights = ModelWeights.load(model, noise, ops, use())) {
            return switch (job.trained()) {
                case Trained.Weights _ -> time(weights, ProjectionWrapper.NONE, excerpt);
                case Trained.Adapter(LoraConfig lora, boolean _) -> {
                    try (Lora adapter = Lora.create(lora.withSaved(LoraConfig.Saved.NONE), weights, ops)) {
                        yield time(weights, adapter, excerpt);
                    }
                }
            };
        }
    }

    private ModelWeights.Use use() {
        if (job.isFourBits()) {
            return ModelWeights.Use.FOUR_BITS;
        }
        return job.isFull() ? ModelWeights.Use.TRAINED : ModelWeights.Use.FROZEN;
    }

    private Blocks time(ModelWeights weights, ProjectionWrapper wrapper, Excerpt excerpt) {
        try (Decoder decoder = new Decoder(ops, weights, wrapper, job.activations())) {
            PackedRow row = row(excerpt);
            double both = Stopwatch.seconds(OF_BLOCKS, () -> decoder.forwardBackward(row, 1e-3f));
            return new Blocks(both, Stopwatch.seconds(OF_FORWARD, () -> decoder.loss(row)));
        }
    }

    /** Numbers of the linear layers of all blocks. */
    private static long linear(ModelConfig model) {
        return model.parameters().stream()
                .filter(ParameterSpec::isLinear)
                .mapToLong(ParameterSpec::size)
                .sum();
    }

    /** Seconds of a number in NF4 that is brought into the type that products multiply. */
    private double widening() {
        int width = job.model().width();
        int rows = Math.min(job.model().mlpWidth(), MOST_WIDENED / width);
        try (Noise noise = new Noise(job.model(), job.computing().floating())) {
            Tensor numbers = noise.matrix(rows, width);
            Tensor codes = Tensor.allocateNormalFloats(arena, rows, width);
            ops.copy(codes, numbers);
            return Stopwatch.seconds(OF_WIDENING, () -> ops.copy(numbers, codes)) / numbers.size();
        }
    }

    /** Random tokens, of which only the last has a target: the head is measured by itself. */
    private static PackedRow row(Excerpt excerpt) {
        int[] ids = new SplittableRandom(1)
                .ints(excerpt.tokens(), 0, excerpt.model().vocabulary())
                .toArray();
        int[] targets = new int[excerpt.tokens()];
        Arrays.fill(targets, CrossEntropy.NO_TARGET);
        targets[targets.length - 1] = 0;
        return new PackedRow(ids, targets, Sequences.ofLengths(lengths(excerpt)));
    }

    private static int[] lengths(Excerpt excerpt) {
        int whole = Math.max(1, excerpt.tokens() / excerpt.sample());
        int[] lengths = new int[whole];
        Arrays.fill(lengths, excerpt.sample());
        lengths[whole - 1] += excerpt.tokens() - whole * excerpt.sample();
        return lengths;
    }

    /** Seconds of a squared token in one block, forward and backward. */
    private double attention(Excerpt excerpt) {
        int tokens = Math.min(excerpt.tokens(), excerpt.sample());
        int heads = job.model().attention().heads();
        int kvHeads = job.model().attention().kvHeads();
        int width = job.model().attention().headWidth();
        Attention call = new Attention(
                random(tokens, heads, width),
                random(tokens, kvHeads, width),
                random(tokens, kvHeads, width),
                random(tokens, heads, width),
                Tensor.allocate(arena, DType.FLOAT, tokens, heads),
                Sequences.ofLengths(tokens),
                (float) (1 / Math.sqrt(width)));
        Tensor dq = random(tokens, heads, width);
        Tensor dk = random(tokens, kvHeads, width);
        Tensor dv = random(tokens, kvHeads, width);
        Tensor dout = random(tokens, heads, width);
        int forwards = job.activations() == Decoder.Memory.RECOMPUTE ? 2 : 1;
        double seconds = Stopwatch.seconds(OF_ATTENTION, () -> {
            for (int i = 0; i < forwards; i++) {
                ops.attention(call);
            }
            ops.attentionBackward(dq, dk, dv, dout, call);
        });
        return seconds / ((double) tokens * tokens);
    }

    /** Seconds of a target. */
    private double head() {
        int width = job.model().width();
        int vocabulary = (int) Math.min(job.model().vocabulary(), MOST_OF_HEAD / width);
        int rows = (int) Math.clamp(Math.round(load.targets() / load.rows()), 1, HEAD_ROWS);
        Tensor x = random(rows, width);
        Tensor dx = Tensor.allocate(arena, DType.FLOAT, rows, width);
        Tensor loss = Tensor.allocate(arena, DType.FLOAT, rows);
        int[] targets = new SplittableRandom(1).ints(rows, 0, vocabulary).toArray();
        try (Noise noise = new Noise(job.model(), job.computing().floating())) {
            Tensor w = noise.matrix(vocabulary, width);
            @Nullable Tensor dw = job.isFull() ? Tensor.allocate(arena, DType.FLOAT, vocabulary, width) : null;
            CrossEntropy call = new CrossEntropy(x, w, eightBits(w), targets, null, loss);
            double seconds = Stopwatch.seconds(OF_HEAD, () -> ops.linearCrossEntropyBackward(dx, dw, call, 1e-3f));
            return seconds / rows * job.model().vocabulary() / vocabulary;
        }
    }

    private @Nullable Tensor eightBits(Tensor w) {
        if (!job.isEightBits()) {
            return null;
        }
        Tensor copy = Tensor.allocateQuantized(arena, w.rows(), w.cols());
        ops.copy(copy, w);
        return copy;
    }

    private Tensor random(int... shape) {
        Tensor tensor = Tensor.allocate(arena, job.computing().floating(), shape);
        SplittableRandom random = new SplittableRandom(shape.length);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    @Override
    public void close() {
        arena.close();
        ops.close();
    }
}
