package dev.distill.data.intake;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the user says of a data set that is imported.
 *
 * @param format null to tell it from the columns
 * @param columns of {@link TraceFormat#COLUMNS}: the column of each part of a trace; a name with points leads inwards. {@code question} and {@code answer} must
 *     be among them; {@code reasoning}, {@code system}, {@code reference} and {@code teacher} may
 * @param teacher who wrote the replies, whatever the rows say; null where they say it
 * @param licence of the data set as the hub writes it, whatever the rows or its card say; null where they do
 * @param source what the traces say of where they come from; null for the data set's id or the file's name
 * @param completedAt when the replies were complete: data sets do not say
 * @param skipBad whether rows that cannot be read are left out and listed
 */
public record ImportSettings(
        @Nullable TraceFormat format,
        SortedMap<String, String> columns,
        @Nullable String teacher,
        @Nullable String licence,
        @Nullable String source,
        Instant completedAt,
        boolean skipBad) {
    /** All is told from the data; a row that cannot be read ends the import. */
    public static final ImportSettings PLAIN =
            new ImportSettings(null, new TreeMap<>(), null, null, null, Instant.EPOCH, false);

    public ImportSettings {
        columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
        List<String> parts = NamedRows.parts();
        for (String part : columns.keySet()) {
            if (!parts.contains(part)) {
                throw new IllegalArgumentException(
                        "--column: must name one of " + String.join(", ", parts) + "; got " + part);
            }
        }
        if (!columns.isEmpty() && format == null) {
            format = TraceFormat.COLUMNS;
        }
        if (format == TraceFormat.COLUMNS
                && !columns.keySet().containsAll(List.of(NamedRows.QUESTION, NamedRows.ANSWER))) {
            throw new IllegalArgumentException(
                    "--column: must name a column for question and one for answer, as --column question=problem; got "
                            + (columns.isEmpty() ? "none" : columns));
        }
        if (!columns.isEmpty() && format != null && format != TraceFormat.COLUMNS) {
            throw new IllegalArgumentException("--column is of the format columns; got --format " + format.word());
        }
    }

    public ImportSettings withFormat(TraceFormat other) {
        return new ImportSettings(other, columns, teacher, licence, source, completedAt, skipBad);
    }

    public ImportSettings withTeacher(String name) {
        return new ImportSettings(format, columns, name, licence, source, completedAt, skipBad);
    }

    public ImportSettings withLicence(String id) {
        return new ImportSettings(format, columns, teacher, id, source, completedAt, skipBad);
    }

    public ImportSettings withColumns(Map<String, String> names) {
        return new ImportSettings(format, new TreeMap<>(names), teacher, licence, source, completedAt, skipBad);
    }

    public ImportSettings skippingBad() {
        return new ImportSettings(format, columns, teacher, licence, source, completedAt, true);
    }

    /** For the manifest: what decides the outcome. */
    SortedMap<String, String> asText() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put("import.format", format == null ? "auto" : format.word());
        columns.forEach((part, column) -> text.put("import.column." + part, column));
        put(text, "import.teacher", teacher);
        put(text, "import.licence", licence);
        put(text, "import.source", source);
        text.put("import.completed-at", completedAt.toString());
        text.put("import.skip-bad", Boolean.toString(skipBad));
        return text;
    }

    private static void put(Map<String, String> text, String key, @Nullable String value) {
        if (value != null) {
            text.put(key, value);
        }
    }
}
