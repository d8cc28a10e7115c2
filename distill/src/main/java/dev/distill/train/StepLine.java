package dev.distill.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.metric.Interval;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A {@link StepReport} as a line of {@code metrics.jsonl}; docs/formats.md has its keys. */
final class StepLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StepLine() {}

    static String write(StepReport report) {
        StepReport.Learning learning = report.learning();
        ObjectNode node = JSON.createObjectNode().put("step", report.step());
        put(node, "loss", learning.loss());
        put(node, "cross_entropy", learning.teaching().crossEntropy());
        put(node, "divergence", learning.teaching().divergence());
        put(node, "grad_norm", learning.gradientNorm());
        put(node, "learning_rate", learning.learningRate());
        node.put("tokens", learning.tokens())
                .put("trained_tokens", learning.trainedTokens())
                .put("dropped", learning.dropped());
        put(node, "val_loss", learning.validation().all());
        if (!learning.validation().byDomain().isEmpty()) {
            ObjectNode domains = node.putObject("val_losses");
            learning.validation().byDomain().forEach((domain, loss) -> put(domains, domain, loss));
        }
        if (learning.score().isThere()) {
            Interval share = learning.score().passAt1();
            node.put("score", share.value()).put("score_low", share.low()).put("score_high", share.high());
            node.put("score_questions", learning.score().questions());
        }
        StepReport.Cost cost = report.cost();
        node.put("at", cost.at().toString());
        put(node, "seconds", cost.seconds());
        put(node, "tokens_per_s", report.tokensPerSecond());
        put(node, "trained_tokens_per_s", report.trainedTokensPerSecond());
        put(node, "matmul_share", cost.matmulShare());
        putKnown(node, "rss_mib", cost.memory().nowMib());
        putKnown(node, "peak_rss_mib", cost.memory().peakMib());
        return node.toString();
    }

    /** JSON has no NaN: what was not measured is left out. */
    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    private static void putKnown(ObjectNode node, String name, long value) {
        if (value > 0) {
            node.put(name, value);
        }
    }

    /** @throws JsonProcessingException if it is no JSON, such as a torn line */
    static StepReport read(String line) throws JsonProcessingException {
        JsonNode node = JSON.readTree(line);
        return new StepReport(node.path("step").asInt(), learning(node), cost(node));
    }

    private static StepReport.Learning learning(JsonNode node) {
        SortedMap<String, Double> domains = new TreeMap<>();
        for (Map.Entry<String, JsonNode> domain : node.path("val_losses").properties()) {
            domains.put(domain.getKey(), domain.getValue().asDouble());
        }
        return new StepReport.Learning(
                node.path("loss").asDouble(Double.NaN),
                new StepReport.Teaching(
                        node.path("cross_entropy").asDouble(Double.NaN),
                        node.path("divergence").asDouble(Double.NaN)),
                node.path("grad_norm").asDouble(Double.NaN),
                node.path("learning_rate").asDouble(Double.NaN),
                node.path("tokens").asLong(),
                node.path("trained_tokens").asLong(),
                node.path("dropped").asInt(),
                new Validation.Losses(node.path("val_loss").asDouble(Double.NaN), domains),
                score(node));
    }

    private static Exam.Score score(JsonNode node) {
        return node.has("score")
                ? new Exam.Score(
                        node.path("score_questions").asInt(),
                        new Interval(
                                node.path("score").asDouble(),
                                node.path("score_low").asDouble(),
                                node.path("score_high").asDouble()))
                : Exam.Score.NONE;
    }

    /** Lines of earlier versions have no time, memory or share. */
    private static StepReport.Cost cost(JsonNode node) {
        return new StepReport.Cost(
                node.has("at") ? Instant.parse(node.path("at").asText()) : Instant.EPOCH,
                node.path("seconds").asDouble(),
                new Resident(
                        node.path("rss_mib").asLong(), node.path("peak_rss_mib").asLong()),
                node.path("matmul_share").asDouble(Double.NaN));
    }
}
