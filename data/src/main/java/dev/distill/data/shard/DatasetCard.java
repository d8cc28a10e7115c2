package dev.distill.data.shard;

import java.util.StringJoiner;

/**
 * What a person must know about a folder of traces, as {@code README.md} in the form that the Hugging Face hub reads.
 *
 * @param title one line
 * @param licence an SPDX identifier, or {@code other}: the teacher's terms and the prompts' licence decide it, not this program
 * @param notes in Markdown, for people: where the prompts come from, what the teacher's terms allow; may be empty
 */
public record DatasetCard(String title, String licence, String notes) {
    public DatasetCard {
        if (title.isBlank() || licence.isBlank() || licence.contains("\n") || title.contains("\n")) {
            throw new IllegalArgumentException(
                    "dataset card: title and licence must be one line each, not empty; got \"" + title + "\" and \""
                            + licence + "\"");
        }
    }

    String markdown(Manifest manifest, TraceCounts counts) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add("---").add("license: " + licence).add("pretty_name: \"" + title.replace("\"", "\\\"") + "\"");
        text.add("configs:").add("- config_name: default").add("  data_files: traces-*.parquet");
        text.add("---").add("").add("# " + title).add("");
        text.add(counts.traces() + " traces: prompts with a teacher's reasoning and answer. Schema `"
                + manifest.schema() + "`, written by " + manifest.createdBy() + " (`" + manifest.stage() + "`).");
        if (!notes.isBlank()) {
            text.add("").add(notes.strip());
        }
        text.add("").add("## Content").add("");
        text.add("| what | traces |").add("|---|---|");
        counts.byName().forEach((name, n) -> text.add("| " + cell(name) + " | " + n + " |"));
        text.add("").add("## Lineage").add("");
        text.add("| input | bytes | sha256 |").add("|---|---|---|");
        manifest.inputs()
                .forEach(file ->
                        text.add("| " + cell(file.path()) + " | " + file.bytes() + " | " + file.sha256() + " |"));
        text.add("").add("## Files").add("");
        text.add("| file | traces | bytes | sha256 |").add("|---|---|---|---|");
        manifest.outputs()
                .forEach(file -> text.add("| " + file.path() + " | "
                        + file.rows().orElse(0) + " | " + file.bytes() + " | " + file.sha256() + " |"));
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
