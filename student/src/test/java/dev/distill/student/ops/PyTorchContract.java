package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.layer.Parameter;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation against what PyTorch computes in float64: the numbers are in {@code pytorch.json}, which src/test/python/make_op_fixtures.py
 * made. Widths such as 19 and 37 meet the whole vectors of every kernel and what is left over.
 */
interface PyTorchContract {
    /** Of the largest number of a result. Floats carry 6e-8; the longest sums here have 37 terms. */
    double TOLERANCE = 2e-6;

    Ops ops();

    @Test
    default void linearLayerIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("linear");
        Tensor y_NO = Numbers.output(5, 7);
        ops().linear(y_NO, torch.tensor("x"), torch.tensor("w"), 0);
        ops().addBias(y_NO, torch.tensor("b"));
        torch.assertClose("y", y_NO, TOLERANCE);

        Tensor dx_NI = Numbers.output(5, 19);
        Tensor dw_OI = Numbers.zeros(7, 19);
        Tensor db_O = Numbers.zeros(7);
        ops().linearBackwardInput(dx_NI, torch.tensor("dy"), torch.tensor("w"), 0);
        ops().linearBackwardWeight(dw_OI, torch.tensor("dy"), torch.tensor("x"), 1);
        ops().addBiasBackward(db_O, torch.tensor("dy"));
        torch.assertClose("dx", dx_NI, TOLERANCE);
        torch.assertClose("dw", dw_OI, TOLERANCE);
        torch.assertClose("db", db_O, TOLERANCE);
    }

    @Test
    default void rmsNormIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("rms_norm");
        Tensor y_NC = Numbers.output(4, 19);
        Tensor rstd_N = Numbers.output(4);
        ops().rmsNorm(y_NC, rstd_N, torch.tensor("x"), torch.tensor("w"), torch.number("eps"));
        torch.assertClose("y", y_NC, TOLERANCE);

        Tensor dx_NC = Numbers.output(4, 19);
        Tensor dw_C = Numbers.zeros(19);
        ops().rmsNormBackward(dx_NC, dw_C, torch.tensor("dy"), torch.tensor("x"), torch.tensor("w"), rstd_N);
        torch.assertClose("dx", dx_NC, TOLERANCE);
        torch.assertClose("dw", dw_C, TOLERANCE);
    }

    @Test
    default void rotaryEmbeddingIsThatOfTransformers() {
        PyTorchNumbers torch = PyTorchNumbers.of("rotary");
        int[] positions = torch.indices("positions");
        Tensor x_NHD = torch.tensor("x");
        ops().rotary(x_NHD, torch.tensor("cos"), torch.tensor("sin"), positions);
        torch.assertClose("y", x_NHD, TOLERANCE);

        Tensor dx_NHD = torch.tensor("dy");
        ops().rotaryBackward(dx_NHD, torch.tensor("cos"), torch.tensor("sin"), positions);
        torch.assertClose("dx", dx_NHD, TOLERANCE);
    }

    /** Packed: PyTorch was given one row with an explicit block-diagonal mask. */
    @ParameterizedTest
    @ValueSource(strings = {"packed_attention", "plain_attention"})
    default void attentionIsPyTorchs(String name) {
        PyTorchNumbers torch = PyTorchNumbers.of(name);
        Tensor q_NHD = torch.tensor("q");
        Tensor k_NKD = torch.tensor("k");
        Attention call = new Attention(
                q_NHD,
                k_NKD,
                torch.tensor("v"),
                Numbers.output(q_NHD.shape()),
                Numbers.output(q_NHD.dim(0), q_NHD.dim(1)),
                Sequences.ofLengths(torch.indices("lengths")),
                torch.number("scale"));
        ops().attention(call);
        torch.assertClose("out", call.out_NHD(), TOLERANCE);
        torch.assertClose("lse", call.lse_NH(), TOLERANCE);

        Tensor dq_NHD = Numbers.output(q_NHD.shape());
        Tensor dk_NKD = Numbers.output(k_NKD.shape());
        Tensor dv_NKD = Numbers.output(k_NKD.shape());
        ops().attentionBackward(dq_NHD, dk_NKD, dv_NKD, torch.tensor("dout"), call);
        torch.assertClose("dq", dq_NHD, TOLERANCE);
        torch.assertClose("dk", dk_NKD, TOLERANCE);
        torch.assertClose("dv", dv_NKD, TOLERANCE);
    }

    @Test
    default void attentionOverACacheIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("cache_attention");
        Tensor out_BHD = Numbers.output(2, 4, 18);
        CacheStep step = new CacheStep(torch.indices("slots"), torch.indices("lengths"));
        ops().cacheAttention(
                        out_BHD,
                        torch.tensor("q"),
                        permuted(torch.tensor("k"), 0, 2, 3, 1),
                        permuted(torch.tensor("v"), 0, 2, 1, 3),
                        step,
                        torch.number("scale"));
        torch.assertClose("out", out_BHD, TOLERANCE);
    }

    /** The same numbers with the dimensions in this order. */
    private static Tensor permuted(Tensor x, int... order) {
        int[] shape = x.shape();
        int[] strides = new int[shape.length];
        for (int i = shape.length - 1, stride = 1; i >= 0; stride *= shape[i--]) {
            strides[i] = stride;
        }
        Tensor result = Numbers.zeros(IntStream.of(order).map(d -> shape[d]).toArray());
        for (int i = 0; i < result.size(); i++) {
            int rest = i;
            int from = 0;
            for (int k = order.length - 1; k >= 0; rest /= shape[order[k--]]) {
                from += rest % shape[order[k]] * strides[order[k]];
            }
            result.set(i, x.get(from));
        }
        return result;
    }

    @Test
    default void swiGluIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("swiglu");
        Tensor y_NF = Numbers.output(2, 37);
        ops().swiGlu(y_NF, torch.tensor("gate"), torch.tensor("up"));
        torch.assertClose("y", y_NF, TOLERANCE);

        Tensor dgate_NF = Numbers.output(2, 37);
        Tensor dup_NF = Numbers.output(2, 37);
        ops().swiGluBackward(dgate_NF, dup_NF, torch.tensor("dy"), torch.tensor("gate"), torch.tensor("up"));
        torch.assertClose("dgate", dgate_NF, TOLERANCE);
        torch.assertClose("dup", dup_NF, TOLERANCE);
    }

    @Test
    default void embeddingIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("embedding");
        int[] ids = torch.indices("ids");
        Tensor y_NC = Numbers.output(9, 19);
        ops().embed(y_NC, torch.tensor("table"), ids);
        torch.assertClose("y", y_NC, 0);

        Tensor dtable_VC = Numbers.zeros(6, 19);
        ops().embedBackward(dtable_VC, torch.tensor("dy"), ids);
        torch.assertClose("dtable", dtable_VC, TOLERANCE);
    }

    @Test
    default void crossEntropyIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("cross_entropy");
        CrossEntropy call =
                new CrossEntropy(torch.tensor("x"), torch.tensor("w"), torch.indices("targets"), Numbers.output(5));
        LossSum forward = ops().linearCrossEntropy(call);
        torch.assertClose("loss", call.loss_N(), TOLERANCE);

        Tensor dx_NC = Numbers.output(5, 19);
        Tensor dw_VC = Numbers.zeros(18, 19);
        assertThat(ops().linearCrossEntropyBackward(dx_NC, dw_VC, call, torch.number("dloss")))
                .isEqualTo(forward);
        torch.assertClose("dx", dx_NC, TOLERANCE);
        torch.assertClose("dw", dw_VC, TOLERANCE);
    }

    @Test
    default void softmaxIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("softmax");
        Tensor y_NV = Numbers.output(3, 21);
        ops().softmax(y_NV, torch.tensor("x"), torch.number("alpha"));
        torch.assertClose("y", y_NV, TOLERANCE);
        ops().logSoftmax(y_NV, torch.tensor("x"), torch.number("alpha"));
        torch.assertClose("log_y", y_NV, TOLERANCE);
    }

    /** Four updates with decay on the matrix only; the norm of the second is above the limit and is clipped. */
    @Test
    default void adamWWithClippingIsPyTorchs() {
        PyTorchNumbers torch = PyTorchNumbers.of("adamw");
        AdamWSettings settings = new AdamWSettings(
                torch.number("beta1"),
                torch.number("beta2"),
                torch.number("epsilon"),
                torch.number("weight_decay"),
                torch.number("clip"));
        Parameter matrix = Parameter.trained("matrix", torch.tensor("matrix"), Arena.ofAuto());
        Parameter vector = Parameter.trained("vector", torch.tensor("vector"), Arena.ofAuto());
        double[] norms = torch.numbers("norms");
        try (Optimizer optimizer = new Optimizer(ops(), List.of(matrix, vector), settings)) {
            for (int step = 0; step < norms.length; step++) {
                Objects.requireNonNull(matrix.gradient())
                        .setAll(torch.tensor("dmatrix" + step).toArray());
                Objects.requireNonNull(vector.gradient())
                        .setAll(torch.tensor("dvector" + step).toArray());
                assertThat(optimizer.step(torch.number("learning_rate")))
                        .as("norm of step %d", step)
                        .isCloseTo(norms[step], within(1e-6 * norms[step]));
                torch.assertClose("matrix" + step, matrix.value(), TOLERANCE);
                torch.assertClose("vector" + step, vector.value(), TOLERANCE);
            }
            torch.assertClose("matrix_moment1", state(optimizer, "moment1/matrix"), TOLERANCE);
            torch.assertClose("matrix_moment2", state(optimizer, "moment2/matrix"), TOLERANCE);
        }
    }

    private static Tensor state(Optimizer optimizer, String name) {
        return Objects.requireNonNull(optimizer.state().get(name), name);
    }
}
