package dev.distill.pipeline;

import dev.distill.eval.report.TaskScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Questions, recipes and prices of evaluations that ask a server, for tests. */
final class EvalScene {
    /** Tokens of a reply of {@link ChatServer}. */
    static final int REPLY_TOKENS = 20;

    private final Path folder;

    EvalScene(Path folder) {
        this.folder = folder;
    }

    /** A file of three sums that begin at this number; the answer of each is twice the number. */
    Path sums(String name, int first) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int n = first; n < first + 3; n++) {
            lines.append("{\"id\": \"%s-%d\", \"question\": \"What is %d + %d?\", \"answer\": \"%d\"}\n"
                    .formatted(name, n, n, n, 2 * n));
        }
        return Files.writeString(folder.resolve(name + ".jsonl"), lines);
    }

    /** A task file over such sums, graded so. */
    Path task(String name, int first, String grading) throws IOException {
        sums(name + "-data", first);
        return Files.writeString(
                folder.resolve(name + ".yaml"),
                "data: {files: [%s-data.jsonl]}\ngrading: %s\n".formatted(name, grading));
    }

    /** Prices by which each reply costs 20 cents, which is as much as it can cost. */
    Path tariff(String model) throws IOException {
        return Files.writeString(folder.resolve("prices.yaml"), """
                tariffs:
                  - {model: %s, since: 2025-01-20, source: test, currency: USD, cache_hit: 0, cache_miss: 0, output: 10000}
                """.formatted(model));
    }

    /** Right about each sum. */
    static String right(String asked) {
        int at = asked.indexOf("What is ") + "What is ".length();
        int number = Integer.parseInt(asked.substring(at, asked.indexOf(" +", at)));
        return "\\boxed{" + 2 * number + "}";
    }

    /** An evaluation of this server's model {@code m}. */
    static Map<String, String> endpoint(ChatServer server, Path... tasks) {
        return new HashMap<>(Map.of(
                "name", "e",
                "eval.tasks",
                        String.join(
                                ",", List.of(tasks).stream().map(Path::toString).toList()),
                "eval.max-new-tokens", Integer.toString(REPLY_TOKENS),
                "eval.samples", "1",
                "eval.endpoint.url", server.url(),
                "eval.endpoint.model", "m",
                "eval.endpoint.tariff", "free",
                "eval.endpoint.stream", "false"));
    }

    static List<TaskScore> evaluate(Map<String, String> options, Path run) throws IOException {
        return new Pipeline(Recipe.read(null, options), new RunFolder(run), new Unheard(), new Stop())
                .run(Pipeline.Stage.EVAL, Pipeline.Stage.EVAL, () -> {
                    throw new AssertionError("nothing is computed");
                })
                .evaluation()
                .orElseThrow()
                .scores();
    }
}
