package dev.distill.pipeline;

import dev.distill.data.curate.PromptDuplicates;
import dev.distill.data.intake.PromptColumns;
import dev.distill.data.intake.PromptFormat;
import dev.distill.hub.DataSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code prompts:} what to ask.
 *
 * @param files JSONL or Parquet, or data sets of the hub, read in this order
 * @param columns where in a row the question and its answer stand
 * @param datasets their ids on the hub, for the card
 * @param dedup which prompts are left out because an earlier one asks the same
 * @param limit at most so many prompts, 0 for all
 * @param skip so many of the first are left out
 * @param template how a question is asked; {@code {question}} stands for it
 * @param system a system message before it; null for none, which is what R1's makers advise
 */
public record PromptsPart(
        List<DataSource> files,
        PromptColumns columns,
        List<String> datasets,
        PromptDuplicates.Rule dedup,
        int limit,
        int skip,
        String template,
        @Nullable String system) {
    static PromptsPart read(Section section) {
        List<DataSource> files = section.data("files");
        if (files.isEmpty()) {
            section.problem("files", "is missing; give a file of prompts, JSONL or Parquet, or a data set of the hub");
        }
        PromptsPart part = new PromptsPart(
                files,
                new PromptColumns(section.text("column"), section.text("reference")),
                section.words("datasets", List.of()),
                section.choice("dedup", PromptDuplicates.Rule.class, PromptDuplicates.Rule.EXACT),
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

    /** How a row becomes a prompt. */
    PromptFormat format() {
        PromptFormat format = PromptFormat.PLAIN.withTemplate(template).withColumns(columns);
        return system == null ? format : format.withSystem(system);
    }

    /** Ids on the hub, those that are named for the card and those that are read. */
    List<String> hubIds() {
        List<String> ids = new ArrayList<>(datasets);
        for (DataSource file : files) {
            if (file instanceof DataSource.OnHub(String _, var id) && !ids.contains(id.repository())) {
                ids.add(id.repository());
            }
        }
        return List.copyOf(ids);
    }
}
