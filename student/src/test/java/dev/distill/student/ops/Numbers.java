package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Random tensors from a printed seed, and comparisons of floats with doubles. */
final class Numbers {
    private final Random random;
    private final long seed;

    Numbers(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Standard normal numbers. */
    Tensor normal(int... shape) {
        Tensor tensor = zeros(shape);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }

    int[] indices(int count, int below) {
        return random.ints(count, 0, below).toArray();
    }

    static Tensor zeros(int... shape) {
        return Tensor.allocate(Arena.ofAuto(), DType.FLOAT, shape);
    }

    /** An output: not-a-number everywhere, so that what an operation does not write, or reads, is seen. */
    static Tensor output(int... shape) {
        Tensor tensor = zeros(shape);
        float[] values = new float[Math.toIntExact(tensor.size())];
        Arrays.fill(values, Float.NaN);
        tensor.setAll(values);
        return tensor;
    }

    static double[] doubles(Tensor tensor) {
        float[] values = tensor.toArray();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < b.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The gradient of a function by central differences, in double: an error of about 1e-9 where the function is of order 1. */
    static double[] gradient(double[] at, ToDoubleFunction<double[]> function) {
        double h = 1e-5;
        double[] x = at.clone();
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = at[i] + h;
            double above = function.applyAsDouble(x);
            x[i] = at[i] - h;
            double below = function.applyAsDouble(x);
            x[i] = at[i];
            gradient[i] = (above - below) / (2 * h);
        }
        return gradient;
    }

    /**
     * The largest difference is at most {@code tolerance} times the largest expected magnitude. Floats carry 6e-8; sums of a hundred terms lose
     * a digit of that.
     */
    void assertClose(Tensor actual, double[] expected, double tolerance) {
        assertClose("seed " + seed, actual, expected, tolerance);
    }

    /** The same for numbers that do not come from a seed. */
    static void assertClose(String source, Tensor actual, double[] expected, double tolerance) {
        double[] values = doubles(actual);
        assertThat(values).as(source).hasSize(expected.length);
        double largest = 1e-30;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i])
                    .as("entry %d of %s, %s", i, actual, source)
                    .isCloseTo(expected[i], within(tolerance * largest));
        }
    }
}
