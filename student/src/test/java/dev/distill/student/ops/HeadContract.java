package dev.distill.student.ops;

import static dev.distill.student.ops.Numbers.doubles;
import static dev.distill.student.ops.Numbers.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cross-entropy, softmax, the optimizer's update, and what works element by element. */
interface HeadContract {
    Ops ops();

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,4,7", "9,17,33", "20,8,130"})
    default void crossEntropy(int n, int width, int vocabulary) {
        Numbers numbers = new Numbers(41);
        Tensor x_NC = numbers.normal(n, width);
        Tensor w_VC = numbers.normal(vocabulary, width);
        int[] targets = numbers.indices(n, vocabulary);
        if (n > 2) {
            targets[1] = CrossEntropy.NO_TARGET;
        }
        double[] x = doubles(x_NC);
        double[] w = doubles(w_VC);
        double[] losses = Reference.crossEntropy(x, w, targets, width);
        int count = n > 2 ? n - 1 : n;

        CrossEntropy call = new CrossEntropy(x_NC, w_VC, targets, Numbers.output(n));
        LossSum forward = ops().linearCrossEntropy(call);
        numbers.assertClose(call.loss_N(), losses, 3e-6);
        assertThat(forward.count()).isEqualTo(count);
        assertThat(forward.sum()).isCloseTo(Arrays.stream(losses).sum(), within(1e-5 * n));

        CrossEntropy again = new CrossEntropy(x_NC, w_VC, targets, Numbers.output(n));
        Tensor dx_NC = Numbers.output(n, width);
        Tensor dw_VC = numbers.normal(vocabulary, width);
        double[] dw = doubles(dw_VC);
        assertThat(ops().linearCrossEntropyBackward(dx_NC, dw_VC, again, 0.25f)).isEqualTo(forward);
        assertThat(again.loss_N().toArray()).isEqualTo(call.loss_N().toArray());
        double[] dx = gradient(
                x,
                at -> 0.25
                        * Arrays.stream(Reference.crossEntropy(at, w, targets, width))
                                .sum());
        double[] dwNew = gradient(
                w,
                at -> 0.25
                        * Arrays.stream(Reference.crossEntropy(x, at, targets, width))
                                .sum());
        for (int i = 0; i < dw.length; i++) {
            dw[i] += dwNew[i];
        }
        if (vocabulary > 1) { // one word alone is certain: nothing to learn
            numbers.assertClose(dx_NC, dx, 5e-6);
        }
        numbers.assertClose(dw_VC, dw, 5e-6);
    }

    /** More rows than a chunk: their sum is that of the parts, the gradient of a row does not depend on the others. */
    @Test
    default void crossEntropyInManyChunks() {
        Numbers numbers = new Numbers(42);
        int n = 1300;
        Tensor x_NC = numbers.normal(n, 6);
        Tensor w_VC = numbers.normal(40, 6);
        int[] targets = numbers.indices(n, 40);
        double[] losses = Reference.crossEntropy(doubles(x_NC), doubles(w_VC), targets, 6);
        CrossEntropy call = new CrossEntropy(x_NC, w_VC, targets, Numbers.output(n));
        Tensor dx_NC = Numbers.output(n, 6);
        LossSum sum = ops().linearCrossEntropyBackward(dx_NC, null, call, 1);
        numbers.assertClose(call.loss_N(), losses, 3e-6);
        assertThat(sum.mean()).isCloseTo(Arrays.stream(losses).average().orElseThrow(), within(1e-5));

        Tensor last = Numbers.output(3, 6);
        int[] lastTargets = Arrays.copyOfRange(targets, n - 3, n);
        ops().linearCrossEntropyBackward(
                        last, null, new CrossEntropy(x_NC.slice(n - 3, n), w_VC, lastTargets, Numbers.output(3)), 1);
        numbers.assertClose(dx_NC.slice(n - 3, n), doubles(last), 2e-6);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,3", "5,17", "3,1000"})
    default void softmax(int n, int cols) {
        Numbers numbers = new Numbers(43);
        Tensor x = numbers.normal(n, cols);
        ops().scale(x, 20); // overflows without the shift by the maximum
        double[] logP = Reference.logSoftmax(doubles(x), cols, 1.4f);
        Tensor y = Numbers.output(n, cols);
        ops().logSoftmax(y, x, 1.4f);
        numbers.assertClose(y, logP, 1e-6);
        ops().softmax(x, x, 1.4f); // in place, as is allowed
        numbers.assertClose(x, Arrays.stream(logP).map(Math::exp).toArray(), 1e-5);
    }

    /** Against PyTorch's formula in double, over three steps. */
    @ParameterizedTest
    @CsvSource({"1", "17", "5000"})
    default void adamW(int size) {
        Numbers numbers = new Numbers(44);
        Tensor w = numbers.normal(size);
        Tensor m = Numbers.zeros(size);
        Tensor v = Numbers.zeros(size);
        double[] weight = doubles(w);
        double[] mean = new double[size];
        double[] square = new double[size];
        for (int step = 1; step <= 3; step++) {
            AdamW update = new AdamW(2e-3f, 0.9f, 0.95f, 1e-8f, 0.05f, step, step == 2 ? 0.3f : 1);
            Tensor dw = numbers.normal(size);
            double[] gradient = doubles(dw);
            ops().adamW(w, m, v, dw, update);
            assertThat(dw.toArray()).containsOnly(0);
            for (int i = 0; i < size; i++) {
                double g = gradient[i] * update.clip();
                weight[i] -= (double) update.learningRate() * update.weightDecay() * weight[i];
                mean[i] = update.beta1() * mean[i] + (1 - (double) update.beta1()) * g;
                square[i] = update.beta2() * square[i] + (1 - (double) update.beta2()) * g * g;
                double root = Math.sqrt(square[i] / (1 - Math.pow(update.beta2(), step))) + update.epsilon();
                weight[i] -= update.learningRate() * mean[i] / (1 - Math.pow(update.beta1(), step)) / root;
            }
        }
        numbers.assertClose(w, weight, 5e-7);
        numbers.assertClose(m, mean, 1e-6);
        numbers.assertClose(v, square, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "17", "10001"})
    default void elementByElement(int size) {
        Numbers numbers = new Numbers(45);
        Tensor a = numbers.normal(size);
        Tensor b = numbers.normal(size);
        Tensor y = Numbers.output(size);
        ops().add(y, a, b);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            assertThat(y.get(i)).isEqualTo(a.get(i) + b.get(i));
            sum += (double) a.get(i) * a.get(i);
        }
        assertThat(ops().sumOfSquares(a)).isCloseTo(sum, within(1e-9 * sum));
        double[] expected = doubles(y);
        for (int i = 0; i < size; i++) {
            expected[i] = (expected[i] + 0.3f * (double) b.get(i)) * -2;
        }
        ops().axpy(y, 0.3f, b);
        ops().scale(y, -2);
        numbers.assertClose(y, expected, 2e-7);
        ops().copy(a, y);
        assertThat(a.toArray()).isEqualTo(y.toArray());
        ops().fill(y, 1.5f);
        assertThat(y.toArray()).containsOnly(1.5f);
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "17", "1001"})
    default void copyToBfloat16RoundsToTheNearestEven(int size) {
        Tensor x = new Numbers(46).normal(size);
        Tensor half = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, size);
        Tensor back = Numbers.output(size);
        if (size >= 3) { // two ties, and a large one
            x.set(0, Float.intBitsToFloat(0x3F808000));
            x.set(1, Float.intBitsToFloat(0x3F818000));
            x.set(2, 3.0e38f);
        }
        ops().copy(half, x);
        ops().copy(back, half);
        for (int i = 0; i < size; i++) {
            float value = x.get(i);
            float lower = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
            float upper = Float.intBitsToFloat((Float.floatToRawIntBits(value) & 0xFFFF0000) + 0x10000);
            double toLower = Math.abs((double) value - lower);
            double toUpper = Math.abs((double) value - upper);
            if (toLower != toUpper) {
                assertThat(back.get(i)).isEqualTo(toLower < toUpper || value == lower ? lower : upper);
            }
        }
        if (size >= 3) {
            assertThat(back.get(0)).isEqualTo(1f);
            assertThat(back.get(1)).isEqualTo(Float.intBitsToFloat(0x3F820000));
        }
    }

    @Test
    default void headsRefuseWhatDoesNotFit() {
        assertThatThrownBy(() ->
                        new CrossEntropy(Numbers.zeros(2, 4), Numbers.zeros(9, 4), new int[] {0, 9}, Numbers.zeros(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cross-entropy: every target must be from -1 to 8, got 9 in row 1");
        assertThatThrownBy(() -> new AdamW(1e-3f, 0.9f, 0.95f, 1e-8f, 0, 0, 1)).hasMessageContaining("step 0");
        assertThatThrownBy(() -> ops().add(Numbers.zeros(3), Numbers.zeros(3), Numbers.zeros(1)))
                .hasMessage("add: needs equal shapes, got [FLOAT[3], FLOAT[1]]");
    }

    /** In a vector's middle, in the rest behind the last one, twice, in the first place, everywhere. */
    @Test
    default void argMax() {
        Tensor x_NV = new Numbers(77).normal(5, 203);
        x_NV.set(17, 50);
        x_NV.set(203 + 202, 50);
        x_NV.set(2 * 203 + 33, 50);
        x_NV.set(2 * 203 + 64, 50);
        x_NV.set(3 * 203, 50);
        for (int i = 0; i < 203; i++) {
            x_NV.set(4 * 203 + i, -7);
        }
        assertThat(ops().argMax(x_NV)).containsExactly(17, 202, 33, 0, 0);
    }
}
