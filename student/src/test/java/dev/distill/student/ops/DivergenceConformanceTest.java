package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.student.model.ConformanceFolder;
import dev.distill.student.tensor.DType;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * torchtune's own expected losses. What it calls forward KL is the cross-entropy of the two, so the teacher's entropy is added to ours. Its
 * vocabulary of four is named whole.
 */
@Tag("conformance")
final class DivergenceConformanceTest {
    private static final int V = 4;

    @Test
    void agreesWithTorchtune() throws Exception {
        JsonNode cases = ConformanceFolder.json("training/kd_loss_goldens.json").get("cases");
        assertThat(cases).hasSize(3);
        for (JsonNode golden : cases) {
            String test = golden.get("test").asText();
            Divergence divergence = test.contains("forward")
                    ? new Divergence.ForwardKl()
                    : test.contains("reverse") ? new Divergence.ReverseKl() : null;
            double sum = 0;
            int rows = 0;
            for (int batch = 0; batch < golden.get("student_logits").size(); batch++) {
                for (int t = 0; t < golden.get("student_logits").get(batch).size(); t++) {
                    if (golden.get("labels").get(batch).get(t).asInt() == -100) {
                        continue;
                    }
                    double[] q =
                            logSoftmax(golden.get("student_logits").get(batch).get(t));
                    double[] p =
                            logSoftmax(golden.get("teacher_logits").get(batch).get(t));
                    sum += divergence != null
                            ? distance(divergence, p, q) + (test.contains("forward") ? entropy(p) : 0)
                            : (distance(new Divergence.ForwardKl(), p, q) + entropy(p)) / 2
                                    + distance(new Divergence.ReverseKl(), p, q) / 2;
                    rows++;
                }
            }
            assertThat(sum / rows)
                    .as(test)
                    .isCloseTo(golden.get("expected_loss").asDouble(), within(0.01));
        }
    }

    private static double distance(Divergence divergence, double[] p, double[] q) {
        float[] teacher = new float[V];
        int[] ids = new int[V];
        for (int i = 0; i < V; i++) {
            teacher[i] = (float) p[i];
            ids[i] = i;
        }
        return new BucketDivergence(divergence, new TeacherRows(V, ids, teacher), 0, token -> q[token]).value();
    }

    private static double entropy(double[] logP) {
        double sum = 0;
        for (double value : logP) {
            sum -= Math.exp(value) * value;
        }
        return sum;
    }

    /** The golden numbers come from logits in bfloat16. */
    private static double[] logSoftmax(JsonNode logits) {
        double[] rounded = StreamSupport.stream(logits.spliterator(), false)
                .mapToDouble(value -> DType.widen(DType.narrow((float) value.asDouble())))
                .toArray();
        return Reference.logSoftmax(rounded, V, 1);
    }
}
