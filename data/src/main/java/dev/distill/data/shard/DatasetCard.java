package dev.distill.data.shard;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a person must know about a folder of traces, or of rows made of them, as {@code README.md} in the form that the Hugging Face hub reads.
 *
 * @param title one line
 * @param licence an SPDX identifier, a list of such in YAML ({@code [mit, apache-2.0]}), or {@code other}: the teacher's terms and the prompts' licence decide
 *     it, not this program
 * @param notes in Markdown, for people: where the prompts come from, what the teacher's terms allow; may be empty
 * @param hub what the hub's search and loader read
 * @param sections in Markdown, by their headings, between the notes and what is counted
 */
public record DatasetCard(String title, String licence, String notes, Hub hub, List<Section> sections) {
    private static final long[] SIZES = {1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};
    private static final List<String> SIZE_WORDS =
            List.of("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B");

    /** A part of the text. */
    public record Section(String title, String text) {}

    /**
     * What the hub's search and loader read.
     *
     * @param split null where the files are not of one
     * @param files a pattern of their names
     * @param languages ISO 639-1; none where nobody has said
     * @param tags none for a folder that is not meant for the hub: then tasks and sizes are left out too
     */
    public record Hub(@Nullable String split, String files, List<String> languages, List<String> tags) {
        static final Hub SHARDS = new Hub(null, "traces-*.parquet", List.of(), List.of());

        public Hub {
            languages = List.copyOf(languages);
            tags = List.copyOf(tags);
        }
    }

    public DatasetCard {
        if (title.isBlank() || licence.isBlank() || licence.contains("\n") || title.contains("\n")) {
            throw new IllegalArgumentException(
                    "dataset card: title and licence must be one line each, not empty; got \"" + title + "\" and \""
                            + licence + "\"");
        }
        sections = List.copyOf(sections);
    }

    /** The card of a folder of shards. */
    public DatasetCard(String title, String licence, String notes) {
        this(title, licence, notes, Hub.SHARDS, List.of());
    }

    /** The whole text. */
    public String markdown(Manifest manifest, TraceCounts counts) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        header(text, counts.traces());
        text.add("").add("# " + title).add("");
        text.add(counts.traces() + " traces: prompts with a teacher's reasoning and answer. Schema `"
                + manifest.schema() + "`, written by " + manifest.createdBy() + " (`" + manifest.stage() + "`).");
        if (!notes.isBlank()) {
            text.add("").add(notes.strip());
        }
        for (Section section : sections) {
            text.add("").add("## " + section.title).add("").add(section.text.strip());
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
        text.add("| file | rows | bytes | sha256 |").add("|---|---|---|---|");
        manifest.outputs()
                .forEach(file -> text.add("| " + file.path() + " | "
                        + file.rows().orElse(0) + " | " + file.bytes() + " | " + file.sha256() + " |"));
        return text.toString();
    }

    private void header(StringJoiner text, long traces) {
        text.add("---").add("license: " + licence).add("pretty_name: \"" + title.replace("\"", "\\\"") + "\"");
        list(text, "language", hub.languages);
        if (!hub.tags.isEmpty()) {
            list(text, "task_categories", List.of("text-generation"));
            list(text, "size_categories", List.of(size(traces)));
            list(text, "tags", hub.tags);
        }
        text.add("configs:").add("- config_name: default");
        if (hub.split == null) {
            text.add("  data_files: " + hub.files);
        } else {
            text.add("  data_files:").add("  - split: " + hub.split).add("    path: " + hub.files);
        }
        text.add("---");
    }

    private static void list(StringJoiner text, String key, List<String> values) {
        if (!values.isEmpty()) {
            text.add(key + ":");
            values.forEach(value -> text.add("- " + value));
        }
    }

    private static String size(long traces) {
        int size = 0;
        while (size < SIZES.length && traces >= SIZES[size]) {
            size++;
        }
        return SIZE_WORDS.get(size);
    }

    /** A text in a cell of a table. */
    public static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
