package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.ops.AdamW;
import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Kernels compute in FLOAT whatever they read and write. So on BFLOAT16 numbers each gives, bit for bit, what it gives on the same numbers in
 * FLOAT, rounded once at the end: what the contract says of FLOAT holds for BFLOAT16.
 */
final class HalfActivationsTest {
    private static final int N = 45;
    private static final Sequences SEQUENCES = Sequences.ofLengths(7, 38); // one longer than a block of queries

    private final CpuOps ops = new CpuOps(2);
    private final Random random = new Random(64);

    /** Tensors of one case in FLOAT and in BFLOAT16, made of the same numbers. */
    private final class Pair {
        private final List<Tensor> floats = new ArrayList<>();
        private final List<Tensor> halves = new ArrayList<>();

        /** Numbers that BFLOAT16 holds exactly. @return its place */
        int of(int... shape) {
            Tensor half = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, shape);
            Tensor single = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, shape);
            for (long i = 0; i < half.size(); i++) {
                half.set(i, (float) random.nextGaussian());
                single.set(i, half.get(i));
            }
            floats.add(single);
            halves.add(half);
            return floats.size() - 1;
        }

        /** Compares, and gives both sides the rounded numbers, for the next operation to begin with. */
        void same(Consumer<List<Tensor>> operation, int... outputs) {
            operation.accept(floats);
            operation.accept(halves);
            for (int output : outputs) {
                Tensor expected = floats.get(output);
                for (long i = 0; i < expected.size(); i++) {
                    float rounded = DType.widen(DType.narrow(expected.get(i)));
                    assertThat(halves.get(output).get(i))
                            .as("output %d, %d", output, i)
                            .isEqualTo(rounded);
                }
                ops.copy(expected, halves.get(output));
            }
        }
    }

    private Tensor floats(int... shape) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    @Test
    void splitWeightsAreTrainedLikeWholeOnes() {
        Tensor whole = floats(N, 37);
        Tensor split = Tensor.allocate(Arena.ofAuto(), DType.SPLIT, N, 37);
        ops.copy(split, whole);
        List<Tensor> moments = List.of(floats(N, 37), floats(N, 37), floats(N, 37), floats(N, 37));
        moments.forEach(moment -> ops.fill(moment, 0));
        Tensor back = floats(N, 37);
        for (int step = 1; step <= 3; step++) {
            AdamW update = new AdamW(1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, step, 0.5f);
            Tensor dw = floats(N, 37);
            Tensor same = floats(N, 37);
            ops.copy(same, dw);
            ops.adamW(whole, moments.get(0), moments.get(1), dw, update);
            ops.adamW(split, moments.get(2), moments.get(3), same, update);
            ops.copy(back, split);
            assertThat(back.toArray()).isEqualTo(whole.toArray());
            assertThat(same.toArray()).containsOnly(0);
        }
        Tensor half = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, N, 37);
        ops.copy(half, whole);
        ops.copy(split, half);
        ops.copy(back, half);
        for (long i = 0; i < half.size(); i++) {
            assertThat(split.get(i)).isEqualTo(half.get(i)).isEqualTo(back.get(i));
        }
    }

    @Test
    void elementByElement() {
        Pair pair = new Pair();
        int y = pair.of(N, 37);
        int a = pair.of(N, 37);
        int b = pair.of(N, 37);
        int dgate = pair.of(N, 37);
        int dup = pair.of(N, 37);
        pair.same(t -> ops.add(t.get(y), t.get(a), t.get(b)), y);
        pair.same(t -> ops.axpy(t.get(y), -0.3f, t.get(a)), y);
        pair.same(t -> ops.scale(t.get(y), 1.7f), y);
        pair.same(t -> ops.swiGlu(t.get(y), t.get(a), t.get(b)), y);
        pair.same(t -> ops.swiGluBackward(t.get(dgate), t.get(dup), t.get(y), t.get(a), t.get(b)), dgate, dup);
        pair.same(t -> ops.swiGluBackward(t.get(a), t.get(b), t.get(y), t.get(a), t.get(b)), a, b);
    }

    @Test
    void rows() {
        Pair pair = new Pair();
        int y = pair.of(N, 37);
        int x = pair.of(N, 37);
        int dx = pair.of(N, 37);
        Tensor weight = floats(37);
        Tensor rstd = floats(N);
        pair.same(t -> ops.rmsNorm(t.get(y), rstd, t.get(x), weight, 1e-5f), y);
        pair.same(t -> ops.rmsNormBackward(t.get(dx), null, t.get(y), t.get(x), weight, rstd), dx);
        pair.same(t -> ops.addBias(t.get(y), weight), y);
        int heads = pair.of(N, 3, 12);
        Tensor cos = floats(50, 6);
        Tensor sin = floats(50, 6);
        pair.same(t -> ops.rotary(t.get(heads), cos, sin, SEQUENCES.positions()), heads);
        pair.same(t -> ops.rotaryBackward(t.get(heads), cos, sin, SEQUENCES.positions()), heads);
        Tensor factors = floats(37);
        pair.same(t -> ops.scaleColumns(t.get(y), t.get(x), factors, 0), y);
        pair.same(t -> ops.scaleColumns(t.get(y), t.get(x), factors, 0.5f), y);
        pair.same(t -> ops.scaleColumnsBackward(t.get(x), floats(37), t.get(y), t.get(x), factors), x);
        int table = pair.of(9, 37);
        int[] ids = random.ints(N, 0, 9).toArray();
        pair.same(t -> ops.embed(t.get(y), t.get(table), ids), y);
    }

    @Test
    void gradientsOfVectorsThatHalvesAdd() {
        Pair pair = new Pair();
        int dy = pair.of(N, 37);
        int x = pair.of(N, 37);
        Tensor rstd = floats(N);
        Tensor weight = floats(37);
        List<Tensor> sums = List.of(floats(37), floats(37));
        List<Tensor> copies = List.of(
                Tensor.of(Arena.ofAuto(), sums.get(0).toArray(), 37),
                Tensor.of(Arena.ofAuto(), sums.get(1).toArray(), 37));
        Tensor dx = floats(N, 37);
        ops.addBiasBackward(sums.get(0), pair.floats.get(dy));
        ops.addBiasBackward(copies.get(0), pair.halves.get(dy));
        ops.rmsNormBackward(dx, sums.get(1), pair.floats.get(dy), pair.floats.get(x), weight, rstd);
        ops.rmsNormBackward(dx, copies.get(1), pair.halves.get(dy), pair.halves.get(x), weight, rstd);
        assertThat(copies.get(0).toArray()).isEqualTo(sums.get(0).toArray());
        assertThat(copies.get(1).toArray()).isEqualTo(sums.get(1).toArray());
    }

    @Test
    void attentionBothWays() {
        Pair pair = new Pair();
        int q = pair.of(N, 4, 12);
        int k = pair.of(N, 2, 12);
        int v = pair.of(N, 2, 12);
        int out = pair.of(N, 4, 12);
        int dout = pair.of(N, 4, 12);
        int dq = pair.of(N, 4, 12);
        int dk = pair.of(N, 2, 12);
        int dv = pair.of(N, 2, 12);
        Tensor lse = floats(N, 4);
        pair.same(t -> ops.attention(call(t, q, k, v, out, lse)), out);
        pair.same(
                t -> ops.attentionBackward(t.get(dq), t.get(dk), t.get(dv), t.get(dout), call(t, q, k, v, out, lse)),
                dq,
                dk,
                dv);
    }

    private static Attention call(List<Tensor> t, int q, int k, int v, int out, Tensor lse) {
        return new Attention(t.get(q), t.get(k), t.get(v), t.get(out), lse, SEQUENCES, 0.3f);
    }

    @Test
    void attentionWithACache() {
        Pair pair = new Pair();
        int q = pair.of(2, 4, 12);
        int k = pair.of(2, 2, 12);
        int v = pair.of(2, 2, 12);
        int out = pair.of(2, 4, 12);
        Tensor keys = floats(2, 2, 12, 9);
        Tensor values = floats(2, 2, 9, 12);
        CacheStep step = new CacheStep(new int[] {1, 0}, new int[] {9, 4});
        pair.same(
                t -> {
                    ops.cacheAppend(keys, values, t.get(k), t.get(v), step);
                    ops.cacheAttention(t.get(out), t.get(q), keys, values, step, 0.3f);
                },
                out);
    }

    @Test
    void productsWithWeightsOfEitherType() {
        for (int rows : new int[] {3, N}) { // a few rows take a way of their own
            Pair pair = new Pair();
            int x = pair.of(rows, 70);
            int w = pair.of(41, 70);
            int y = pair.of(rows, 41);
            Tensor dw = floats(41, 70);
            Tensor copy = Tensor.of(Arena.ofAuto(), dw.toArray(), 41, 70);
            for (float beta : new float[] {0, 1}) {
                pair.same(t -> ops.linear(t.get(y), t.get(x), t.get(w), beta), y);
                pair.same(t -> ops.linearBackwardInput(t.get(x), t.get(y), t.get(w), beta), x);
            }
            ops.linearBackwardWeight(dw, pair.floats.get(y), pair.floats.get(x), 1);
            ops.linearBackwardWeight(copy, pair.halves.get(y), pair.halves.get(x), 1);
            assertThat(copy.toArray()).isEqualTo(dw.toArray());
        }
    }

    @Test
    void lossOfAHeadInHalves() {
        Pair pair = new Pair();
        int x = pair.of(N, 19);
        int w = pair.of(53, 19);
        int dx = pair.of(N, 19);
        int[] targets = random.ints(N, 0, 53).toArray();
        targets[0] = CrossEntropy.NO_TARGET;
        targets[20] = CrossEntropy.NO_TARGET;
        List<Tensor> losses = List.of(floats(N), floats(N));
        for (int i = 0; i < 2; i++) {
            List<Tensor> t = i == 0 ? pair.floats : pair.halves;
            ops.linearCrossEntropyBackward(
                    t.get(dx), null, new CrossEntropy(t.get(x), t.get(w), targets, losses.get(i)), 0.1f);
        }
        assertThat(losses.get(1).toArray()).isEqualTo(losses.get(0).toArray());
        assertThat(losses.get(0).get(20)).isZero();
        for (long i = 0; i < pair.floats.get(dx).size(); i++) {
            float rounded = DType.widen(DType.narrow(pair.floats.get(dx).get(i)));
            assertThat(pair.halves.get(dx).get(i)).isEqualTo(rounded);
        }
    }
}
