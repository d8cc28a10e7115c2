package dev.distill.student.ops;

import static dev.distill.student.ops.Numbers.doubles;
import static dev.distill.student.ops.Numbers.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loss against a teacher's likeliest tokens, and its gradient, against the papers' formulas in double and their central differences. */
interface DistillationContract {
    Ops ops();

    int N = 5;
    int C = 6;
    int V = 23;
    int K = 4;

    static Stream<Distillation> distillations() {
        return Stream.of(
                        new Divergence.ForwardKl(),
                        new Divergence.ReverseKl(),
                        new Divergence.JensenShannon(0.5),
                        new Divergence.JensenShannon(0.1),
                        new Divergence.SkewedForwardKl(0.1),
                        new Divergence.SkewedReverseKl(0.1))
                .flatMap(divergence -> Stream.of(
                        new Distillation(divergence, 1, 1),
                        new Distillation(divergence, 1, 0.3),
                        new Distillation(divergence, 2.5, 0.7)));
    }

    @ParameterizedTest
    @MethodSource("distillations")
    default void lossAndGradient(Distillation how) {
        Numbers numbers = new Numbers(51);
        Tensor x_NC = numbers.normal(N, C);
        Tensor w_VC = numbers.normal(V, C);
        int[] targets = {3, CrossEntropy.NO_TARGET, 7, 0, 22};
        TeacherRows teacher = teacher(numbers);
        double[] x = doubles(x_NC);
        double[] w = doubles(w_VC);
        double[] losses = losses(x, w, targets, teacher, how);

        CrossEntropy call =
                new CrossEntropy(x_NC, w_VC, null, targets, new SoftTargets(teacher, how), Numbers.output(N));
        LossSum forward = ops().linearCrossEntropy(call);
        numbers.assertClose(call.loss_N(), losses, 5e-6);
        assertThat(forward.count()).isEqualTo(4);
        assertThat(forward.sum()).isCloseTo(Arrays.stream(losses).sum(), within(1e-5 * N));
        double plain = Arrays.stream(Reference.crossEntropy(x, w, targets, C)).sum();
        assertThat(forward.crossEntropy()).isCloseTo(plain, within(1e-5 * N));
        Distillation alone = new Distillation(how.divergence(), how.temperature(), 1);
        double[] distances = losses(x, w, targets, teacher, alone);
        double scale = how.temperature() * how.temperature();
        // row 3 has no teacher
        assertThat(forward.divergence())
                .isCloseTo((distances[0] + distances[2] + distances[4]) / scale, within(1e-5 * N));

        Tensor dx_NC = Numbers.output(N, C);
        Tensor dw_VC = numbers.normal(V, C);
        double[] dw = doubles(dw_VC);
        assertThat(ops().linearCrossEntropyBackward(dx_NC, dw_VC, call, 0.25f)).isEqualTo(forward);
        numbers.assertClose(
                dx_NC,
                gradient(
                        x,
                        at -> 0.25
                                * Arrays.stream(losses(at, w, targets, teacher, how))
                                        .sum()),
                1e-5);
        double[] more = gradient(
                w,
                at -> 0.25 * Arrays.stream(losses(x, at, targets, teacher, how)).sum());
        numbers.assertClose(
                dw_VC,
                IntStream.range(0, dw.length).mapToDouble(i -> dw[i] + more[i]).toArray(),
                1e-5);
    }

    /** A teacher that says nothing changes nothing, to the bit. */
    @Test
    default void withoutATeachersWordItIsTheCrossEntropy() {
        Numbers numbers = new Numbers(52);
        Tensor x_NC = numbers.normal(N, C);
        Tensor w_VC = numbers.normal(V, C);
        int[] targets = numbers.indices(N, V);
        int[] none = new int[N * K];
        Arrays.fill(none, TeacherRows.NONE);
        SoftTargets silent = new SoftTargets(
                new TeacherRows(K, none, new float[N * K]), new Distillation(new Divergence.ReverseKl(), 2, 0.5));
        Tensor dx = Numbers.output(N, C);
        Tensor expected = Numbers.output(N, C);
        LossSum sum = ops().linearCrossEntropyBackward(
                        dx, null, new CrossEntropy(x_NC, w_VC, null, targets, silent, Numbers.output(N)), 0.5f);
        CrossEntropy plain = new CrossEntropy(x_NC, w_VC, targets, Numbers.output(N));
        assertThat(ops().linearCrossEntropyBackward(expected, null, plain, 0.5f))
                .isEqualTo(sum);
        assertThat(dx.toArray()).isEqualTo(expected.toArray());
    }

    @Test
    default void teachersThatDoNotFitAreRefused() {
        SoftTargets soft = new SoftTargets(
                new TeacherRows(1, new int[] {0, 9}, new float[] {-1, -1}),
                new Distillation(new Divergence.ForwardKl(), 1, 1));
        assertThatThrownBy(() -> new CrossEntropy(
                        Numbers.zeros(2, 4), Numbers.zeros(9, 4), null, new int[2], soft, Numbers.zeros(2)))
                .hasMessage("cross-entropy: every teacher's token must be from -1 to 8, got 9 in row 1");
        assertThatThrownBy(() -> new CrossEntropy(
                        Numbers.zeros(3, 4), Numbers.zeros(9, 4), null, new int[3], soft, Numbers.zeros(3)))
                .hasMessage("cross-entropy: needs a teacher's row for each of 3 targets, got 2");
        assertThatThrownBy(() -> new TeacherRows(2, new int[] {1, 2}, new float[] {-1, 0.5f}))
                .hasMessageContaining("must be at most 0, got 0.5 of token 2 in row 0");
        assertThatThrownBy(() -> new Divergence.JensenShannon(1)).hasMessageContaining("got 1.0");
    }

    /** The likeliest K of a random distribution; fewer in row 4, none in row 3. */
    private static TeacherRows teacher(Numbers numbers) {
        double[] logP = Reference.logSoftmax(doubles(numbers.normal(N, V)), V, 2);
        int[] ids = new int[N * K];
        float[] values = new float[N * K];
        Arrays.fill(ids, TeacherRows.NONE);
        for (int n = 0; n < N; n++) {
            int row = n;
            List<Integer> best = IntStream.range(0, V)
                    .boxed()
                    .sorted((a, b) -> Double.compare(logP[row * V + b], logP[row * V + a]))
                    .toList();
            int count = n == 3 ? 0 : n == 4 ? 2 : K;
            for (int i = 0; i < count; i++) {
                ids[n * K + i] = best.get(i);
                values[n * K + i] = (float) logP[n * V + best.get(i)];
            }
        }
        return new TeacherRows(K, ids, values);
    }

    private static double[] losses(double[] x, double[] w, int[] targets, TeacherRows teacher, Distillation how) {
        double[] plain = Reference.crossEntropy(x, w, targets, C);
        double[] logits = Reference.product(x, Reference.transpose(w, V, C), N, C, V);
        double[] q = Reference.logSoftmax(logits, V, 1 / how.temperature());
        double[] losses = plain.clone();
        for (int n = 0; n < N; n++) {
            if (targets[n] >= 0 && teacher.count(n) > 0) {
                double distance = distance(how.divergence(), teacher, n, Arrays.copyOfRange(q, n * V, (n + 1) * V));
                losses[n] =
                        (1 - how.share()) * plain[n] + how.share() * how.temperature() * how.temperature() * distance;
            }
        }
        return losses;
    }

    /** As the papers write it, over the named tokens and one bucket for all others. */
    private static double distance(Divergence divergence, TeacherRows teacher, int row, double[] logQ) {
        int count = teacher.count(row);
        double[] p = new double[count + 1];
        double[] q = new double[count + 1];
        p[count] = 1;
        q[count] = 1;
        for (int i = 0; i < count; i++) {
            p[i] = Math.exp(teacher.logProbability(row, i));
            q[i] = Math.exp(logQ[teacher.id(row, i)]);
            p[count] -= p[i];
            q[count] -= q[i];
        }
        return switch (divergence) {
            case Divergence.ForwardKl kl -> kl(p, q);
            case Divergence.ReverseKl kl -> kl(q, p);
            case Divergence.JensenShannon(double beta) ->
                beta * kl(p, mix(beta, p, q)) + (1 - beta) * kl(q, mix(beta, p, q));
            case Divergence.SkewedForwardKl(double alpha) -> kl(p, mix(alpha, p, q));
            case Divergence.SkewedReverseKl(double alpha) -> kl(q, mix(alpha, q, p));
        };
    }

    private static double kl(double[] a, double[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> a[i] * Math.log(a[i] / b[i]))
                .sum();
    }

    private static double[] mix(double share, double[] a, double[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> share * a[i] + (1 - share) * b[i])
                .toArray();
    }
}
