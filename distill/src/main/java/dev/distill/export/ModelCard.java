package dev.distill.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The card ({@code README.md}) of an export: metadata that the hub reads, as huggingface.co/docs/hub/model-cards names them,
 * then the same and more for people.
 */
final class ModelCard {
    private static final List<String> TAGS = List.of("distill", "knowledge-distillation");

    private final Lineage lineage;
    private final boolean adapter;
    private final StringBuilder text = new StringBuilder();

    private ModelCard(Lineage lineage, boolean adapter) {
        this.lineage = lineage;
        this.adapter = adapter;
    }

    /** The card of a whole model. */
    static String ofModel(Lineage lineage) {
        return new ModelCard(lineage, false).write();
    }

    /** The card of a LoRA alone. */
    static String ofAdapter(Lineage lineage) {
        return new ModelCard(lineage, true).write();
    }

    private String write() {
        header();
        line("# " + lineage.name());
        line("");
        line(summary());
        line("");
        origin();
        curation();
        table("Scores", "Task", "Result", lineage.scores());
        recipe();
        return text.toString();
    }

    private void header() {
        line("---");
        line("license: " + lineage.student().licence().id());
        if (lineage.student().isHubId()) {
            line("base_model: " + quoted(String.valueOf(lineage.student().model())));
            line("base_model_relation: " + (adapter ? "adapter" : "finetune"));
        }
        list("datasets", lineage.data().datasets());
        line("library_name: " + (adapter ? "peft" : "transformers"));
        line("pipeline_tag: text-generation");
        List<String> tags = new ArrayList<>(TAGS);
        if (adapter) {
            tags.add("lora");
        }
        list("tags", tags);
        line("---");
        line("");
    }

    private String summary() {
        String model = lineage.student().model();
        String begun = model == null ? "trained from random weights" : "fine-tuned from `" + model + "`";
        return "%s, %s (%s) on %,d traces of `%s`."
                .formatted(
                        adapter ? "A LoRA adapter" : "A student model",
                        begun,
                        lineage.run().method(),
                        lineage.data().traces(),
                        lineage.teacher().model());
    }

    private void origin() {
        String model = lineage.student().model();
        Licence licence = lineage.student().licence();
        String terms = lineage.teacher().terms();
        line("## Origin and terms");
        line("");
        line("| | |");
        line("|---|---|");
        row("Base model", model == null ? "none: random weights" : model);
        row(
                "Licence",
                (licence.isOther() ? "not a common one, or not known" : licence.id()) + " (" + licence.origin() + ")");
        row("Teacher", lineage.teacher().model());
        row(
                "Teacher's terms",
                terms == null
                        ? "not stated in the recipe; look up whether its replies may train other models before you publish"
                        : terms);
        row(
                "Training data",
                "%,d traces, sha256 `%s`"
                        .formatted(lineage.data().traces(), lineage.data().sha256()));
        row("Made with", lineage.run().program());
        line("");
    }

    private void curation() {
        Lineage.Curation curation = lineage.data().curation();
        if (curation == null) {
            return;
        }
        line("## Curation");
        line("");
        line("Of %,d traces %,d were kept."
                .formatted(curation.read(), lineage.data().traces()));
        line("");
        table("", "Dropped because of", "Traces", curation.dropped());
    }

    private void recipe() {
        line("## Recipe");
        line("");
        line("```yaml");
        lineage.run().recipe().forEach((key, value) -> line(key + ": " + value));
        line("```");
    }

    private void table(String title, String left, String right, Map<String, ?> rows) {
        if (rows.isEmpty()) {
            return;
        }
        if (!title.isEmpty()) {
            line("## " + title);
            line("");
        }
        line("| " + left + " | " + right + " |");
        line("|---|---|");
        rows.forEach((name, value) -> row(name, String.valueOf(value)));
        line("");
    }

    private void list(String key, List<String> values) {
        if (!values.isEmpty()) {
            line(key + ":");
            values.forEach(value -> line("- " + quoted(value)));
        }
    }

    private void row(String name, String value) {
        line("| " + cell(name) + " | " + cell(value) + " |");
    }

    private void line(String content) {
        text.append(content).append('\n');
    }

    private static String cell(String content) {
        return content.replace("|", "\\|").replace("\n", " ");
    }

    private static String quoted(String content) {
        return "\"" + content.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
