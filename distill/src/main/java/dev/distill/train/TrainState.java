package dev.distill.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run is between two steps: with the weights and the optimizer's moments, all that the next step depends on. A
 * step is atomic: its micro-batches are never saved half done, so there is no gradient to keep. There is no generator of
 * random numbers either, for all that is random is a function of a seed and the step.
 *
 * @param step done, or left out, so far
 * @param updates of the optimizer, fewer than steps where some were left out
 * @param validationLoss after this step; NaN where it was not measured
 * @param score share of right answers after this step; NaN where no questions were asked
 * @param exam whose score it is, see {@link Exam#fingerprint}; empty where there is none
 * @param skipped steps that were left out for what they would have done, in order
 * @param recentLosses of the last steps, the newest last: what a spike is measured against
 */
record TrainState(
        int step,
        int updates,
        double validationLoss,
        double score,
        String exam,
        List<Integer> skipped,
        List<Double> recentLosses) {
    /** Before the first step. */
    static final TrainState START = unmeasured(0, 0, List.of(), List.of());

    TrainState {
        skipped = List.copyOf(skipped);
        recentLosses = List.copyOf(recentLosses);
    }

    static TrainState unmeasured(int step, int updates, List<Integer> skipped, List<Double> recentLosses) {
        return new TrainState(step, updates, Double.NaN, Double.NaN, "", skipped, recentLosses);
    }

    /** After the next step, which made an update. */
    TrainState after(double loss, int updatesNow) {
        return unmeasured(step + 1, updatesNow, skipped, BadSteps.with(recentLosses, loss));
    }

    /** After steps that were left out, up to this one. */
    TrainState without(int last) {
        List<Integer> all = new ArrayList<>(skipped);
        for (int left = step + 1; left <= last; left++) {
            all.add(left);
        }
        return unmeasured(last, updates, all, recentLosses);
    }

    TrainState measured(double loss, double share, String by) {
        return new TrainState(step, updates, loss, share, by, skipped, recentLosses);
    }

    void writeTo(ObjectNode node) {
        node.put("step", step).put("updates", updates);
        if (Double.isFinite(validationLoss)) {
            node.put("validation_loss", validationLoss);
        }
        if (Double.isFinite(score)) {
            node.put("score", score).put("exam", exam);
        }
        skipped.forEach(node.putArray("skipped")::add);
        recentLosses.forEach(node.putArray("recent_losses")::add);
    }

    static TrainState read(JsonNode node) {
        List<Integer> skipped = new ArrayList<>();
        node.path("skipped").forEach(step -> skipped.add(step.asInt()));
        List<Double> losses = new ArrayList<>();
        node.path("recent_losses").forEach(loss -> losses.add(loss.asDouble()));
        return new TrainState(
                node.path("step").asInt(),
                node.path("updates").asInt(),
                node.path("validation_loss").asDouble(Double.NaN),
                node.path("score").asDouble(Double.NaN),
                node.path("exam").asText(""),
                skipped,
                losses);
    }

    /** As JSON, alone: for messages and tests. */
    @Override
    public String toString() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        writeTo(node);
        return node.toString();
    }
}
