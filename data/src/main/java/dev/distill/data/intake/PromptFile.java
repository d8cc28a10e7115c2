package dev.distill.data.intake;

import dev.distill.data.shard.ParquetRows;
import dev.distill.data.trace.Prompt;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prompts from a file: JSON lines, UTF-8, or Parquet where its name ends so. A line is an object, a row has columns, with one of
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
    private static final String BYTE_ORDER_MARK = "\ufeff";

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
        boolean table = file.toString().endsWith(".parquet");
        if (table) {
            reading.takeRows(file);
        } else {
            reading.takeLines(file);
        }
        if (!reading.problems.isEmpty()) {
            throw new IntakeException(file, table ? "row" : "line", reading.problems);
        }
        return new PromptSet(reading.prompts, reading.lines, reading.duplicates, reading.contradictions);
    }

    private void takeLines(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            int number = 1;
            for (byte[] line = nextLine(in); line != null && !isFull(); line = nextLine(in)) {
                take(number, line);
                number++;
            }
        }
    }

    private void takeRows(Path file) throws IOException {
        try (ParquetRows rows = ParquetRows.open(file, format.columns()::needs)) {
            Optional<String> missing = format.columns().missing(rows.columns());
            if (missing.isPresent()) {
                problems.add(new IntakeException.Problem(1, missing.get()));
                return;
            }
            int number = 1;
            for (var row = rows.next(); row != null && !isFull(); row = rows.next()) {
                lines++;
                try {
                    add(PromptLine.of(row, format, source));
                } catch (IllegalArgumentException e) {
                    problems.add(new IntakeException.Problem(number, String.valueOf(e.getMessage())));
                }
                number++;
            }
        }
    }

    private boolean isFull() {
        return prompts.size() >= format.limit();
    }

    private void take(int number, byte[] bytes) {
        try {
            String line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            if (line.isBlank()) {
                return;
            }
            lines++;
            add(PromptLine.parse(line, format, source));
        } catch (CharacterCodingException e) {
            problems.add(new IntakeException.Problem(number, "is not UTF-8; convert the file, or drop the line"));
        } catch (IllegalArgumentException e) {
            problems.add(new IntakeException.Problem(number, String.valueOf(e.getMessage())));
        }
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

    /** The bytes up to the next line feed; null at the end of the file. */
    private static byte @Nullable [] nextLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toByteArray();
    }
}
