package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.task.Conditions;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a task's figures hold for, in sentences: its questions, how each model was asked, and what the rules left open. */
final class ConditionNotes {
    /** Of a system prompt so much is shown. */
    private static final int SHOWN = 200;

    private ConditionNotes() {}

    /** The task's own, one for all models that were asked alike, and one for each model with undecided answers. */
    static List<String> of(TaskReport report) {
        List<String> notes =
                new ArrayList<>(List.of(task(report.models().getFirst().graded().task())));
        Map<String, List<String>> models = new LinkedHashMap<>();
        for (ModelReport model : report.models()) {
            models.computeIfAbsent(asked(model.graded().asked(), model.score().samples()), _ -> new ArrayList<>())
                    .add(model.score().model());
        }
        models.forEach((how, names) -> notes.add(models.size() == 1 ? how : String.join(", ", names) + ": " + how));
        for (ModelReport model : report.models()) {
            undecided(model, notes);
        }
        return notes;
    }

    private static String task(Task task) {
        String licence =
                task.origin().licence().isEmpty() ? "" : ", " + task.origin().licence();
        String version = task.origin().version().isEmpty()
                ? ""
                : ", version " + task.origin().version();
        return Figures.format(
                "%s%s%s. %,d %s, graded as %s.",
                task.origin().dataset(),
                version,
                licence,
                task.questions().size(),
                task.questions().size() == 1 ? "question" : "questions",
                task.grading().word());
    }

    private static String asked(Conditions asked, int samples) {
        String responses = samples + (samples == 1 ? " response each" : " responses each");
        Decoding decoding = asked.decoding();
        if (decoding == null) {
            return responses + ", made elsewhere: how they were sampled is not known here.";
        }
        String how = decoding.temperature() == 0
                ? "greedily"
                : Figures.format(
                        "at temperature %s, top-p %s, %s",
                        decoding.temperature(),
                        decoding.topP(),
                        decoding.topK() == 0 ? "no top-k" : "top-k " + decoding.topK());
        return Figures.format(
                "%s, %s, at most %,d tokens, seed %d; %s; %s.",
                responses,
                how,
                decoding.maxNewTokens(),
                decoding.seed(),
                asked.protocol().isEmpty() ? "no protocol" : "protocol " + asked.protocol(),
                asked.system().isEmpty() ? "no system prompt" : "system prompt \"" + shown(asked.system()) + "\"");
    }

    private static String shown(String system) {
        int end = system.offsetByCodePoints(0, Math.min(SHOWN, system.codePointCount(0, system.length())));
        return system.substring(0, end) + (end < system.length() ? " ..." : "");
    }

    /** Between which shares pass@1 lies, whatever the undecided answers are. */
    private static void undecided(ModelReport model, List<String> notes) {
        int undecided = model.score().count(Grade.UNDECIDED);
        if (undecided > 0) {
            double most = model.graded().questions().stream()
                    .filter(question -> !question.valid().isEmpty())
                    .mapToDouble(question -> (double) question.valid().stream()
                                    .filter(one -> one.grade() == Grade.RIGHT || one.grade() == Grade.UNDECIDED)
                                    .count()
                            / question.valid().size())
                    .average()
                    .orElse(Double.NaN);
            notes.add(Figures.format(
                    "%s: of %s the rules cannot tell whether the answer is the reference; they count against it. Were all right, pass@1 would be %s.",
                    model.score().model(),
                    undecided == 1 ? "1 response" : Figures.count(undecided) + " responses",
                    Figures.percent(most)));
        }
    }
}
