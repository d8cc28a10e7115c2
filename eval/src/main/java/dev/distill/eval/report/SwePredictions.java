package dev.distill.eval.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.journal.AtomicFile;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Responder.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers to SWE-bench's issues in the form that its harness runs ({@code python -m swebench.harness.run_evaluation
 * --predictions_path FILE}; Jimenez et al. 2024): a line an instance with {@code instance_id}, {@code model_name_or_path} and {@code
 * model_patch}. Its tests need a container an instance and are not run here; what came of them, {@link SweReport} reads.
 */
public final class SwePredictions {
    /** The facet that says which instance a question is; where it has none, the prompt's id does. */
    public static final String INSTANCE = "instance_id";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FENCED =
            Pattern.compile("(?ms)^[ \\t]*```(?:diff|patch)[ \\t]*\\r?\\n(.*?)^[ \\t]*```[ \\t]*$");
    private static final Pattern TAGGED = Pattern.compile("(?s)<patch>\\s*\\n?(.*?)</patch>");
    private static final Pattern BARE = Pattern.compile("(?ms)^(?:diff --git |--- (?:a/|/dev/null)).*");

    private SwePredictions() {}

    /**
     * Writes the first response to each question; one with an error of the infrastructure is left out, so that it counts as not
     * submitted.
     *
     * @return how many have a patch
     */
    public static int write(Path file, String model, List<Answered> answered) throws IOException {
        StringBuilder lines = new StringBuilder();
        Set<String> instances = new HashSet<>();
        int patches = 0;
        for (Answered one : answered) {
            Response response = one.responses().getFirst();
            String instance = one.question()
                    .facets()
                    .getOrDefault(INSTANCE, one.question().id());
            if (!instances.add(instance)) {
                throw new IllegalArgumentException("SWE-bench predictions: instance " + instance
                        + " stands there twice, and its harness would take the last; ask each once");
            }
            if (response.error() == null) {
                String patch = patch(response.answer());
                patches += patch.isEmpty() ? 0 : 1;
                lines.append(JSON.createObjectNode()
                                .put("instance_id", instance)
                                .put("model_name_or_path", model)
                                .put("model_patch", patch))
                        .append('\n');
            }
        }
        AtomicFile.write(file, out -> out.write(lines.toString().getBytes(StandardCharsets.UTF_8)));
        return patches;
    }

    /**
     * The patch in an answer: the last block fenced as {@code diff} or {@code patch}, else what stands in a {@code patch} tag, else
     * all from the first line of a diff on; empty where there is none.
     */
    static String patch(String answer) {
        String found = last(FENCED, answer);
        found = found.isBlank() ? last(TAGGED, answer) : found;
        if (found.isBlank()) {
            Matcher bare = BARE.matcher(answer);
            found = bare.find() ? bare.group() : "";
        }
        return found.isBlank() ? "" : found.stripTrailing() + "\n";
    }

    private static String last(Pattern pattern, String text) {
        String found = "";
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found = matcher.group(1);
        }
        return found;
    }
}
