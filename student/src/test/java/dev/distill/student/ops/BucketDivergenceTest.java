package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BucketDivergenceTest {
    private static final double[] STUDENT = {-0.5, -2};

    static Stream<Divergence> divergences() {
        return Stream.of(
                new Divergence.ForwardKl(),
                new Divergence.ReverseKl(),
                new Divergence.JensenShannon(0.5),
                new Divergence.SkewedForwardKl(0.1),
                new Divergence.SkewedReverseKl(0.1));
    }

    /** At temperature 0.01 ten nats are a thousand, of which exp is 0 in a double: the distance is that from any token as good as impossible. */
    @ParameterizedTest
    @MethodSource("divergences")
    void aTokenOfNoMassIsNoTrouble(Divergence divergence) {
        BucketDivergence none = of(divergence, -1000);
        BucketDivergence barely = of(divergence, -700); // exp is 1e-304
        if (!(divergence
                instanceof
                Divergence.ReverseKl)) { // which grows with the logarithm, and so is told from the other below
            assertThat(none.value()).isCloseTo(barely.value(), within(1e-9));
        } else {
            assertThat(none.value()).isCloseTo(barely.value(), within(10 * Math.exp(STUDENT[1])));
        }
        assertThat(none.slope()).isFinite();
        assertThat(none.correction(0)).isFinite();
        assertThat(none.correction(1)).isFinite();
    }

    private static BucketDivergence of(Divergence divergence, float second) {
        TeacherRows teacher = new TeacherRows(2, new int[] {0, 1}, new float[] {0, second});
        return new BucketDivergence(divergence, teacher, 0, token -> STUDENT[token]);
    }
}
