package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Prompts from a file in one of the forms of {@link Rows}. A line is an object, a row has columns, with one of
 *
 * <ul>
 *   <li>{@code prompt}, {@code question} (GSM8K) or {@code problem} (MATH-500, AIME): the question as a text,
 *   <li>{@code messages} (or {@code prompt}): the conversation as a list of {@code {"role": .., "content": ..}}, the user last,
 * </ul>
 *
 * and, where the right answer is known, the first of {@code reference}, {@code expected_answer}, {@code answer} (a text or a
 * number); of an {@code answer} with {@code ####} in it (GSM8K) what follows that. Other keys are passed over, empty lines too.
 * {@link PromptColumns} names other places. Of a Parquet file only the columns that are needed are read.
 */
public final class PromptFile {
    private final PromptFormat format;
    private final String source;
    private final Map<String, Prompt> seen = new HashMap<>();
    private final List<Prompt> prompts = new ArrayList<>();
    private final List<IntakeException.Problem> problems = new ArrayList<>();
    private int lines;
    private int duplicates;
    private int contradictions;

    private PromptFile(PromptFormat format, String source) {
        this.format = format;
        this.source = source;
    }

    /**
     * Reads the prompts of a file, up to the format's limit.
     *
     * @throws IntakeException if lines cannot be used; it names all of them
     */
    public static PromptSet read(Path file, PromptFormat format) throws IOException {
        String source = format.source() == null ? file.getFileName().toString() : format.source();
        PromptFile reading = new PromptFile(format, source);
        String unit;
        try (Rows rows = Rows.open(file, format.columns()::needs)) {
            unit = rows.unit();
            reading.take(rows);
        }
        if (!reading.problems.isEmpty()) {
            throw new IntakeException(file, unit, reading.problems);
        }
        return new PromptSet(reading.prompts, reading.lines, reading.duplicates, reading.contradictions);
    }

    private void take(Rows rows) throws IOException {
        Optional<String> missing = rows.columns().flatMap(format.columns()::missing);
        if (missing.isPresent()) {
            problems.add(new IntakeException.Problem(1, missing.get()));
            return;
        }
        for (Rows.Row row = isFull() ? null : rows.next(); row != null; row = isFull() ? null : rows.next()) {
            lines++;
            switch (row) {
                case Rows.Read(long number, JsonNode node) -> take(number, node);
                case Rows.Unreadable(long number, String problem) ->
                    problems.add(new IntakeException.Problem(number, problem));
            }
        }
    }

    private void take(long number, JsonNode row) {
        try {
            add(PromptLine.of(row, format, source));
        } catch (IllegalArgumentException e) {
            problems.add(new IntakeException.Problem(number, String.valueOf(e.getMessage())));
        }
    }

    private boolean isFull() {
        return prompts.size() >= format.limit();
    }

    private void add(Prompt prompt) {
        Prompt earlier = seen.putIfAbsent(prompt.id(), prompt);
        if (earlier != null) {
            duplicates++;
            contradictions += Objects.equals(earlier.reference(), prompt.reference()) ? 0 : 1;
        } else if (seen.size() > format.skip()) {
            prompts.add(prompt);
        }
    }
}
