package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.report.TaskScore;
import dev.distill.pipeline.JudgeReport;
import dev.distill.pipeline.JudgeStage;
import dev.distill.pipeline.Pipeline.Outcome;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Unanswered;
import dev.distill.train.TrainResult;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the stages came to, in the fields that docs and scripts name. */
final class OutcomeJson {
    private OutcomeJson() {}

    /** One stage's figures stand at the top; those of several stages each under the stage's name. */
    static ObjectNode of(Outcome outcome, boolean several) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        outcome.harvest().ifPresent(result -> harvest(at(root, "harvest", several), result));
        if (outcome.verification().isPresent() || outcome.judgement().isPresent()) {
            verification(at(root, "verify", several), outcome);
        }
        outcome.curation().ifPresent(report -> CurationJson.put(at(root, "curate", several), report));
        outcome.training().ifPresent(result -> training(at(root, "train", several), result));
        outcome.evaluation().ifPresent(evaluated -> {
            ObjectNode node = at(root, "eval", several);
            scores(node, evaluated.scores());
            node.put("report", evaluated.report().toString());
        });
        outcome.export().ifPresent(exported -> {
            ObjectNode node = at(root, "export", several)
                    .put("bytes", exported.bytes())
                    .put("max_logit_diff", exported.parity().maxLogitDiff())
                    .put("greedy_agreement", exported.parity().greedyAgreement());
            exported.files().forEach(node.putArray("files")::add);
        });
        return root;
    }

    /** All but what people are shown as a table. */
    static ObjectNode figures(ObjectNode outcome) {
        return outcome.deepCopy().without(CurationJson.CHECKS);
    }

    private static ObjectNode at(ObjectNode root, String stage, boolean several) {
        return several ? root.putObject(stage) : root;
    }

    private static void verification(ObjectNode node, Outcome outcome) {
        outcome.verification().ifPresent(report -> {
            node.put("read", report.read()).put("verified", report.verified()).put("passed", report.passed());
            report.reasons().forEach(node.putObject("reasons")::put);
        });
        outcome.judgement().ifPresent(result -> {
            JudgeReport report = result.report();
            ObjectNode judge = node.put("read", report.read())
                    .putObject("judge")
                    .put("asked", report.asked())
                    .put("right", report.right())
                    .put("wrong", report.wrong())
                    .put("undecided", report.undecided());
            put(judge, "left", report.left());
            report.reasons().forEach(judge.putObject("reasons")::put);
            judge.putObject("agreement")
                    .put("same", report.agreement().same())
                    .put("of", report.agreement().of());
            money(judge.putObject("spent"), report.spent());
            result.harvest().ifPresent(harvest -> unanswered(judge, harvest.unanswered()));
        });
    }

    private static void money(ObjectNode node, Money money) {
        node.put("amount", money.amount().toPlainString()).put("currency", money.currency());
    }

    private static void unanswered(ObjectNode node, Unanswered unanswered) {
        if (unanswered.requests() > 0) {
            node.putObject("unanswered")
                    .put("requests", unanswered.requests())
                    .put("at_most", unanswered.atMost().amount().toPlainString())
                    .put("currency", unanswered.atMost().currency());
        }
    }

    /** What a harvest came to. */
    static void harvest(ObjectNode node, HarvestResult result) {
        node.put("units", result.units())
                .put("completed", result.completed())
                .put(
                        "failed",
                        result.failed().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                .put("bought_tokens", result.boughtTokens());
        money(node.putObject("spent"), result.spent());
        unanswered(node, result.unanswered());
        Long accepted = result.counts().get("accepted");
        if (accepted != null) {
            node.put("accepted", accepted);
            if (accepted > 0) {
                BigDecimal each = result.spent().amount().divide(BigDecimal.valueOf(accepted), MathContext.DECIMAL32);
                node.putObject("spent_per_accepted")
                        .put("amount", each.toPlainString())
                        .put("currency", result.spent().currency());
            }
            put(node, "short_prompts", result.counts().get("short_prompts"));
        }
        put(node, "duplicates", result.counts().get("duplicate_prompts"));
        put(node, "near_duplicates", result.counts().get("near_duplicate_prompts"));
        result.shards().forEach(shard -> node.withArray("shards").add(shard.toString()));
    }

    /** A count that is there and not 0. */
    private static void put(ObjectNode node, String name, @Nullable Long count) {
        if (count != null && count != 0) {
            node.put(name, count);
        }
    }

    private static void training(ObjectNode node, TrainResult result) {
        node.put("steps", result.reports().getLast().step())
                .put("tokens_trained", result.trainedTokens())
                .put("tokens_per_s", result.tokensPerSecond())
                .put("peak_rss_mib", Memory.peakResidentMib())
                .put("checkpoint", result.checkpoint().toString());
        putMeasured(node, "loss_first", result.firstLoss());
        putMeasured(node, "loss_last", result.lastLoss());
        putMeasured(node, "val_loss_first", result.firstValidationLoss());
        putMeasured(node, "val_loss_last", result.lastValidationLoss());
    }

    /** A figure that was not measured is left out: JSON has no NaN. */
    static void putMeasured(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    /** One model's scores. */
    static void scores(ObjectNode node, List<TaskScore> scores) {
        node.put("model", scores.getFirst().model());
        ObjectNode tasks = node.putObject("tasks");
        for (TaskScore score : scores) {
            ObjectNode task =
                    tasks.putObject(score.task()).put("n", score.questions()).put("k", score.samples());
            putMeasured(task, "pass_at_1", score.passAt1().value());
            putMeasured(task, "low", score.passAt1().low());
            putMeasured(task, "high", score.passAt1().high());
            putMeasured(task, "cons", score.consensus());
            task.put("undecided", score.count(Grade.UNDECIDED))
                    .put("no_answer", score.count(Grade.NO_ANSWER))
                    .put("truncated", score.count(Grade.TRUNCATED))
                    .put("infra_error", score.count(Grade.INFRA_ERROR));
        }
    }

    /** The process's exit code for a run that came to its end. */
    static int exitCode(Outcome outcome) {
        return Stream.concat(
                        outcome.harvest().stream(), outcome.judgement().flatMap(JudgeStage.Result::harvest).stream())
                .mapToInt(OutcomeJson::exitCode)
                .filter(code -> code != ExitCode.DONE)
                .findFirst()
                .orElse(ExitCode.DONE);
    }

    static int exitCode(HarvestResult result) {
        return switch (result.ending()) {
            case Ending.Done done -> result.completed() > 0 ? ExitCode.DONE : ExitCode.FAILED;
            case Ending.BudgetReached reached -> ExitCode.BUDGET;
            case Ending.Interrupted interrupted -> ExitCode.FAILED;
            case Ending.Stopped stopped -> ExitCode.FAILED;
        };
    }
}
