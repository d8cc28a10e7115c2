package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention in BFLOAT16 by oneDNN, against the same numbers in FLOAT by our own tiles, which the contract compares with double precision. */
final class GroupedAttentionTest {
    /** Of the largest number of a result; scores, probabilities and results are each rounded to 2^-9. */
    private static final double CLOSE = 0.02;

    private final Random random = new Random(88);

    @BeforeEach
    void needsHalfProducts() {
        assumeThat(NativeChoice.hasHalfProducts())
                .as("a processor that multiplies BFLOAT16")
                .isTrue();
    }

    /** Tensors of one call and its backward. */
    private record Run(Attention call, Tensor dout, Tensor dq, Tensor dk, Tensor dv) {
        void on(CpuOps ops) {
            ops.attention(call);
            ops.attentionBackward(dq, dk, dv, dout, call);
        }

        List<Tensor> results() {
            return List.of(call.out_NHD(), call.lse_NH(), dq, dk, dv);
        }
    }

    private Run run(DType type, Tensor[] qkvd, Sequences sequences) {
        Tensor q = cast(qkvd[0], type);
        Tensor k = cast(qkvd[1], type);
        int n = q.dim(0);
        Tensor out = Tensor.allocate(Arena.ofAuto(), type, q.shape());
        Tensor lse = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, n, q.dim(1));
        Attention call = new Attention(q, k, cast(qkvd[2], type), out, lse, sequences, 0.125f);
        return new Run(call, cast(qkvd[3], type), like(q), like(k), like(k));
    }

    private static Tensor like(Tensor tensor) {
        return Tensor.allocate(Arena.ofAuto(), tensor.type(), tensor.shape());
    }

    private static Tensor cast(Tensor from, DType type) {
        Tensor to = Tensor.allocate(Arena.ofAuto(), type, from.shape());
        for (long i = 0; i < to.size(); i++) {
            to.set(i, from.get(i));
        }
        return to;
    }

    /** Queries, keys, values and gradients that BFLOAT16 holds exactly. */
    private Tensor[] inputs(int n, int heads, int kvHeads, int width, float keyMean) {
        return new Tensor[] {
            normal(0, n, heads, width),
            normal(keyMean, n, kvHeads, width),
            normal(0, n, kvHeads, width),
            normal(0, n, heads, width)
        };
    }

    private Tensor normal(float mean, int... shape) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, mean + (float) random.nextGaussian());
        }
        return tensor;
    }

    @ParameterizedTest
    @CsvSource({"14, 2, 64", "9, 3, 64", "4, 4, 128", "8, 1, 20"})
    void isCloseToFloat(int heads, int kvHeads, int width) {
        Sequences sequences = Sequences.ofLengths(300, 5, 129, 256);
        Tensor[] inputs = inputs(sequences.rows(), heads, kvHeads, width, 0);
        assertClose(inputs, sequences);
    }

    /** As Qwen's biases do it: the keys have far more in common than what tells them apart. */
    @Test
    void keysWithALargeMeanAreNoLessExact() {
        Sequences sequences = Sequences.ofLengths(300);
        double[] without = differences(inputs(300, 14, 2, 64, 0), sequences);
        double[] with = differences(inputs(300, 14, 2, 64, 16), sequences);
        for (int i : new int[] {0, 2, 3, 4}) { // lse is dominated by the mean
            assertThat(with[i]).as("result %d", i).isLessThan(2 * without[i]);
        }
    }

    private void assertClose(Tensor[] inputs, Sequences sequences) {
        for (double difference : differences(inputs, sequences)) {
            assertThat(difference).isLessThan(CLOSE);
        }
    }

    /** Of each result, from that in FLOAT. */
    private double[] differences(Tensor[] inputs, Sequences sequences) {
        Run halves = run(DType.BFLOAT16, inputs, sequences);
        Run floats = run(DType.FLOAT, inputs, sequences);
        assertThat(HeadGroup.of(halves.call)).isNotEmpty();
        assertThat(HeadGroup.of(floats.call)).isEmpty();
        try (CpuOps fast = new CpuOps(2, Compute.BFLOAT16);
                CpuOps exact = new CpuOps(2)) {
            halves.on(fast);
            floats.on(exact);
        }
        double[] all = new double[floats.results().size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = difference(halves.results().get(i), floats.results().get(i));
        }
        return all;
    }

    private static double difference(Tensor actual, Tensor expected) {
        double most = 0;
        double largest = 0;
        for (long i = 0; i < expected.size(); i++) {
            most = Math.max(most, Math.abs(actual.get(i) - expected.get(i)));
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        return most / largest;
    }

    @Test
    void neitherThreadsNorNeighboursChangeABit() {
        Sequences pack = Sequences.ofLengths(160, 40, 333);
        Tensor[] inputs = inputs(pack.rows(), 6, 2, 64, 1);
        Run two = run(DType.BFLOAT16, inputs, pack);
        Run three = run(DType.BFLOAT16, inputs, pack);
        Tensor[] last = Arrays.stream(inputs).map(t -> t.slice(200, 533)).toArray(Tensor[]::new);
        Run alone = run(DType.BFLOAT16, last, Sequences.ofLengths(333));
        try (CpuOps ofTwo = new CpuOps(2, Compute.BFLOAT16);
                CpuOps ofThree = new CpuOps(3, Compute.BFLOAT16)) {
            two.on(ofTwo);
            three.on(ofThree);
            alone.on(ofTwo);
        }
        for (int i = 0; i < two.results().size(); i++) {
            Tensor result = two.results().get(i);
            assertThat(floats(three.results().get(i))).as("result %d", i).isEqualTo(floats(result));
            assertThat(floats(alone.results().get(i))).as("result %d", i).isEqualTo(floats(result.slice(200, 533)));
        }
    }

    private static float[] floats(Tensor tensor) {
        return cast(tensor, DType.FLOAT).toArray();
    }

    /** Shares of dk and dv are added up in more than one turn where they find no room at once. */
    @Test
    void sharesFindRoomInTurns() {
        Attention call = run(DType.BFLOAT16, inputs(1000, 14, 2, 64, 0), Sequences.ofLengths(1000))
                .call();
        List<HeadGroup.Block> blocks = HeadGroup.blocks(HeadGroup.of(call));
        assertThat(blocks.getFirst().seen()).isEqualTo(1024); // 1,000 keys, filled up to a multiple of 32
        long share = 2L * blocks.getFirst().seen() * 64 * 2;
        assertThat(KeyGradients.fitting(blocks, 2 * share, 1)).hasSize(2);
        assertThat(KeyGradients.fitting(blocks, 1, 3)).hasSize(3);
        assertThat(KeyGradients.fitting(blocks, Long.MAX_VALUE, 1)).hasSameSizeAs(blocks);
    }

    @Test
    void turnsChangeNoBit() {
        Sequences pack = Sequences.ofLengths(160, 333);
        Tensor[] inputs = inputs(pack.rows(), 6, 2, 64, 1);
        Run atOnce = run(DType.BFLOAT16, inputs, pack);
        Run inTurns = run(DType.BFLOAT16, inputs, pack);
        try (Workers workers = new Workers(2);
                CpuOps ops = new CpuOps(2, Compute.BFLOAT16);
                GroupedBackward backward = new GroupedBackward(workers, OneDnn.of(2), 1, 2)) {
            atOnce.on(ops);
            ops.attention(inTurns.call);
            backward.run(inTurns.dq, inTurns.dk, inTurns.dv, inTurns.dout, inTurns.call);
        }
        for (int i = 0; i < atOnce.results().size(); i++) {
            assertThat(floats(inTurns.results().get(i)))
                    .as("result %d", i)
                    .isEqualTo(floats(atOnce.results().get(i)));
        }
    }
}
