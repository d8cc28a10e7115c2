package dev.distill.student.ops;

import static dev.distill.student.ops.Numbers.dot;
import static dev.distill.student.ops.Numbers.doubles;
import static dev.distill.student.ops.Numbers.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.ops.Reference.Heads;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over packed sequences, and against a cache. */
interface AttentionContract {
    Ops ops();

    /** Lengths of the packed sequences, and heads. */
    record Shape(List<Integer> lengths, int heads, int kvHeads, int width) {
        Sequences sequences() {
            return Sequences.ofLengths(lengths.stream().mapToInt(i -> i).toArray());
        }

        Attention random(Numbers numbers, float scale) {
            int n = sequences().rows();
            return new Attention(
                    numbers.normal(n, heads, width),
                    numbers.normal(n, kvHeads, width),
                    numbers.normal(n, kvHeads, width),
                    Numbers.output(n, heads, width),
                    Numbers.output(n, heads),
                    sequences(),
                    scale);
        }
    }

    static Stream<Shape> forwardShapes() {
        return Stream.concat(
                backwardShapes(),
                Stream.of(
                        new Shape(List.of(150, 1, 70, 65), 4, 2, 32),
                        new Shape(List.of(200), 3, 3, 20),
                        new Shape(List.of(64, 128), 2, 1, 64)));
    }

    static Stream<Shape> backwardShapes() {
        return Stream.of(
                new Shape(List.of(1), 1, 1, 1),
                new Shape(List.of(1, 1, 1), 2, 1, 3),
                new Shape(List.of(3, 1, 5), 2, 2, 4),
                new Shape(List.of(9, 4), 4, 2, 8),
                new Shape(List.of(17, 2), 3, 1, 10));
    }

    @ParameterizedTest
    @MethodSource("dev.distill.student.ops.AttentionContract#forwardShapes")
    default void attentionForward(Shape shape) {
        Numbers numbers = new Numbers(31);
        Attention call = shape.random(numbers, 0.6f);
        ops().attention(call);
        double[] expected = Reference.attention(
                doubles(call.q_NHD()),
                doubles(call.k_NKD()),
                doubles(call.v_NKD()),
                call.sequences(),
                new Heads(shape.heads, shape.kvHeads, shape.width),
                0.6f);
        int outputs = (int) call.out_NHD().size();
        numbers.assertClose(call.out_NHD(), Arrays.copyOf(expected, outputs), 5e-6);
        numbers.assertClose(call.lse_NH(), Arrays.copyOfRange(expected, outputs, expected.length), 5e-6);
    }

    @ParameterizedTest
    @MethodSource("dev.distill.student.ops.AttentionContract#backwardShapes")
    default void attentionBackward(Shape shape) {
        Numbers numbers = new Numbers(32);
        float scale = 0.6f;
        Attention call = shape.random(numbers, scale);
        Tensor dout = numbers.normal(call.q_NHD().shape());
        Tensor dq = Numbers.output(call.q_NHD().shape());
        Tensor dk = Numbers.output(call.k_NKD().shape());
        Tensor dv = Numbers.output(call.k_NKD().shape());
        ops().attention(call);
        ops().attentionBackward(dq, dk, dv, dout, call);

        double[] q = doubles(call.q_NHD());
        double[] k = doubles(call.k_NKD());
        double[] v = doubles(call.v_NKD());
        double[] dy = doubles(dout);
        Heads heads = new Heads(shape.heads, shape.kvHeads, shape.width);
        Sequences sequences = call.sequences();
        numbers.assertClose(
                dv, gradient(v, at -> dot(Reference.attention(q, k, at, sequences, heads, scale), dy)), 1e-5);
        if (sequences.rows() > sequences.count()) { // over a single key the weight is always 1: no gradient for q and k
            numbers.assertClose(
                    dq, gradient(q, at -> dot(Reference.attention(at, k, v, sequences, heads, scale), dy)), 1e-5);
            numbers.assertClose(
                    dk, gradient(k, at -> dot(Reference.attention(q, at, v, sequences, heads, scale), dy)), 1e-5);
        }
    }

    @Test
    default void aPackGivesWhatItsSequencesGiveAlone() {
        Numbers numbers = new Numbers(33);
        Attention pack = new Shape(List.of(40, 33), 4, 2, 16).random(numbers, 0.25f);
        ops().attention(pack);
        Tensor alone = Numbers.output(33, 4, 16);
        ops().attention(new Attention(
                pack.q_NHD().slice(40, 73),
                pack.k_NKD().slice(40, 73),
                pack.v_NKD().slice(40, 73),
                alone,
                Numbers.output(33, 4),
                Sequences.ofLengths(33),
                0.25f));
        assertThat(pack.out_NHD().slice(40, 73).toArray()).isEqualTo(alone.toArray());
    }

    /** Scores in the hundreds: softmax must subtract the maximum. */
    @Test
    default void largeScoresStayFinite() {
        Attention call = new Shape(List.of(50), 2, 2, 32).random(new Numbers(34), 30f);
        ops().attention(call);
        for (float value : call.out_NHD().toArray()) {
            assertThat(value).isFinite();
        }
    }

    /** A token at a time through the cache gives what the whole sequence gives at once, in one page each or in several. */
    @ParameterizedTest
    @ValueSource(ints = {20, 8, 1})
    default void decodingThroughTheCache(int page) {
        Numbers numbers = new Numbers(35);
        int[] lengths = {5, 1, 20};
        Attention call = new Shape(List.of(5, 1, 20), 4, 2, 12).random(numbers, 0.3f);
        ops().attention(call);
        int most = Math.ceilDiv(20, page);
        Tensor k_SKDP = Numbers.output(3 * most + 1, 2, 12, page);
        Tensor v_SKPD = Numbers.output(3 * most + 1, 2, page, 12);
        int[][] pages = IntStream.range(0, 3) // every third, from behind
                .mapToObj(s -> IntStream.range(0, most)
                        .map(place -> 3 * (most - place) - s)
                        .toArray())
                .toArray(int[][]::new);
        for (int t = 0; t < 20; t++) {
            int time = t;
            int[] alive = IntStream.range(0, 3).filter(s -> time < lengths[s]).toArray();
            CacheStep step = new CacheStep(
                    Arrays.stream(alive).mapToObj(s -> pages[s]).toArray(int[][]::new),
                    Arrays.stream(alive).map(s -> time + 1).toArray());
            int[] rows = Arrays.stream(alive)
                    .map(s -> call.sequences().start(s) + time)
                    .toArray();
            ops().cacheAppend(k_SKDP, v_SKPD, gather(call.k_NKD(), rows), gather(call.v_NKD(), rows), step);
            Tensor out_BHD = Numbers.output(alive.length, 4, 12);
            ops().cacheAttention(out_BHD, gather(call.q_NHD(), rows), k_SKDP, v_SKPD, step, 0.3f);
            numbers.assertClose(out_BHD, doubles(gather(call.out_NHD(), rows)), 1e-5);
        }
    }

    private static Tensor gather(Tensor x, int[] rows) {
        int[] shape = x.shape();
        shape[0] = rows.length;
        Tensor gathered = Numbers.zeros(shape);
        for (int b = 0; b < rows.length; b++) {
            gathered.slice(b, b + 1).setAll(x.slice(rows[b], rows[b] + 1).toArray());
        }
        return gathered;
    }

    @Test
    default void noPageIsWrittenByTwoSequencesAndNoPositionTwice() {
        Tensor k_SKDP = Numbers.zeros(3, 2, 8, 4);
        Tensor v_SKPD = Numbers.zeros(3, 2, 4, 8);
        Tensor x_BKD = Numbers.zeros(2, 2, 8);
        CacheStep two = new CacheStep(new int[][] {{0, 1}, {2, 1}}, new int[] {5, 6});
        assertThatThrownBy(() -> ops().cacheAppend(k_SKDP, v_SKPD, x_BKD, x_BKD, two))
                .hasMessage("cache append: rows must not write to the same page, but for different positions of one"
                        + " sequence; got [[0, 1], [2, 1]] of lengths [5, 6]");
        CacheStep twice = new CacheStep(new int[][] {{0, 1}, {0, 1}}, new int[] {5, 5});
        assertThatThrownBy(() -> ops().cacheAppend(k_SKDP, v_SKPD, x_BKD, x_BKD, twice))
                .hasMessageContaining("got [[0, 1], [0, 1]] of lengths [5, 5]");
    }

    /** Several positions of one sequence in a step, over the end of a page: each as if it had come alone. */
    @Test
    default void aSequenceMayGrowByManyPositionsInAStep() {
        Tensor[] together = {Numbers.zeros(3, 2, 8, 4), Numbers.zeros(3, 2, 4, 8)};
        Tensor[] alone = {Numbers.zeros(3, 2, 8, 4), Numbers.zeros(3, 2, 4, 8)};
        Tensor k_BKD = new Numbers(3).normal(5, 2, 8);
        Tensor v_BKD = new Numbers(4).normal(5, 2, 8);
        int[] pages = {2, 0};
        ops().cacheAppend(together[0], together[1], k_BKD, v_BKD, CacheStep.of(pages, 1, 6));
        for (int b = 0; b < 5; b++) {
            CacheStep one = new CacheStep(new int[][] {pages}, new int[] {b + 2});
            ops().cacheAppend(alone[0], alone[1], k_BKD.slice(b, b + 1), v_BKD.slice(b, b + 1), one);
        }
        assertThat(together[0].toArray()).isEqualTo(alone[0].toArray());
        assertThat(together[1].toArray()).isEqualTo(alone[1].toArray());
        assertThat(together[0].get(((2 * 2) * 8 + 0) * 4 + 1))
                .as("page 2, head 0, width 0, position 1")
                .isEqualTo(k_BKD.get(0));
        assertThat(together[1].get(((2 * 2) * 4 + 1) * 8 + 0))
                .as("page 2, head 0, position 1, width 0")
                .isEqualTo(v_BKD.get(0));
    }

    @Test
    default void attentionRefusesWhatDoesNotFit() {
        Tensor q = Numbers.zeros(4, 3, 8);
        Tensor kv = Numbers.zeros(4, 2, 8);
        Tensor lse = Numbers.zeros(4, 3);
        assertThatThrownBy(() -> new Attention(q, kv, kv, q, lse, Sequences.ofLengths(4), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "attention: needs queries [N, H, D] and keys [N, K, D], K a divisor of H, got [FLOAT[4, 3, 8], FLOAT[4, 2, 8]]");
        assertThatThrownBy(() -> new Attention(q, q, q, q, lse, Sequences.ofLengths(2, 3), 1))
                .hasMessage(
                        "attention: needs sequences of as many rows as the queries; theirs are 5, got [FLOAT[4, 3, 8]]");
        Tensor keys = Numbers.zeros(2, 3, 8, 6);
        Tensor values = Numbers.zeros(2, 3, 6, 8);
        assertThatThrownBy(() -> ops().cacheAttention(
                                q, q, keys, keys, new CacheStep(new int[] {0, 1, 0, 1}, new int[] {1, 1, 1, 1}), 1))
                .hasMessage("cache attention: needs keys [S, K, D, P] and values [S, K, P, D], got [FLOAT[2, 3, 8, 6],"
                        + " FLOAT[2, 3, 8, 6]]");
        assertThatThrownBy(() -> ops().cacheAttention(
                                q, q, keys, values, new CacheStep(new int[] {0, 1, 2, 3}, new int[] {1, 1, 1, 1}), 1))
                .hasMessage(
                        "cache attention: row 2 needs pages [2] and 1 positions in them, [S, K, D, P], got [FLOAT[2, 3, 8, 6]]");
    }
}
