package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What can be told of a file of other people's traces before its first row is taken. */
final class ForeignFile {
    /** Columns that only shards of traces have. */
    private static final List<String> OWN =
            List.of("raw_reply", "prompt_id", "attempts", "completed_at", "usage", "cost");

    private ForeignFile() {}

    /**
     * Refuses what needs no import, or cannot be had by one.
     *
     * @throws IllegalArgumentException that says what to do instead
     */
    static void check(Path file) throws IOException {
        refuseOwn(file);
        refuseTable(file);
    }

    /** Ids, costs and attempts of traces that are Distill's own would be lost. */
    private static void refuseOwn(Path file) throws IOException {
        if (!String.valueOf(file.getFileName()).endsWith(".parquet")) {
            return;
        }
        try (Rows in = Rows.open(file, _ -> true)) {
            if (in.columns().orElse(List.of()).containsAll(OWN)) {
                Path folder = file.toAbsolutePath().normalize().getParent();
                throw new IllegalArgumentException("import " + file
                        + ": holds traces of Distill, which need no import and would lose their ids and costs by it; name their folder itself where traces are read: harvest.traces: ["
                        + folder + "] in a recipe, or traces export, or inspect");
            }
        }
    }

    private static void refuseTable(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("(?i).+\\.[ct]sv(\\.gz|\\.zst)?")) {
            throw new IllegalArgumentException("import " + file
                    + ": tables of comma- or tab-separated values are not read; convert it to JSON lines, as with python -c \"import pandas; pandas.read_csv('"
                    + name + "').to_json('" + name.replaceFirst("\\..*", "")
                    + ".jsonl', orient='records', lines=True)\"");
        }
    }

    /** The format, from the columns, or from the first row that can be read. */
    static TraceFormat format(Path file) throws IOException {
        try (Rows in = Rows.open(file, _ -> true)) {
            Set<String> names = new LinkedHashSet<>(in.columns().orElse(List.of()));
            Rows.Row row = names.isEmpty() ? in.next() : null;
            while (row instanceof Rows.Unreadable) {
                row = in.next();
            }
            if (row instanceof Rows.Read(long _, JsonNode node)) {
                node.fieldNames().forEachRemaining(names::add);
            }
            if (names.isEmpty()) {
                throw new IllegalArgumentException("import " + file
                        + ": has no row that can be read; is it the whole file? fetch it or copy it again");
            }
            return TraceFormat.of(names)
                    .orElseThrow(() -> new IllegalArgumentException("import " + file + ": columns "
                            + String.join(", ", names)
                            + " are of no format that is known; say which it is with --format (" + TraceFormat.words()
                            + "), or which column holds what with --column question=NAME --column answer=NAME"));
        }
    }
}
