package dev.distill.data.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.StageInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** How traces came about: the stage that wrote their folder, those that wrote its inputs as far as they are found beside it, and what the curation dropped. */
final class Steps {
    private static final String REPORT = "report.json";
    private static final int LONG = 160;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Path, Manifest> steps = new LinkedHashMap<>();

    private Steps() {}

    /** Follows the inputs by their hashes: another folder that has the name now is none of them. */
    static Steps of(Path folder) throws IOException {
        Steps found = new Steps();
        Deque<Path> open = new ArrayDeque<>(List.of(folder));
        while (!open.isEmpty()) {
            Path next = open.removeFirst();
            Manifest manifest = Manifest.read(next);
            if (found.steps.putIfAbsent(next.toAbsolutePath().normalize(), manifest) == null) {
                for (FileEntry input : manifest.inputs()) {
                    StageInputs.folder(next, input).ifPresent(open::add);
                }
            }
        }
        return found;
    }

    List<DatasetCard.Section> sections() throws IOException {
        List<Map.Entry<Path, Manifest>> inOrder = new ArrayList<>(steps.entrySet());
        Collections.reverse(inOrder);
        StringJoiner made = new StringJoiner("\n");
        StringJoiner read = new StringJoiner("\n");
        read.add("| step | input | bytes | sha256 |").add("|---|---|---|---|");
        List<DatasetCard.Section> filters = new ArrayList<>();
        for (Map.Entry<Path, Manifest> step : inOrder) {
            Manifest manifest = step.getValue();
            made.add("**" + manifest.stage() + "**, by " + manifest.createdBy() + counts(manifest))
                    .add("");
            manifest.settings().forEach((key, value) -> {
                if (!value.isEmpty()) {
                    made.add("- `" + key + "`: " + shortened(value));
                }
            });
            made.add("");
            manifest.inputs()
                    .forEach(input -> read.add("| " + manifest.stage() + " | " + DatasetCard.cell(input.path()) + " | "
                            + input.bytes() + " | " + input.sha256() + " |"));
            DatasetCard.Section dropped = filters(step.getKey());
            if (dropped != null) {
                filters.add(dropped);
            }
        }
        List<DatasetCard.Section> sections = new ArrayList<>(filters);
        sections.add(new DatasetCard.Section("How it was made", made.toString()));
        sections.add(new DatasetCard.Section("Inputs of the earlier steps", read.toString()));
        return sections;
    }

    private static String counts(Manifest manifest) {
        StringJoiner text = new StringJoiner(", ", ": ", "").setEmptyValue("");
        manifest.counts().forEach((name, count) -> text.add(name + " " + count));
        return text.toString();
    }

    private static String shortened(String value) {
        String line = value.replace("\n", " ");
        return line.length() > LONG ? line.substring(0, LONG) + " ..." : line;
    }

    private static DatasetCard.@Nullable Section filters(Path folder) throws IOException {
        Path file = folder.resolve(REPORT);
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode report = JSON.readTree(file.toFile());
        StringJoiner text = new StringJoiner("\n");
        text.add(report.path("kept").asLong() + " of " + report.path("read").asLong()
                + " traces were kept. Each trace that was dropped counts under the first filter that it failed.");
        text.add("").add("| filter | dropped |").add("|---|---|");
        report.path("dropped")
                .properties()
                .forEach(reason ->
                        text.add("| " + DatasetCard.cell(reason.getKey()) + " | " + reason.getValue() + " |"));
        return new DatasetCard.Section("Filters", text.toString());
    }
}
