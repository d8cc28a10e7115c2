package dev.distill.student.ops;

import static dev.distill.student.ops.Numbers.doubles;
import static dev.distill.student.ops.Reference.product;
import static dev.distill.student.ops.Reference.transpose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrix products and biases. */
interface MatrixContract {
    Ops ops();

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,3,5", "7,3,1", "5,17,9", "16,16,16", "33,31,65", "70,129,130", "3,300,7", "130,40,257"})
    default void theThreeFormsOfALinearLayer(int n, int in, int out) {
        Numbers numbers = new Numbers(n * 1000L + out);
        Tensor x_NI = numbers.normal(n, in);
        Tensor w_OI = numbers.normal(out, in);
        Tensor dy_NO = numbers.normal(n, out);

        Tensor y_NO = Numbers.output(n, out);
        ops().linear(y_NO, x_NI, w_OI, 0);
        numbers.assertClose(y_NO, product(doubles(x_NI), transpose(doubles(w_OI), out, in), n, in, out), 2e-6);

        Tensor dx_NI = Numbers.output(n, in);
        ops().linearBackwardInput(dx_NI, dy_NO, w_OI, 0);
        numbers.assertClose(dx_NI, product(doubles(dy_NO), doubles(w_OI), n, out, in), 2e-6);

        Tensor dw_OI = Numbers.output(out, in);
        ops().linearBackwardWeight(dw_OI, dy_NO, x_NI, 0);
        numbers.assertClose(dw_OI, product(transpose(doubles(dy_NO), n, out), doubles(x_NI), out, n, in), 2e-6);
    }

    @Test
    default void betaKeepsWhatWasThere() {
        Numbers numbers = new Numbers(11);
        Tensor x_NI = numbers.normal(19, 13);
        Tensor w_OI = numbers.normal(21, 13);
        Tensor dy_NO = numbers.normal(19, 21);

        Tensor y_NO = numbers.normal(19, 21);
        double[] y = plus(doubles(y_NO), -0.5, product(doubles(x_NI), transpose(doubles(w_OI), 21, 13), 19, 13, 21));
        ops().linear(y_NO, x_NI, w_OI, -0.5f);
        numbers.assertClose(y_NO, y, 2e-6);

        Tensor dx_NI = numbers.normal(19, 13);
        double[] dx = plus(doubles(dx_NI), 1, product(doubles(dy_NO), doubles(w_OI), 19, 21, 13));
        ops().linearBackwardInput(dx_NI, dy_NO, w_OI, 1);
        numbers.assertClose(dx_NI, dx, 2e-6);

        Tensor dw_OI = numbers.normal(21, 13);
        double[] dw = plus(doubles(dw_OI), 1, product(transpose(doubles(dy_NO), 19, 21), doubles(x_NI), 21, 19, 13));
        ops().linearBackwardWeight(dw_OI, dy_NO, x_NI, 1);
        numbers.assertClose(dw_OI, dw, 2e-6);
    }

    private static double[] plus(double[] old, double beta, double[] product) {
        for (int i = 0; i < old.length; i++) {
            product[i] += beta * old[i];
        }
        return product;
    }

    /** Heads are a third dimension; for a product they are part of the columns or rows that the handle shows. */
    @Test
    default void rowsAreAllDimensionsButTheLast() {
        Numbers numbers = new Numbers(12);
        Tensor x = numbers.normal(2, 3, 4);
        Tensor w = numbers.normal(5, 4);
        Tensor y = Numbers.output(2, 3, 5);
        ops().linear(y, x, w, 0);
        numbers.assertClose(y, product(doubles(x), transpose(doubles(w), 5, 4), 6, 4, 5), 2e-6);
    }

    @Test
    default void productsOfSlices() {
        Numbers numbers = new Numbers(13);
        Tensor x = numbers.normal(10, 7).slice(3, 8);
        Tensor w = numbers.normal(9, 7).slice(1, 4);
        Tensor y = Numbers.output(9, 3);
        ops().linear(y.slice(2, 7), x, w, 0);
        numbers.assertClose(y.slice(2, 7), product(doubles(x), transpose(doubles(w), 3, 7), 5, 7, 3), 2e-6);
        assertThat(y.get(5)).isNaN(); // the rows around are untouched
        assertThat(y.get(21)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,3", "5,17", "40,33", "300,64"})
    default void bias(int n, int out) {
        Numbers numbers = new Numbers(14);
        Tensor y_NO = numbers.normal(n, out);
        Tensor b_O = numbers.normal(out);
        Tensor db_O = numbers.normal(out);
        double[] y = doubles(y_NO);
        double[] db = doubles(db_O);
        for (int i = 0; i < y.length; i++) {
            db[i % out] += y[i];
        }
        ops().addBiasBackward(db_O, y_NO);
        numbers.assertClose(db_O, db, 2e-6);

        for (int i = 0; i < y.length; i++) {
            y[i] += b_O.get(i % out);
        }
        ops().addBias(y_NO, b_O);
        numbers.assertClose(y_NO, y, 1e-6);
    }

    @Test
    default void aProductOfMatricesThatDoNotFitIsRefused() {
        assertThatThrownBy(() -> ops().linear(Numbers.zeros(2, 4), Numbers.zeros(2, 3), Numbers.zeros(4, 5), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "linear: needs [N, O], [N, I] and a weight [O, I], got [FLOAT[2, 4], FLOAT[2, 3], FLOAT[4, 5]]");
        assertThatThrownBy(() -> ops().addBias(Numbers.zeros(2, 4), Numbers.zeros(1)))
                .hasMessage("add bias: needs [N, O] and a bias [O], got [FLOAT[2, 4], FLOAT[1]]");
        Tensor half = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, 4);
        assertThatThrownBy(() -> ops().addBias(Numbers.zeros(2, 4), half))
                .hasMessage("add bias: needs FLOAT, got BFLOAT16[4]; copy it to a FLOAT tensor first");
    }
}
