package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one file that somebody else wrote (Parquet, JSON lines, a JSON list, comma-separated values), for those who make something of their own of
 * them. Memory holds one row, of Parquet one row group.
 */
public final class RowFile {
    /** What is made of a row. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes one row.
         *
         * @param node an object
         * @throws IllegalArgumentException if it cannot be used, with rule, value and cure
         */
        void take(JsonNode node);
    }

    private RowFile() {}

    /**
     * Hands over every row.
     *
     * @throws IntakeException if rows cannot be read or used; it names all of them
     */
    public static void read(Path file, Sink sink) throws IOException {
        List<IntakeException.Problem> problems = new ArrayList<>();
        String unit;
        try (Rows rows = Rows.open(file, _ -> true)) {
            unit = rows.unit();
            for (Rows.Row row = rows.next(); row != null; row = rows.next()) {
                problem(row, sink).ifPresent(problems::add);
            }
        }
        if (!problems.isEmpty()) {
            throw new IntakeException(file, unit, problems);
        }
    }

    private static Optional<IntakeException.Problem> problem(Rows.Row row, Sink sink) {
        return switch (row) {
            case Rows.Read(long number, JsonNode node) -> {
                try {
                    sink.take(node);
                    yield Optional.empty();
                } catch (IllegalArgumentException e) {
                    yield Optional.of(new IntakeException.Problem(number, String.valueOf(e.getMessage())));
                }
            }
            case Rows.Unreadable(long number, String what) -> Optional.of(new IntakeException.Problem(number, what));
        };
    }
}
