package dev.distill.pipeline;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code prompts:} what to ask.
 *
 * @param files JSONL, read in this order
 * @param datasets their ids on the hub, for the card
 * @param limit at most so many prompts, 0 for all
 * @param skip so many of the first are left out
 * @param template how a question is asked; {@code {question}} stands for it
 * @param system a system message before it; null for none, which is what R1's makers advise
 */
public record PromptsPart(
        List<Path> files,
        List<String> datasets,
        int limit,
        int skip,
        String template,
        @Nullable String system) {
    static PromptsPart read(Section section) {
        List<Path> files = section.paths("files");
        if (files.isEmpty()) {
            section.problem("files", "is missing; give a JSONL file of prompts");
        }
        PromptsPart part = new PromptsPart(
                files,
                section.words("datasets", List.of()),
                section.whole("limit", 0, 0, Integer.MAX_VALUE),
                section.whole("skip", 0, 0, Integer.MAX_VALUE),
                section.text("template", "{question}"),
                section.text("system"));
        if (!part.template.contains("{question}")) {
            section.problem("template", "must contain {question}; got " + part.template);
        }
        section.done();
        return part;
    }
}
