package dev.distill.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a student comes from, for its card.
 *
 * @param name of the student
 * @param baseModel what was fine-tuned; null for a model trained from random weights
 * @param licence SPDX id of the student's weights, for example {@code apache-2.0}; {@code other} where it is not known
 * @param teacher whose traces it learnt from
 * @param dataset the traces, by name and hash
 * @param facts what else the card says, title to text, in this order
 * @param tags for the hub
 */
public record Lineage(
        String name,
        @Nullable String baseModel,
        String licence,
        String teacher,
        String dataset,
        SequencedMap<String, String> facts,
        List<String> tags) {
    public Lineage {
        facts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(facts));
        tags = List.copyOf(tags);
    }

    /** The card ({@code README.md}): metadata that the hub reads, then the same for people. */
    String card() {
        StringBuilder card = new StringBuilder("---\n");
        if (baseModel != null) {
            card.append("base_model: ").append(quoted(baseModel)).append('\n');
        }
        card.append("license: ").append(licence).append('\n');
        card.append("library_name: transformers\npipeline_tag: text-generation\ntags:\n");
        tags.forEach(tag -> card.append("- ").append(tag).append('\n'));
        card.append("---\n\n# ").append(name).append("\n\n");
        card.append(
                baseModel == null
                        ? "A student trained from random weights"
                        : "A student fine-tuned from `" + baseModel + "`");
        card.append(" on the reasoning of `").append(teacher).append("`, distilled with Distill.\n\n");
        card.append("| | |\n|---|---|\n");
        row(card, "Teacher", teacher);
        row(card, "Base model", baseModel == null ? "none (random weights)" : baseModel);
        row(card, "Training data", dataset);
        row(card, "Licence", licence);
        for (Map.Entry<String, String> fact : facts.entrySet()) {
            row(card, fact.getKey(), fact.getValue());
        }
        return card.toString();
    }

    private static void row(StringBuilder card, String title, String text) {
        card.append("| ").append(title).append(" | ");
        card.append(text.replace("|", "\\|").replace("\n", " ")).append(" |\n");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
