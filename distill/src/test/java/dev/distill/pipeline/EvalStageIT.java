package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.report.TaskScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations of an API over real HTTP, of answers made elsewhere, and of two against each other. */
@Timeout(120)
class EvalStageIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path questions;

    @BeforeEach
    void write() throws IOException {
        questions = Files.writeString(folder.resolve("sums.jsonl"), """
                {"id": "a", "question": "What is 1 + 1?", "answer": "2"}
                {"id": "b", "question": "What is 2 + 2?", "answer": "4"}
                {"id": "c", "question": "What is 3 + 3?", "answer": "6"}
                """);
    }

    private Recipe recipe(Map<String, String> more) throws IOException {
        Map<String, String> options = new HashMap<>(Map.of("name", "e", "eval.tasks", questions.toString()));
        options.putAll(more);
        return Recipe.read(null, options);
    }

    private Map<String, String> endpoint(ChatServer server) {
        return Map.of(
                "eval.endpoint.url", server.url(),
                "eval.endpoint.model", "m",
                "eval.endpoint.tariff", "free",
                "eval.endpoint.stream", "false",
                "eval.samples", "2");
    }

    private static List<TaskScore> evaluate(Recipe recipe, Path run) throws IOException {
        return new Pipeline(recipe, new RunFolder(run), new Unheard(), new Stop())
                .run(Pipeline.Stage.EVAL, Pipeline.Stage.EVAL, () -> {
                    throw new AssertionError("nothing is computed");
                })
                .evaluation()
                .orElseThrow()
                .scores();
    }

    /** Right about the first two. */
    private static String reply(String asked) {
        return asked.contains("1 + 1") ? "\\boxed{2}" : asked.contains("2 + 2") ? "It is \\boxed{4}." : "\\boxed{5}";
    }

    @Test
    void anApiIsAskedOnceForEachAnswerAndTheReportHoldsThemAll() throws IOException {
        Path run = folder.resolve("run");
        try (ChatServer server = new ChatServer(EvalStageIT::reply)) {
            TaskScore score = evaluate(recipe(endpoint(server)), run).getFirst();
            assertThat(score.task()).isEqualTo("sums");
            assertThat(score.model()).isEqualTo("m");
            assertThat(score.samples()).isEqualTo(2);
            assertThat(score.count(Grade.RIGHT)).isEqualTo(4);
            assertThat(score.count(Grade.WRONG)).isEqualTo(2);
            assertThat(server.requests).hasValue(6);

            assertThat(evaluate(recipe(endpoint(server)), run).getFirst()).isEqualTo(score);
            Files.delete(run.resolve("eval").resolve(Manifest.FILE_NAME)); // as if it had been killed before its end
            Files.delete(run.resolve("eval").resolve("sums").resolve("responses.jsonl"));
            byte[] page = Files.readAllBytes(run.resolve("eval/report.html"));
            assertThat(evaluate(recipe(endpoint(server)), run).getFirst()).isEqualTo(score);
            assertThat(server.requests).hasValue(6); // the ledger has them
            assertThat(run.resolve("eval/report.html")).hasBinaryContent(page);
        }
        assertThat(run.resolve("eval/report.md")).content().contains("sums");
        assertThat(JSON.readTree(run.resolve("eval/report.json").toFile()).isObject())
                .isTrue();
        assertThat(run.resolve("eval/harness/m/results_distill.json")).isNotEmptyFile();
    }

    @Test
    void answersMadeElsewhereAreGradedAndComparedWithAnotherRun() throws IOException {
        Path first = folder.resolve("first");
        try (ChatServer server = new ChatServer(EvalStageIT::reply)) {
            evaluate(recipe(endpoint(server)), first);
        }
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), """
                {"id": "a", "answer": "The answer is 2."}
                {"id": "b", "answer": "\\\\boxed{4}"}
                {"id": "c", "answer": "\\\\boxed{6}"}
                """);
        Path second = folder.resolve("second");
        Recipe recipe = recipe(Map.of("eval.answers", answers.toString(), "eval.against", first.toString()));
        TaskScore score = evaluate(recipe, second).getFirst();
        assertThat(score.passAt1().value()).isEqualTo(1);
        assertThat(score.samples()).isEqualTo(1);
        assertThat(score.model()).isEqualTo("e");
        assertThat(second.resolve("eval/report.md")).content().contains("m", "e");
    }

    /** What an earlier run was asked by its own recipe, and what nobody knows of a file, is not taken from the recipe at hand. */
    @Test
    void theReportSaysHowEachWasSampled() throws IOException {
        Path first = folder.resolve("first");
        try (ChatServer server = new ChatServer(EvalStageIT::reply)) {
            Map<String, String> warm = new HashMap<>(endpoint(server));
            warm.put("eval.temperature", "0.9");
            evaluate(recipe(warm), first);
        }
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), """
                {"id": "a", "response": ["2", "2", "3"], "seconds": 1.5, "cost": "0.01", "currency": "USD"}
                {"id": "b", "response": ["4", "4", "4"], "seconds": 1.5, "cost": "0.01", "currency": "USD"}
                {"id": "c", "response": ["6", "5", "6"], "seconds": 1.5, "cost": "0.01", "currency": "USD"}
                """);
        Path second = folder.resolve("second");
        TaskScore score = evaluate(
                        recipe(Map.of(
                                "eval.answers", answers.toString(),
                                "eval.against", first.toString(),
                                "eval.samples", "2")),
                        second)
                .getFirst();
        assertThat(score.samples()).isEqualTo(2);
        assertThat(score.count(Grade.RIGHT)).isEqualTo(5);
        JsonNode models =
                JSON.readTree(second.resolve("eval/report.json").toFile()).at("/tasks/0/models");
        assertThat(models.at("/0/model").asText()).isEqualTo("m");
        assertThat(models.at("/0/decoding/temperature").asDouble()).isEqualTo(0.9);
        assertThat(models.at("/0/protocol").asText()).isEqualTo("r1 but for the recipe's samples, temperature");
        assertThat(models.at("/1/decoding").isNull()).isTrue();
        assertThat(models.at("/1/spending/seconds").asDouble()).isEqualTo(9);
        assertThat(models.at("/1/spending/cost").asText()).isEqualTo("0.06 USD");
        assertThat(Manifest.read(second.resolve("eval")).outputs())
                .extracting(FileEntry::path)
                .contains("harness/e/samples_sums_distill.jsonl", "harness/m/samples_sums_distill.jsonl");

        assertThatThrownBy(() -> evaluate(
                        recipe(Map.of("eval.answers", answers.toString(), "eval.samples", "4")),
                        folder.resolve("third")))
                .hasMessageContaining("every question needs 4; 3 of 3 have fewer");
    }

    /** What the provider's filter withholds is an answer of this model to whoever asks it there, and not the network's fault. */
    @Test
    void aProvidersFilterIsNoErrorOfTheInfrastructure() throws IOException {
        try (ChatServer server =
                new ChatServer(asked -> asked.contains("1 + 1") ? ChatServer.FILTERED : reply(asked))) {
            TaskScore score =
                    evaluate(recipe(endpoint(server)), folder.resolve("run")).getFirst();
            assertThat(score.count(Grade.INFRA_ERROR)).isZero();
            assertThat(score.count(Grade.NO_ANSWER)).isEqualTo(2);
            assertThat(score.questions()).isEqualTo(3);
        }
    }

    @Test
    void whatCannotBeIsToldBeforeAnybodyIsAsked() throws IOException {
        try (ChatServer server = new ChatServer(EvalStageIT::reply)) {
            Map<String, String> both = new HashMap<>(endpoint(server));
            both.put("eval.model", "no/model");
            assertThatThrownBy(() -> recipe(both)).hasMessageContaining("eval.endpoint: stands beside model");
            Map<String, String> unknown = new HashMap<>(endpoint(server));
            unknown.put("eval.tasks", "aime2024");
            assertThatThrownBy(() -> evaluate(recipe(unknown), folder.resolve("x")))
                    .hasMessageContaining("eval.tasks: there is no such file");
            Map<String, String> nothing = new HashMap<>(endpoint(server));
            nothing.put("eval.template", "Answer!");
            assertThatThrownBy(() -> recipe(nothing)).hasMessageContaining("eval.template: must contain {question}");
            Path choice = Files.writeString(folder.resolve("choice.yaml"), """
                    data: {files: [sums.jsonl]}
                    columns: {options: options}
                    template: "{question} {options}"
                    grading: choice
                    """);
            Map<String, String> blind = new HashMap<>(endpoint(server));
            blind.put("eval.tasks", choice.toString());
            blind.put("eval.template", "{question}");
            assertThatThrownBy(() -> evaluate(recipe(blind), folder.resolve("w")))
                    .hasMessageContaining("eval.template, for task choice: must contain {options}");
            Path other = Files.createDirectory(folder.resolve("other")).resolve("sums.jsonl");
            Files.copy(questions, other);
            Map<String, String> twice = new HashMap<>(endpoint(server));
            twice.put("eval.tasks", questions + "," + other);
            assertThatThrownBy(() -> evaluate(recipe(twice), folder.resolve("z")))
                    .hasMessageContaining("two tasks are called sums");
            Path programs = Files.writeString(folder.resolve("programs.yaml"), """
                    data: {files: [sums.jsonl]}
                    grading: code
                    """);
            Map<String, String> code = new HashMap<>(endpoint(server));
            code.put("eval.tasks", programs.toString());
            assertThatThrownBy(() -> evaluate(recipe(code), folder.resolve("y")))
                    .hasMessageContaining("verify.sandbox: must be bubblewrap");
            assertThat(server.requests).hasValue(0);
        }
    }
}
