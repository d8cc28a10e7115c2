package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.problem.Difficulty;
import dev.distill.teacher.embedded.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A recipe that runs in seconds: 24 problems of the embedded teacher's, a student of a few thousand weights. */
public final class TinyRecipe {
    static final int PROMPTS = 24;
    static final int TESTS = 4;
    static final int STEPS = 4;

    private TinyRecipe() {}

    /** Writes recipe, prompts, test and prices into the folder. Returns the recipe's file. */
    public static Path write(Path folder, EmbeddedTeacher teacher) throws IOException {
        Problems problems = new Problems(7, Difficulty.STANDARD);
        questions(folder.resolve("prompts.jsonl"), problems.training(PROMPTS));
        questions(folder.resolve("test.jsonl"), problems.heldOut(TESTS));
        Files.writeString(folder.resolve("prices.yaml"), """
                tariffs:
                  - {model: %s, since: 2025-01-20, source: test, currency: USD, cache_hit: 0.14, cache_miss: 0.55, output: 2.19}
                """.formatted(EmbeddedTeacher.MODEL));
        return Files.writeString(
                folder.resolve("tiny.yaml"), """
                name: tiny
                seed: 7
                teacher: {url: "%s", model: %s, tariff: prices.yaml, max-tokens: 1024}
                prompts: {files: [prompts.jsonl]}
                harvest: {samples: 2, in-flight: 8}
                curate: {held-out: [test.jsonl]}
                student:
                  shape: {layers: 1, width: 32, heads: 2, kv-heads: 1, mlp-width: 64, vocabulary: 300, max-positions: 512}
                train:
                  {steps: %d, batch-samples: 2, row-tokens: 512, learning-rate: 3e-3, validation-samples: 3, validate-every: 2}
                eval: {tasks: [test.jsonl], max-new-tokens: 8, temperature: 0, samples: 1}
                export: {type: f32}
                """.formatted(teacher.uri(), EmbeddedTeacher.MODEL, STEPS));
    }

    private static void questions(Path file, List<Prompt> prompts) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Files.write(
                file,
                prompts.stream()
                        .map(prompt -> json.createObjectNode()
                                .put("question", prompt.question())
                                .put("reference", prompt.reference())
                                .toString())
                        .toList());
    }
}
