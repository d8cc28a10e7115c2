package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Held-out questions from a file that {@link PromptFile} reads, with their worked solutions where they stand in a column: {@code
 * solution} (MATH), {@code reference_solution} (AIME), or an {@code answer} with {@code ####} in it (GSM8K).
 */
public final class HeldOutFile {
    private static final List<String> SOLUTIONS = List.of("solution", "reference_solution");

    private HeldOutFile() {}

    /**
     * Reads a file.
     *
     * @param name of the set, for reports
     * @param licence of the file, for reports; null where it is not known
     * @throws IntakeException if lines cannot be used; it names all of them
     */
    public static HeldOutSet read(Path file, String name, @Nullable String licence) throws IOException {
        List<Prompt> prompts = PromptFile.read(file, PromptFormat.PLAIN).prompts();
        Map<String, String> solutions = solutions(file);
        List<HeldOutSet.Question> questions = new ArrayList<>();
        for (Prompt prompt : prompts) {
            questions.add(new HeldOutSet.Question(prompt.question(), solutions.get(prompt.question())));
        }
        String fileName = String.valueOf(file.getFileName());
        return new HeldOutSet(name, questions)
                .withOrigin(new HeldOutSet.Origin(fileName, FileEntry.sha256(file), licence));
    }

    /** By their questions. Every row was read as a prompt before. */
    private static Map<String, String> solutions(Path file) throws IOException {
        Map<String, String> solutions = new HashMap<>();
        try (Rows rows = Rows.open(file, _ -> true)) {
            for (Rows.Row row = rows.next(); row != null; row = rows.next()) {
                if (row instanceof Rows.Read(long _, JsonNode node)) {
                    String solution = solution(node);
                    if (solution != null) {
                        Prompt prompt = PromptLine.of(node, PromptFormat.PLAIN, "");
                        solutions.put(prompt.question(), solution);
                    }
                }
            }
        }
        return solutions;
    }

    private static @Nullable String solution(JsonNode row) {
        for (String key : SOLUTIONS) {
            if (row.path(key).isTextual() && !row.path(key).asText().isBlank()) {
                return row.path(key).asText();
            }
        }
        String answer = row.path("answer").asText("");
        return answer.contains(PromptLine.GSM8K_MARK) ? answer : null;
    }
}
