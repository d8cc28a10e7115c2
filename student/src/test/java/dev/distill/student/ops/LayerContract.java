package dev.distill.student.ops;

import static dev.distill.student.ops.Numbers.dot;
import static dev.distill.student.ops.Numbers.doubles;
import static dev.distill.student.ops.Numbers.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RMS norm, rotary embedding, SwiGLU, embedding. */
interface LayerContract {
    double ROTARY_BASE = 10_000;

    Ops ops();

    @ParameterizedTest
    @CsvSource({"1,1", "1,3", "5,17", "9,64", "3,130"})
    default void rmsNorm(int n, int width) {
        Numbers numbers = new Numbers(21);
        Tensor x_NC = numbers.normal(n, width);
        Tensor w_C = numbers.normal(width);
        Tensor dy_NC = numbers.normal(n, width);
        double eps = 0.25; // large, so that a row of one column has a gradient too

        Tensor y_NC = Numbers.output(n, width);
        Tensor rstd_N = Numbers.output(n);
        ops().rmsNorm(y_NC, rstd_N, x_NC, w_C, (float) eps);
        numbers.assertClose(y_NC, Reference.rmsNorm(doubles(x_NC), doubles(w_C), eps), 2e-6);

        Tensor dx_NC = Numbers.output(n, width);
        Tensor dw_C = numbers.normal(width);
        double[] oldDw = doubles(dw_C);
        ops().rmsNormBackward(dx_NC, dw_C, dy_NC, x_NC, w_C, rstd_N);
        double[] dy = doubles(dy_NC);
        double[] dx = gradient(doubles(x_NC), x -> dot(dy, Reference.rmsNorm(x, doubles(w_C), eps)));
        double[] dw = gradient(doubles(w_C), w -> dot(dy, Reference.rmsNorm(doubles(x_NC), w, eps)));
        for (int c = 0; c < width; c++) {
            dw[c] += oldDw[c];
        }
        numbers.assertClose(
                dx_NC, dx, width == 1 ? 1e-2 : 5e-6); // of one column hardly any gradient is left to compare
        numbers.assertClose(dw_C, dw, 5e-6);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "5,17", "9,64", "3,130", "70,515"})
    default void scaledColumns(int n, int width) {
        Numbers numbers = new Numbers(27);
        Tensor x_NO = numbers.normal(n, width);
        Tensor c_O = numbers.normal(width);
        Tensor y_NO = numbers.normal(n, width);
        double[] x = doubles(x_NO);
        double[] c = doubles(c_O);
        double[] y = doubles(y_NO);
        for (int i = 0; i < y.length; i++) {
            y[i] = c[i % width] * x[i] + 0.5 * y[i];
        }
        ops().scaleColumns(y_NO, x_NO, c_O, 0.5f);
        numbers.assertClose(y_NO, y, 1e-6);

        Tensor dc_O = numbers.normal(width);
        Tensor dy_NO = numbers.normal(n, width);
        double[] dc = doubles(dc_O);
        double[] dy = doubles(dy_NO);
        double[] dx = new double[x.length];
        for (int i = 0; i < x.length; i++) { // y is linear in x and in c
            dc[i % width] += dy[i] * x[i];
            dx[i] = dy[i] * c[i % width];
        }
        ops().scaleColumnsBackward(x_NO, dc_O, dy_NO, x_NO, c_O); // in place, as is allowed
        numbers.assertClose(x_NO, dx, 1e-6);
        numbers.assertClose(dc_O, dc, 3e-6);

        Tensor fresh_NO = Numbers.output(n, width);
        ops().scaleColumns(fresh_NO, dy_NO, c_O, 0);
        numbers.assertClose(fresh_NO, dx, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "5,17", "9,64", "3,9000"})
    default void rowSquares(int rows, int width) {
        Numbers numbers = new Numbers(28);
        Tensor w_OI = numbers.normal(rows, width);
        double[] squares = new double[rows];
        for (int i = 0; i < w_OI.size(); i++) {
            squares[i / width] += (double) w_OI.get(i) * w_OI.get(i);
        }
        Tensor s_O = Numbers.output(rows);
        ops().rowSquares(s_O, w_OI);
        numbers.assertClose(s_O, squares, 2e-6);
    }

    @Test
    default void rmsNormOfHeadsWithAFrozenWeight() {
        Numbers numbers = new Numbers(22);
        Tensor x_NHD = numbers.normal(5, 3, 8);
        Tensor w_D = numbers.normal(8);
        Tensor dy_NHD = numbers.normal(5, 3, 8);
        Tensor y_NHD = Numbers.output(5, 3, 8);
        Tensor rstd_NH = Numbers.output(5, 3);
        ops().rmsNorm(y_NHD, rstd_NH, x_NHD, w_D, 1e-6f);
        numbers.assertClose(y_NHD, Reference.rmsNorm(doubles(x_NHD), doubles(w_D), 1e-6), 2e-6);

        Tensor dx_NHD = Numbers.output(5, 3, 8);
        ops().rmsNormBackward(dx_NHD, null, dy_NHD, x_NHD, w_D, rstd_NH);
        double[] dx = gradient(doubles(x_NHD), x -> dot(doubles(dy_NHD), Reference.rmsNorm(x, doubles(w_D), 1e-6)));
        numbers.assertClose(dx_NHD, dx, 5e-6);
    }

    @ParameterizedTest
    @CsvSource({"1,1,2", "4,3,6", "7,2,32", "3,1,38"})
    default void rotary(int n, int heads, int width) {
        Numbers numbers = new Numbers(23);
        int[] positions = numbers.indices(n, 100);
        Tensor cos = Numbers.zeros(100, width / 2);
        Tensor sin = Numbers.zeros(100, width / 2);
        for (int i = 0; i < cos.size(); i++) {
            double angle = i / (width / 2) / Math.pow(ROTARY_BASE, 2.0 * (i % (width / 2)) / width);
            cos.set(i, (float) Math.cos(angle));
            sin.set(i, (float) Math.sin(angle));
        }
        Tensor x_NHD = numbers.normal(n, heads, width);
        double[] before = doubles(x_NHD);
        ops().rotary(x_NHD, cos, sin, positions);
        numbers.assertClose(x_NHD, Reference.rotary(before, heads, width, positions, ROTARY_BASE), 1e-6);

        Tensor dx_NHD = numbers.normal(n, heads, width);
        double[] dy = doubles(dx_NHD);
        ops().rotaryBackward(dx_NHD, cos, sin, positions);
        double[] dx = gradient(before, x -> dot(dy, Reference.rotary(x, heads, width, positions, ROTARY_BASE)));
        numbers.assertClose(dx_NHD, dx, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,3", "5,17", "9,64", "70,515"})
    default void swiGlu(int n, int width) {
        Numbers numbers = new Numbers(24);
        Tensor gate = numbers.normal(n, width);
        Tensor up = numbers.normal(n, width);
        ops().scale(gate, 5); // far into both ends of the sigmoid
        Tensor y = Numbers.output(n, width);
        ops().swiGlu(y, gate, up);
        numbers.assertClose(y, Reference.swiGlu(doubles(gate), doubles(up)), 1e-6);

        Tensor dy = numbers.normal(n, width);
        double[] g = doubles(gate);
        double[] u = doubles(up);
        double[] dgate = new double[g.length];
        double[] dup = new double[g.length];
        for (int i = 0; i < g.length; i++) { // no entry depends on another, so each has its own central difference
            double ui = u[i];
            double gi = g[i];
            double dyi = dy.get(i);
            dgate[i] = gradient(new double[] {gi}, a -> dyi * Reference.swiGlu(a, new double[] {ui})[0])[0];
            dup[i] = gradient(new double[] {ui}, b -> dyi * Reference.swiGlu(new double[] {gi}, b)[0])[0];
        }
        ops().swiGluBackward(gate, up, dy, gate, up); // in place, as is allowed
        numbers.assertClose(gate, dgate, 1e-6);
        numbers.assertClose(up, dup, 1e-6);
    }

    @Test
    default void sigmoidOfTheFarEndsStaysFinite() {
        Numbers numbers = new Numbers(25);
        Tensor gate = Numbers.zeros(1, 4);
        gate.setAll(new float[] {-200, -90, 90, 200});
        Tensor one = Numbers.zeros(1, 4);
        ops().fill(one, 1);
        Tensor y = Numbers.output(1, 4);
        ops().swiGlu(y, gate, one);
        numbers.assertClose(y, new double[] {0, 0, 90, 200}, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "7,3,5", "200,40,11"})
    default void embedding(int n, int width, int vocabulary) {
        Numbers numbers = new Numbers(26);
        Tensor table_VC = numbers.normal(vocabulary, width);
        int[] ids = numbers.indices(n, vocabulary);
        Tensor y_NC = Numbers.output(n, width);
        ops().embed(y_NC, table_VC, ids);
        for (int i = 0; i < n * width; i++) {
            assertThat(y_NC.get(i)).isEqualTo(table_VC.get((long) ids[i / width] * width + i % width));
        }

        Tensor dy_NC = numbers.normal(n, width);
        Tensor dtable_VC = numbers.normal(vocabulary, width);
        double[] expected = doubles(dtable_VC);
        for (int i = 0; i < n * width; i++) {
            expected[ids[i / width] * width + i % width] += dy_NC.get(i);
        }
        ops().embedBackward(dtable_VC, dy_NC, ids);
        numbers.assertClose(dtable_VC, expected, 2e-6);
    }

    @Test
    default void layersRefuseWhatDoesNotFit() {
        assertThatThrownBy(() -> ops().embed(Numbers.zeros(1, 4), Numbers.zeros(3, 4), new int[] {3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("embed: every id must be from 0 to 2, got 3 in row 0");
        assertThatThrownBy(() -> ops().swiGlu(Numbers.zeros(3, 3), Numbers.zeros(3, 1), Numbers.zeros(1, 3)))
                .hasMessage("SwiGLU: needs equal shapes, got [FLOAT[3, 3], FLOAT[3, 1]]");
        assertThatThrownBy(() ->
                        ops().rmsNorm(Numbers.zeros(2, 4), Numbers.zeros(1), Numbers.zeros(2, 4), Numbers.zeros(4), 0))
                .hasMessage("RMS norm: needs one rstd for each row, got [FLOAT[2, 4], FLOAT[1]]");
        assertThatThrownBy(() ->
                        ops().rotary(Numbers.zeros(1, 2, 5), Numbers.zeros(9, 2), Numbers.zeros(9, 2), new int[] {0}))
                .hasMessageStartingWith("rotary: needs [N, H, D] with D even and tables [P, D/2], got");
    }
}
