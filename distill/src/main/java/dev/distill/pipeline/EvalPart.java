package dev.distill.pipeline;

import dev.distill.eval.task.Responder.Decoding;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code eval:} what to score the student on.
 *
 * @param tasks JSONL files of questions with references; a task's name is its file's
 * @param limit at most so many questions of each, 0 for all
 * @param template how a question is asked
 * @param decoding how to sample
 * @param slots rows decoded at a time
 */
public record EvalPart(List<Path> tasks, int limit, String template, Decoding decoding, int slots) {
    /** The same questions, sampled otherwise. */
    public EvalPart with(Decoding other) {
        return new EvalPart(tasks, limit, template, other, slots);
    }

    static EvalPart read(Section section) {
        List<Path> tasks = section.paths("tasks");
        if (tasks.isEmpty()) {
            section.problem("tasks", "is missing; give JSONL files of questions with references");
        }
        EvalPart part = new EvalPart(
                tasks,
                section.whole("limit", 0, 0, Integer.MAX_VALUE),
                section.text("template", "{question}"),
                new Decoding(
                        section.whole("samples", 1, 1, 4096),
                        section.real("temperature", 0.6, 0, 10),
                        section.real("top-p", 0.95, 0.001, 1),
                        0,
                        section.whole("max-new-tokens", 32_768, 1, 10_000_000),
                        section.whole("seed", 0L, 0, Long.MAX_VALUE)),
                section.whole("slots", 16, 1, 4096));
        section.done();
        return part;
    }

    /** A task is called after its file. */
    static String taskName(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.jsonl?$", "");
    }
}
