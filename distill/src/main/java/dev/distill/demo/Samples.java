package dev.distill.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Verdict;
import dev.distill.demo.DemoResult.SideBySide;
import dev.distill.eval.task.Evaluation;
import dev.distill.teacher.embedded.problem.Draw;
import dev.distill.teacher.embedded.problem.Problem;
import dev.distill.teacher.embedded.problem.Solution;
import dev.distill.teacher.embedded.problem.Solver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A few held-out questions with the teacher's solution beside the student's. */
final class Samples {
    private static final int COUNT = 3;

    private Samples() {}

    /**
     * @param responses folder of the student's evaluation; one question of each family, which follow each other in the
     *     held-out set
     */
    static List<SideBySide> of(List<Prompt> heldOut, Path responses, long seed) throws IOException {
        Map<String, JsonNode> byPrompt = responses(responses);
        List<SideBySide> samples = new ArrayList<>();
        for (Prompt prompt : heldOut.subList(0, Math.min(COUNT, heldOut.size()))) {
            JsonNode response = Objects.requireNonNull(byPrompt.get(prompt.id()), "every question was answered");
            Problem problem = Problem.read(prompt.question()).orElseThrow();
            Solution solution = Solver.solve(problem, Draw.of(seed, prompt.id()));
            String reference = Objects.requireNonNull(prompt.reference(), "the demo knows its answers");
            String answer = response.path("answer").asText();
            samples.add(new SideBySide(
                    prompt.question(),
                    reference,
                    solution.reasoning(),
                    solution.answer(),
                    response.hasNonNull("reasoning")
                            ? response.path("reasoning").asText()
                            : null,
                    answer,
                    new MathVerifier().verify(reference, answer).outcome() == Verdict.Outcome.PASS));
        }
        return samples;
    }

    private static Map<String, JsonNode> responses(Path folder) throws IOException {
        Map<String, JsonNode> byPrompt = new HashMap<>();
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(path -> path.endsWith(Evaluation.RESPONSES)).toList();
        }
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                JsonNode node = new ObjectMapper().readTree(line);
                if (node.has("prompt_id")) {
                    byPrompt.put(node.path("prompt_id").asText(), node);
                }
            }
        }
        return byPrompt;
    }
}
