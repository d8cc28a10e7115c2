package dev.distill.pipeline;

import dev.distill.eval.suite.TaskFile;
import dev.distill.eval.task.Responder.Decoding;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code eval:} what to score whom on.
 *
 * @param tasks names of built-in tasks, and paths of task files or of bare questions
 * @param data folders in which the tasks' data lies, beside the hub's cache
 * @param limit at most so many questions of each, 0 for all
 * @param template how a question is asked, in place of the tasks' own; null for those
 * @param sampling how answers are drawn
 * @param subject who answers
 * @param against who is compared with it; empty for nobody
 * @param beside what is looked at beside the scores
 * @param slots rows decoded at a time
 * @param compute what large products of a model here multiply
 */
public record EvalPart(
        List<String> tasks,
        List<Path> data,
        int limit,
        @Nullable String template,
        EvalSampling sampling,
        EvalSubject subject,
        Optional<EvalRival> against,
        EvalBeside beside,
        int slots,
        TrainPart.Compute compute) {
    public EvalPart {
        tasks = List.copyOf(tasks);
        data = List.copyOf(data);
    }

    /** The same questions, sampled otherwise. */
    public EvalPart with(Decoding other) {
        return new EvalPart(
                tasks, data, limit, template, sampling.with(other), subject, against, beside, slots, compute);
    }

    boolean probes() {
        return beside.probes();
    }

    boolean agreement() {
        return beside.agreement();
    }

    static EvalPart read(Section section) {
        List<String> tasks = section.words("tasks", List.of()).stream()
                .map(word -> TaskFile.builtIn().contains(word)
                        ? word
                        : section.path("tasks", word).toString())
                .toList();
        EvalBeside beside = EvalBeside.read(section);
        if (tasks.isEmpty() && !beside.probes()) {
            section.problem(
                    "tasks",
                    "is missing; give names of tasks (" + String.join(", ", TaskFile.builtIn())
                            + "), task files or JSONL files of questions with references");
        }
        EvalSampling sampling = EvalSampling.read(section);
        String template = section.text("template");
        if (template != null && !template.contains("{question}")) {
            section.problem("template", "must contain {question}, or all questions are one; got " + template);
        }
        EvalPart part = new EvalPart(
                tasks,
                section.paths("data"),
                section.whole("limit", 0, 0, Integer.MAX_VALUE),
                template,
                sampling,
                EvalSubject.read(section),
                EvalRival.read(section),
                beside,
                section.whole("slots", 16, 1, 4096),
                section.choice("compute", TrainPart.Compute.class, TrainPart.Compute.AUTO));
        section.done();
        return part;
    }

    /** Those of the tasks that are files. */
    List<Path> taskFiles() {
        return tasks.stream()
                .filter(task -> !TaskFile.builtIn().contains(task))
                .map(Path::of)
                .toList();
    }

    /** A file of questions is called after itself. */
    static String taskName(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.jsonl?$", "");
    }
}
