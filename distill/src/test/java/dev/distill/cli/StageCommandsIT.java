package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.TeacherConfig;
import dev.distill.teacher.embedded.TeacherLog;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage commands on a recipe, against the embedded teacher over loopback, as a user gives them. */
class StageCommandsIT {
    @TempDir
    Path folder;

    private EmbeddedTeacher teacher;
    private Path recipe;
    private Path run;

    @BeforeEach
    void start() throws IOException {
        teacher = EmbeddedTeacher.start(TeacherConfig.of(7, folder.resolve("teacher.jsonl")));
        recipe = TinyRecipe.write(folder, teacher);
        run = folder.resolve("run");
    }

    @AfterEach
    void stop() throws IOException {
        teacher.close();
    }

    private Said stage(String name, Object... more) {
        Object[] words = new Object[4 + more.length];
        words[0] = name;
        words[1] = recipe;
        words[2] = "--dir";
        words[3] = run;
        System.arraycopy(more, 0, words, 4, more.length);
        return Said.by(words);
    }

    private JsonNode json(String name, Object... more) throws IOException {
        Object[] words = Arrays.copyOf(more, more.length + 1);
        words[more.length] = "--json";
        Said said = stage(name, words);
        assertThat(said.code()).as(said.err()).isZero();
        return said.json();
    }

    private int served() throws IOException {
        return TeacherLog.read(teacher.log().file()).size();
    }

    @Test
    void aDryRunShowsWhatWouldBeAskedAndAsksNothing() throws IOException {
        JsonNode before = json("harvest", "--dry-run");
        int units = TinyRecipe.PROMPTS * 2;
        assertThat(before.path("units").asInt()).isEqualTo(units);
        assertThat(before.path("requests")).hasSize(3);
        assertThat(before.at("/requests/0/messages").isArray()).isTrue();
        assertThat(before.at("/requests/1/messages")).isNotEqualTo(before.at("/requests/0/messages"));
        assertThat(before.has("expected")).isFalse();
        assertThat(stage("harvest", "--dry-run").out())
                .contains("units: " + units + "\n", "at most: 0.", " USD for " + units + ", ", "expected: not known");
        assertThat(served()).isZero();
        assertThat(run.resolve("harvest")).doesNotExist();
        JsonNode harvest = json("harvest");
        JsonNode after = json("harvest", "--dry-run");
        assertThat(after.path("completed").asInt())
                .isEqualTo(harvest.path("completed").asInt());
        BigDecimal most = new BigDecimal(before.at("/at_most/amount").asText());
        assertThat(new BigDecimal(harvest.at("/spent/amount").asText())).isLessThan(most);
        assertThat(new BigDecimal(after.at("/at_most/amount").asText())).isLessThan(most);
        Said text = stage("harvest", "--dry-run");
        assertThat(text.out())
                .isEqualTo("units: " + units + ", all of which have their reply; nothing is left to ask for\n");
    }

    @Test
    void inspectTellsWhatTheLedgerHolds() throws IOException {
        JsonNode harvest = json("harvest");
        Said said = Said.by("inspect", run.resolve("harvest"), "--json");
        JsonNode ledger = said.json().path("ledger");
        assertThat(ledger.path("completed")).isEqualTo(harvest.path("completed"));
        int failed = 0;
        for (JsonNode count : ledger.path("failed")) {
            failed += count.asInt();
        }
        assertThat(failed).isEqualTo(harvest.path("failed").asInt());
        BigDecimal spent = BigDecimal.ZERO;
        for (JsonNode day : ledger.path("spent_by_day")) {
            spent = spent.add(new BigDecimal(day.asText().replace(" USD", "")));
        }
        assertThat(spent).isEqualByComparingTo(harvest.at("/spent/amount").asText());
        assertThat(Said.by("inspect", run.resolve("harvest/ledger.journal"), "--json")
                        .json()
                        .path("ledger"))
                .isEqualTo(ledger);
    }

    @Test
    void eachStageTellsItsFiguresAndRunDoesNothingAgain() throws IOException {
        JsonNode harvest = json("harvest");
        int units = TinyRecipe.PROMPTS * 2;
        assertThat(harvest.path("units").asInt()).isEqualTo(units);
        assertThat(harvest.path("completed").asInt() + harvest.path("failed").asInt())
                .isEqualTo(units);
        assertThat(harvest.path("bought_tokens").asLong()).isPositive();
        assertThat(harvest.at("/spent/amount").isTextual()).isTrue();
        assertThat(harvest.at("/spent/currency").asText()).isEqualTo("USD");
        assertThat(Path.of(harvest.at("/shards/0").asText())).isRegularFile();

        JsonNode curate = json("curate");
        int dropped = 0;
        for (JsonNode count : curate.path("dropped")) {
            dropped += count.asInt();
        }
        assertThat(curate.path("read").asInt())
                .isEqualTo(harvest.path("completed").asInt());
        assertThat(curate.path("kept").asInt() + dropped)
                .isEqualTo(curate.path("read").asInt());

        JsonNode train = json("train");
        assertThat(train.path("steps").asInt()).isEqualTo(TinyRecipe.STEPS);
        assertThat(train.path("tokens_trained").asLong()).isPositive();
        for (String figure :
                List.of("tokens_per_s", "loss_first", "loss_last", "val_loss_first", "val_loss_last", "peak_rss_mib")) {
            assertThat(train.path(figure).isNumber()).as(figure).isTrue();
        }
        assertThat(Path.of(train.path("checkpoint").asText())).isDirectory();

        JsonNode eval = json("eval");
        assertThat(eval.path("model").asText()).as("the recipe's name").isEqualTo("tiny");
        assertThat(eval.at("/tasks/test").properties().stream().map(java.util.Map.Entry::getKey))
                .contains("n", "k", "pass_at_1", "low", "high", "cons", "no_answer", "truncated", "infra_error");
        assertThat(eval.at("/tasks/test/n").asInt()).isEqualTo(TinyRecipe.TESTS);

        Path test = folder.resolve("test.jsonl");
        byte[] questions = Files.readAllBytes(test);
        Files.delete(test);
        JsonNode export = json("export");
        Files.write(test, questions);
        assertThat(run.resolve("export/README.md"))
                .as("the score stands though its questions are not read again")
                .content()
                .contains("Score on test");
        assertThat(export.path("max_logit_diff").asDouble()).isZero(); // float weights, read back
        assertThat(export.path("greedy_agreement").asDouble()).isOne();
        assertThat(export.path("bytes").asLong()).isPositive();
        for (JsonNode file : export.path("files")) {
            assertThat(run.resolve("export").resolve(file.asText())).isRegularFile();
        }

        int asked = served();
        Said again = stage("run", "--json");
        assertThat(again.code()).isZero();
        assertThat(again.err()).doesNotContain("train  ", "evaluate ");
        assertThat(again.json().path("curate")).isEqualTo(curate);
        assertThat(again.json().at("/train/loss_last")).isEqualTo(train.path("loss_last"));
        assertThat(served()).isEqualTo(asked);
    }

    @Test
    void fromToAndSetChooseWhatIsRun() throws IOException {
        assertThat(stage("run", "--to", "curate").code()).isZero();
        assertThat(run.resolve("train")).doesNotExist();

        Said two = stage("run", "--from", "train", "--to", "eval", "--set", "train.steps=2", "--json");
        assertThat(two.code()).as(two.err()).isZero();
        assertThat(two.json().at("/train/steps").asInt()).isEqualTo(2);
        assertThat(two.json().has("harvest") || two.json().has("export")).isFalse();

        Said backwards = stage("run", "--from", "eval", "--to", "harvest");
        assertThat(backwards.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(backwards.err()).contains("eval comes after harvest");
    }

    @Test
    void printResolvedSaysWhereEachValueComesFromAndDoesNothing() {
        Said said = stage("run", "--print-resolved", "--set", "train.steps=9");

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("steps: 9  # option", "samples: 2  # file", "warmup: 0.03  # default");
        assertThat(run).doesNotExist();
    }

    @Test
    void allThatIsMissingIsSaidBeforeTheFirstStageBegins() throws IOException {
        Files.delete(folder.resolve("test.jsonl"));
        Said said = stage("run", "--set", "prompts.files=" + folder.resolve("none.jsonl"));

        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err())
                .contains("3 problems", "prompts.files: there is no such file", "curate.held-out", "eval.tasks");
        assertThat(served()).isZero();

        Said bare = Said.by("run", "--dir", run, "--set", "seed=2");
        assertThat(bare.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(bare.err()).contains("teacher: is missing", "prompts: is missing", "student: is missing");
    }

    @Test
    void aBudgetStopsCleanlyAndTheSameWordsGoOn() throws IOException {
        String budget = "harvest.budget=0.006 USD"; // about half of what all replies cost
        Said alone = stage("harvest", "--json", "--set", budget, "--set", "harvest.in-flight=1");
        assertThat(alone.code()).isEqualTo(ExitCode.BUDGET);
        assertThat(alone.err()).contains("0.006 USD", "Raise harvest.budget");
        int bought = alone.json().path("completed").asInt();
        assertThat(bought).isBetween(1, TinyRecipe.PROMPTS * 2 - 1);

        Said all = stage("run", "--set", budget);
        assertThat(all.code()).isEqualTo(ExitCode.BUDGET);
        assertThat(all.err()).contains("Raise harvest.budget").doesNotContain("\tat ");
        assertThat(run.resolve("curate")).doesNotExist();

        Said rest = stage("harvest", "--json");
        assertThat(rest.code()).isZero();
        assertThat(rest.json().path("completed").asInt()
                        + rest.json().path("failed").asInt())
                .isEqualTo(TinyRecipe.PROMPTS * 2);
    }

    @Test
    void aTrainingWhoseFilesCannotBeWrittenEndsWithThreeAndGoesOn() throws IOException {
        assertThat(stage("run", "--to", "curate").code()).isZero();
        // a file stands where the first checkpoint is to be written, as the only way to make a write fail for root too
        Path inTheWay = Files.createDirectories(run.resolve("train")).resolve(".checkpoint-000002.tmp");
        Files.writeString(inTheWay, "");
        Said stopped = stage("train", "--set", "train.checkpoint-every=2");
        assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.BUDGET);
        assertThat(stopped.err())
                .contains("train: the checkpoint of step 2 could not be written", "the same command begins anew")
                .doesNotContain("\tat ");
        Files.delete(inTheWay);
        Said again = stage("train", "--json");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.json().path("steps").asInt()).isEqualTo(TinyRecipe.STEPS);
    }

    @Test
    void anInterruptedTrainingIsSavedAndGoesOn() throws Exception {
        assertThat(stage("run", "--to", "curate").code()).isZero();
        Path metrics = run.resolve("train").resolve("metrics.jsonl");
        CompletableFuture<Said> training =
                CompletableFuture.supplyAsync(() -> stage("train", "--set", "train.steps=100000"));
        while (!training.isDone() && (!Files.exists(metrics) || Files.size(metrics) == 0)) {
            Thread.sleep(20);
        }
        new ProcessBuilder(
                        "kill", "-TERM", Long.toString(ProcessHandle.current().pid()))
                .start();

        Said said = training.get();
        assertThat(said.code()).isEqualTo(ExitCode.TERMINATED);
        assertThat(said.err()).contains("stopping at the next safe point", "the same command goes on from there");
        // the step that was being made is the last, and it is saved
        List<String> lines = Files.readAllLines(metrics);
        int last = new ObjectMapper().readTree(lines.getLast()).path("step").asInt();
        Path saved = run.resolve("train").resolve("checkpoint-%06d".formatted(last));
        assertThat(saved.resolve("SHA256SUMS")).exists();
        assertThat(said.err()).contains("stopped after step " + last + " of 100000, which is saved");
    }

    @Test
    void theStoryOfATraceIsToldAndTheChecksAreExplained() throws IOException {
        json("harvest");
        JsonNode curated = json("curate");
        assertThat(run.resolve("curate/README.md"))
                .content()
                .contains(
                        "## Curation",
                        curated.path("read") + " traces read, " + curated.path("kept") + " kept (",
                        " USD each.");
        JsonNode explained = json("curate", "--explain");
        assertThat(explained.path("kept")).isEqualTo(curated.path("kept"));
        explained
                .path("dropped")
                .properties()
                .forEach(reason -> assertThat(explained.at("/checks/" + reason.getKey() + "/in_order"))
                        .as(reason.getKey())
                        .isEqualTo(reason.getValue()));
        assertThat(explained.at("/checks/math/alone").asLong())
                .isGreaterThanOrEqualTo(explained.at("/dropped/math").asLong());
        String table = stage("curate", "--explain").out();
        assertThat(table).contains("only it").contains("near_duplicate").doesNotContain("in_order");

        List<JsonNode> decisions = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("curate").resolve("decisions.jsonl"))) {
            decisions.add(new ObjectMapper().readTree(line));
        }
        for (JsonNode decision : decisions.subList(0, 5)) {
            String id = decision.path("id").asText();
            for (Path path : List.of(run, run.resolve("harvest"))) {
                JsonNode story =
                        Said.by("inspect", path, "--trace", id, "--json").json();
                assertThat(story.path("id").asText()).isEqualTo(id);
                assertThat(story.at("/curation/kept")).isEqualTo(decision.path("kept"));
                assertThat(story.at("/curation/reason")).isEqualTo(decision.at("/reason"));
                assertThat(story.path("training").asText()).isEqualTo("has no part in it");
            }
        }
    }
}
