package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.ops.SameDiffGraph.Attended;
import dev.distill.student.ops.SameDiffGraph.Heads;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;

/** Every operation that has a gradient against SameDiff's graph of it in double: results, and gradients by every input. */
interface SameDiffContract {
    /** Of the largest number of a result: floats carry 6e-8, and a sum of 70 terms loses a digit of that. */
    double TOLERANCE = 3e-6;

    Ops ops();

    @Test
    default void linearLayerIsSameDiffs() {
        Numbers numbers = new Numbers(61);
        Tensor x_NI = numbers.normal(13, 21);
        Tensor w_OI = numbers.normal(35, 21);
        Tensor b_O = numbers.normal(35);
        Tensor dy_NO = numbers.normal(13, 35);
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable y = graph.linear(graph.input("x", x_NI), graph.input("w", w_OI), graph.input("b", b_O));
        graph.differentiate(y, dy_NO);

        Tensor y_NO = Numbers.output(13, 35);
        ops().linear(y_NO, x_NI, w_OI, 0);
        ops().addBias(y_NO, b_O);
        numbers.assertClose(y_NO, graph.value(y), TOLERANCE);
        Tensor dx_NI = Numbers.output(13, 21);
        Tensor dw_OI = Numbers.output(35, 21);
        Tensor db_O = Numbers.zeros(35);
        ops().linearBackwardInput(dx_NI, dy_NO, w_OI, 0);
        ops().linearBackwardWeight(dw_OI, dy_NO, x_NI, 0);
        ops().addBiasBackward(db_O, dy_NO);
        numbers.assertClose(dx_NI, graph.gradient("x"), TOLERANCE);
        numbers.assertClose(dw_OI, graph.gradient("w"), TOLERANCE);
        numbers.assertClose(db_O, graph.gradient("b"), TOLERANCE);
    }

    @Test
    default void rmsNormIsSameDiffs() {
        Numbers numbers = new Numbers(62);
        Tensor x_NHD = numbers.normal(7, 3, 22);
        Tensor w_D = numbers.normal(22);
        Tensor dy_NHD = numbers.normal(7, 3, 22);
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable y = graph.rmsNorm(graph.input("x", x_NHD), 2, graph.input("w", w_D), 1e-5f);
        graph.differentiate(y, dy_NHD);

        Tensor y_NHD = Numbers.output(7, 3, 22);
        Tensor rstd_NH = Numbers.output(7, 3);
        ops().rmsNorm(y_NHD, rstd_NH, x_NHD, w_D, 1e-5f);
        numbers.assertClose(y_NHD, graph.value(y), TOLERANCE);
        Tensor dx_NHD = Numbers.output(7, 3, 22);
        Tensor dw_D = Numbers.zeros(22);
        ops().rmsNormBackward(dx_NHD, dw_D, dy_NHD, x_NHD, w_D, rstd_NH);
        numbers.assertClose(dx_NHD, graph.gradient("x"), TOLERANCE);
        numbers.assertClose(dw_D, graph.gradient("w"), TOLERANCE);
    }

    @Test
    default void rotaryEmbeddingIsSameDiffs() {
        Numbers numbers = new Numbers(63);
        int[] positions = {0, 1, 2, 0, 1, 4};
        Tensor angles = numbers.normal(5, 11);
        Tensor x_NHD = numbers.normal(6, 3, 22);
        Tensor dy_NHD = numbers.normal(6, 3, 22);
        double[] ofRows = Arrays.stream(positions)
                .mapToObj(p -> Numbers.doubles(angles.slice(p, p + 1)))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable y = graph.rotary(graph.input("x", x_NHD), 22, ofRows);
        graph.differentiate(y, dy_NHD);

        Tensor cos = Numbers.zeros(5, 11);
        Tensor sin = Numbers.zeros(5, 11);
        for (int i = 0; i < angles.size(); i++) {
            cos.set(i, (float) Math.cos(angles.get(i)));
            sin.set(i, (float) Math.sin(angles.get(i)));
        }
        ops().rotary(x_NHD, cos, sin, positions);
        numbers.assertClose(x_NHD, graph.value(y), TOLERANCE);
        ops().rotaryBackward(dy_NHD, cos, sin, positions);
        numbers.assertClose(dy_NHD, graph.gradient("x"), TOLERANCE);
    }

    static Stream<AttentionContract.Shape> attentionShapes() {
        return AttentionContract.backwardShapes()
                .skip(1); // SameDiff cannot differentiate the product of two single numbers
    }

    @ParameterizedTest
    @MethodSource("dev.distill.student.ops.SameDiffContract#attentionShapes")
    default void attentionIsSameDiffs(AttentionContract.Shape shape) {
        Numbers numbers = new Numbers(64);
        float scale = 0.375f;
        Attention call = shape.random(numbers, scale);
        Tensor dout_NHD = numbers.normal(call.q_NHD().shape());
        SameDiffGraph graph = new SameDiffGraph();
        Attended attended = graph.attention(
                graph.input("q", call.q_NHD()),
                graph.input("k", call.k_NKD()),
                graph.input("v", call.v_NKD()),
                new Heads(shape.heads(), shape.kvHeads(), shape.width()),
                call.sequences(),
                scale);
        graph.differentiate(attended.out_NHD(), dout_NHD);

        ops().attention(call);
        numbers.assertClose(call.out_NHD(), graph.value(attended.out_NHD()), TOLERANCE);
        numbers.assertClose(call.lse_NH(), graph.value(attended.lse_NH()), TOLERANCE);
        Tensor dq_NHD = Numbers.output(call.q_NHD().shape());
        Tensor dk_NKD = Numbers.output(call.k_NKD().shape());
        Tensor dv_NKD = Numbers.output(call.v_NKD().shape());
        ops().attentionBackward(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        numbers.assertClose(dv_NKD, graph.gradient("v"), TOLERANCE);
        if (call.sequences().rows() > call.sequences().count()) { // over a single key: no gradient for q and k
            numbers.assertClose(dq_NHD, graph.gradient("q"), TOLERANCE);
            numbers.assertClose(dk_NKD, graph.gradient("k"), TOLERANCE);
        }
    }

    @Test
    default void swiGluIsSameDiffs() {
        Numbers numbers = new Numbers(65);
        Tensor gate_NF = numbers.normal(3, 37);
        ops().scale(gate_NF, 4);
        Tensor up_NF = numbers.normal(3, 37);
        Tensor dy_NF = numbers.normal(3, 37);
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable y = graph.swiGlu(graph.input("gate", gate_NF), graph.input("up", up_NF));
        graph.differentiate(y, dy_NF);

        Tensor y_NF = Numbers.output(3, 37);
        ops().swiGlu(y_NF, gate_NF, up_NF);
        numbers.assertClose(y_NF, graph.value(y), TOLERANCE);
        ops().swiGluBackward(gate_NF, up_NF, dy_NF, gate_NF, up_NF);
        numbers.assertClose(gate_NF, graph.gradient("gate"), TOLERANCE);
        numbers.assertClose(up_NF, graph.gradient("up"), TOLERANCE);
    }

    @Test
    default void embeddingIsSameDiffs() {
        Numbers numbers = new Numbers(66);
        Tensor table_VC = numbers.normal(7, 19);
        int[] ids = numbers.indices(30, 7);
        Tensor dy_NC = numbers.normal(30, 19);
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable y = graph.embed(graph.input("table", table_VC), 7, ids);
        graph.differentiate(y, dy_NC);

        Tensor y_NC = Numbers.output(30, 19);
        ops().embed(y_NC, table_VC, ids);
        numbers.assertClose(y_NC, graph.value(y), 0);
        Tensor dtable_VC = Numbers.zeros(7, 19);
        ops().embedBackward(dtable_VC, dy_NC, ids);
        numbers.assertClose(dtable_VC, graph.gradient("table"), TOLERANCE);
    }

    @Test
    default void crossEntropyIsSameDiffs() {
        Numbers numbers = new Numbers(67);
        Tensor x_NC = numbers.normal(9, 17);
        Tensor w_VC = numbers.normal(70, 17);
        int[] targets = numbers.indices(9, 70);
        targets[4] = CrossEntropy.NO_TARGET;
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable logits = graph.linear(graph.input("x", x_NC), graph.input("w", w_VC));
        SDVariable losses = graph.crossEntropy(logits, 70, targets);
        graph.differentiate(losses.mul(0.125));

        CrossEntropy call = new CrossEntropy(x_NC, w_VC, targets, Numbers.output(9));
        Tensor dx_NC = Numbers.output(9, 17);
        Tensor dw_VC = Numbers.zeros(70, 17);
        LossSum sum = ops().linearCrossEntropyBackward(dx_NC, dw_VC, call, 0.125f);
        double[] expected = graph.value(losses);
        numbers.assertClose(call.loss_N(), expected, TOLERANCE);
        double total = Arrays.stream(expected).sum();
        assertThat(sum.sum()).isCloseTo(total, within(TOLERANCE * total));
        assertThat(sum.count()).isEqualTo(8);
        numbers.assertClose(dx_NC, graph.gradient("x"), TOLERANCE);
        numbers.assertClose(dw_VC, graph.gradient("w"), TOLERANCE);
    }

    @Test
    default void softmaxIsSameDiffs() {
        Numbers numbers = new Numbers(68);
        Tensor x_NV = numbers.normal(3, 41);
        SameDiffGraph graph = new SameDiffGraph();
        SDVariable x = graph.input("x", x_NV);
        List<SDVariable> expected = List.of(graph.softmax(x, 5), graph.logSoftmax(x, 5));
        Tensor y_NV = Numbers.output(3, 41);
        ops().softmax(y_NV, x_NV, 5);
        numbers.assertClose(y_NV, graph.value(expected.get(0)), TOLERANCE);
        ops().logSoftmax(y_NV, x_NV, 5);
        numbers.assertClose(y_NV, graph.value(expected.get(1)), TOLERANCE);
    }
}
