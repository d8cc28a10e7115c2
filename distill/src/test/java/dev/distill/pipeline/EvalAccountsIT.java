package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.report.TaskScore;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an evaluation of several tasks pays, whom it asks for it, and what its answers took, over real HTTP. */
@Timeout(120)
class EvalAccountsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JUDGEMENT = "{\"answer\": \"4\", \"reason\": \"as I see it\", \"verdict\": \"%s\"}";

    @TempDir
    Path folder;

    private EvalScene scene;
    private Path run;

    @BeforeEach
    void begin() {
        scene = new EvalScene(folder);
        run = folder.resolve("run");
    }

    @Test
    void oneBudgetHoldsForAllTasksAndIsToldByItsName() throws IOException {
        try (ChatServer server = new ChatServer(EvalScene::right)) {
            Map<String, String> recipe = EvalScene.endpoint(server, scene.sums("one", 1), scene.sums("two", 11));
            recipe.put("eval.endpoint.tariff", scene.tariff("m").toString());
            recipe.put("eval.endpoint.in-flight", "1");
            recipe.put("eval.endpoint.budget", "1.00 USD"); // five replies of the six
            assertThatThrownBy(() -> EvalScene.evaluate(recipe, run))
                    .isInstanceOf(HarvestStage.UnfinishedException.class)
                    .hasMessageStartingWith("eval: eval.endpoint: ")
                    .hasMessageContaining("left of 1 USD")
                    .hasMessageContaining("Raise eval.endpoint.budget")
                    .hasMessageContaining("2 of 3 answers");
            assertThat(server.requests).hasValue(5);

            recipe.put("eval.endpoint.budget", "1.20 USD");
            assertThat(EvalScene.evaluate(recipe, run))
                    .allSatisfy(score -> assertThat(score.passAt1().value()).isEqualTo(1));
            assertThat(server.requests).hasValue(6);
            LedgerAccount account = LedgerAccount.read(run.resolve("eval/endpoint/ledger.journal"));
            assertThat(account.completed()).isEqualTo(6);
            assertThat(account.spent().firstEntry().getValue().amount()).isEqualByComparingTo("1.20");
        }
    }

    @Test
    void aDialectIsFoundOutOnceForAllTasks() throws IOException {
        int[] asked = new int[2];
        for (int tasks = 1; tasks <= 2; tasks++) {
            try (ChatServer server =
                    new ChatServer(said -> said.contains("What is ") ? EvalScene.right(said) : "I am here.")) {
                List<Path> files = List.of(scene.sums("one", 1), scene.sums("two", 11));
                Map<String, String> recipe =
                        EvalScene.endpoint(server, files.subList(0, tasks).toArray(Path[]::new));
                recipe.put("eval.endpoint.dialect", "auto");
                EvalScene.evaluate(recipe, folder.resolve("run" + tasks));
                asked[tasks - 1] = server.requests.get();
            }
        }
        assertThat(asked[0]).as("three questions and a probe").isGreaterThan(3);
        assertThat(asked[1]).isEqualTo(asked[0] + 3);
        assertThat(folder.resolve("run2/eval/endpoint/dialect.yaml")).exists();
    }

    @Test
    void everyAnswerHasItsSecondsAndItsCost() throws IOException {
        try (ChatServer server = new ChatServer(asked -> {
            try {
                Thread.sleep(3); // nothing depends on how long it is, but that it is something
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return EvalScene.right(asked);
        })) {
            Map<String, String> recipe = EvalScene.endpoint(server, scene.sums("one", 1));
            recipe.put("eval.endpoint.tariff", scene.tariff("m").toString());
            TaskScore score = EvalScene.evaluate(recipe, run).getFirst();
            var spending = Objects.requireNonNull(score.detail()).spending();
            assertThat(spending.secondsPerSolved()).isGreaterThanOrEqualTo(0.003);
            assertThat(Objects.requireNonNull(spending.costPerSolved()).amount())
                    .isEqualByComparingTo("0.20");

            Files.delete(run.resolve("eval/manifest.json"));
            Files.delete(run.resolve("eval/one/responses.jsonl"));
            assertThat(EvalScene.evaluate(recipe, run).getFirst())
                    .as("from the ledger")
                    .isEqualTo(score);
        }
    }

    @Test
    void moreSamplesKeepTheEarlierOnes() throws IOException {
        try (ChatServer server = new ChatServer(EvalScene::right)) {
            Map<String, String> recipe = EvalScene.endpoint(server, scene.sums("one", 1));
            EvalScene.evaluate(recipe, run);
            List<String> before = Files.readAllLines(run.resolve("eval/one/responses.jsonl"));
            recipe.put("eval.samples", "3");
            assertThat(EvalScene.evaluate(recipe, run).getFirst().samples()).isEqualTo(3);
            assertThat(server.requests).hasValue(9);
            List<String> after = Files.readAllLines(run.resolve("eval/one/responses.jsonl"));
            assertThat(after.subList(1, after.size())) // the first line says how many samples there are now
                    .startsWith(before.subList(1, before.size()).toArray(String[]::new))
                    .hasSize(9);
            assertThat(run.resolve("eval/one/responses.1.jsonl")).doesNotExist();
        }
    }

    @Test
    void anEarlierRunOfTheSameModelIsAnother() throws IOException {
        Path earlier = folder.resolve("earlier");
        try (ChatServer server = new ChatServer(EvalScene::right)) {
            Map<String, String> recipe = EvalScene.endpoint(server, scene.sums("one", 1));
            EvalScene.evaluate(recipe, earlier);
            recipe.put("eval.against", earlier.toString());
            EvalScene.evaluate(recipe, run);
        }
        assertThat(run.resolve("eval/report.md")).content().contains("m less m in earlier");
        String sums = scene.sums("one", 1).toString();
        Map<String, String> itself = Map.of(
                "name",
                "e",
                "eval.answers",
                sums,
                "eval.tasks",
                sums,
                "eval.against",
                earlier.resolve("../earlier").toString());
        assertThatThrownBy(() -> EvalScene.evaluate(itself, earlier))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("eval.against: must be another run than this one");
    }

    /** Judges right what has an even answer, and answers. */
    private static String judgeOrStudent(String asked) {
        if (!asked.contains("judged:")) {
            return EvalScene.right(asked);
        }
        return JUDGEMENT.formatted(asked.substring(asked.lastIndexOf("judged:")).contains("{4}") ? "wrong" : "right");
    }

    private Map<String, String> judged(ChatServer server, Path... tasks) {
        Map<String, String> recipe = EvalScene.endpoint(server, tasks);
        recipe.putAll(Map.of(
                "verify.judge.url", server.url(),
                "verify.judge.model", "j",
                "verify.judge.tariff", "free",
                "verify.judge.stream", "false",
                "verify.judge.max-tokens", "" + EvalScene.REPLY_TOKENS));
        return recipe;
    }

    @Test
    void theJudgesBudgetHoldsForAllTasksToo() throws IOException {
        try (ChatServer server = new ChatServer(EvalAccountsIT::judgeOrStudent)) {
            Map<String, String> recipe = judged(server, scene.task("one", 1, "judge"), scene.task("two", 11, "judge"));
            recipe.put("verify.judge.tariff", scene.tariff("j").toString());
            recipe.put("verify.judge.in-flight", "1");
            recipe.put("verify.judge.budget", "1.00 USD");
            assertThatThrownBy(() -> EvalScene.evaluate(recipe, run))
                    .isInstanceOf(HarvestStage.UnfinishedException.class)
                    .hasMessageStartingWith("eval: ")
                    .hasMessageContaining("Raise verify.judge.budget");
            assertThat(LedgerAccount.read(run.resolve("eval/judge/ledger.journal"))
                            .completed())
                    .isEqualTo(5);
            recipe.put("verify.judge.budget", "1.20 USD");
            List<TaskScore> scores = EvalScene.evaluate(recipe, run);
            assertThat(scores.get(0).count(Grade.WRONG)).isEqualTo(1);
            assertThat(scores.get(1).count(Grade.RIGHT)).isEqualTo(3);
            assertThat(server.requests).hasValue(12);
        }
    }

    @Test
    void howFarTheJudgeAgreesWithTheRulesIsReported() throws IOException {
        try (ChatServer server = new ChatServer(EvalAccountsIT::judgeOrStudent)) {
            Map<String, String> recipe = judged(server, scene.sums("one", 1));
            recipe.put("eval.agreement", "true");
            assertThat(EvalScene.evaluate(recipe, run).getFirst().passAt1().value())
                    .as("the score is the rule's")
                    .isEqualTo(1);
        }
        JsonNode agreement =
                JSON.readTree(run.resolve("eval/agreement.json").toFile()).path(0);
        assertThat(agreement.path("task").asText()).isEqualTo("one");
        assertThat(agreement.path("decided").asInt()).isEqualTo(3);
        assertThat(agreement.at("/agree/value").asDouble()).isBetween(0.666, 0.667);
        assertThat(agreement.path("disputed")).hasSize(1);
        assertThat(agreement.at("/disputed/0/judge").asText()).isEqualTo("wrong");
        assertThat(run.resolve("eval/agreement.md")).content().contains("## Disputed answers", "as I see it", "66.7");
    }

    @Test
    void probesHaveTheProtocolsSystemPromptAndKnowTheStudentsOwnName() throws IOException {
        try (ChatServer server = new ChatServer(said -> "I am Qwen, made by Alibaba Cloud.")) {
            Map<String, String> recipe = EvalScene.endpoint(server);
            recipe.remove("eval.tasks");
            recipe.put("eval.probes", "true");
            recipe.put("eval.protocol", "simple-evals");
            double stranger = identity(EvalScene.evaluate(recipe, run));
            assertThat(stranger).isZero();
            int requests = server.requests.get();
            recipe.put("eval.own-name", "Qwen");
            assertThat(identity(EvalScene.evaluate(recipe, run))).isEqualTo(1);
            assertThat(server.requests).as("nothing is asked again").hasValue(requests);
            assertThat(server.systems).containsOnly("You are a helpful assistant.");
        }
    }

    private static double identity(List<TaskScore> scores) {
        return scores.stream()
                .filter(score -> score.task().equals("probe-identity"))
                .findFirst()
                .orElseThrow()
                .passAt1()
                .value();
    }
}
