package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.TeacherConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at what a run made, and use it: inspect, generate, score, doctor. */
class ArtefactCommandsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Path run;
    private static Path model;

    @BeforeAll
    static void run() throws IOException {
        run = folder.resolve("run");
        model = run.resolve("export");
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(TeacherConfig.of(7, folder.resolve("teacher.jsonl")))) {
            Said said = Said.by("run", TinyRecipe.write(folder, teacher), "--dir", run);
            assertThat(said.code()).as(said.err()).isZero();
        }
    }

    private static String kind(Path path) throws IOException {
        Said said = Said.by("inspect", path, "--json", "--rows", 1);
        assertThat(said.code()).as(said.err()).isZero();
        return said.json().path("kind").asText();
    }

    @Test
    void everyArtefactOfARunIsKnown() throws IOException {
        assertThat(kind(run)).isEqualTo("run");
        assertThat(kind(run.resolve("harvest"))).isEqualTo("shards");
        assertThat(kind(run.resolve("harvest").resolve("traces-00000.parquet"))).isEqualTo("shard");
        assertThat(kind(run.resolve("harvest").resolve("ledger.journal"))).isEqualTo("journal");
        assertThat(kind(run.resolve("harvest").resolve("manifest.json"))).isEqualTo("manifest");
        assertThat(kind(run.resolve("train"))).isEqualTo("stage");
        assertThat(kind(run.resolve("train").resolve("checkpoint-000004"))).isEqualTo("checkpoint");
        assertThat(kind(run.resolve("train").resolve("tokenizer"))).isEqualTo("tokenizer");
        assertThat(kind(run.resolve("eval"))).isEqualTo("scores");
        assertThat(kind(model)).isEqualTo("model");
        assertThat(kind(model.resolve("model.safetensors"))).isEqualTo("safetensors");
        assertThat(kind(model.resolve("tokenizer.json"))).isEqualTo("tokenizer");
    }

    @Test
    void aRunTellsItsStagesInTheirOrderAndItsScoresAsEvalDoes() throws IOException {
        JsonNode found = Said.by("inspect", run, "--json").json();
        assertThat(found.path("stages").fieldNames())
                .toIterable()
                .containsExactly("harvest", "curate", "train", "eval", "export");
        assertThat(found.at("/stages/train").has("settings")).isFalse();
        assertThat(found.at("/scores/eval"))
                .isEqualTo(Said.by("eval", folder.resolve("tiny.yaml"), "--dir", run, "--json")
                        .json());
    }

    @Test
    void aCheckpointsParametersAreTheModelsWithoutTheOptimizers() throws IOException {
        Path checkpoint = run.resolve("train").resolve("checkpoint-000004");
        assertThat(Said.by("inspect", checkpoint, "--json").json().path("parameters"))
                .isEqualTo(Said.by("inspect", model, "--json").json().path("parameters"));
    }

    @Test
    void oneTraceIsShownWholeByTheBeginningOfItsId() throws IOException {
        Path shards = run.resolve("curate");
        String id = Said.by("inspect", shards, "--rows", 1, "--json")
                .json()
                .at("/traces/0/id")
                .asText();
        JsonNode trace = Said.by("inspect", shards, "--trace", id.substring(0, 12), "--json")
                .json();
        assertThat(trace.path("id").asText()).isEqualTo(id);
        assertThat(trace.at("/messages/0/role").asText()).isEqualTo("user");
        assertThat(trace.at("/verdicts/0/outcome").asText()).isEqualTo("pass");

        Said none = Said.by("inspect", shards, "--trace", "zz");
        assertThat(none.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(none.err()).contains("--trace zz", "--rows");
    }

    @Test
    void tracesOfARunArePickedByWhatBecameOfThem() throws IOException {
        JsonNode report =
                new ObjectMapper().readTree(run.resolve("curate/report.json").toFile());
        assertThat(matching("verdicts.curation = 'pass'"))
                .isEqualTo(report.path("kept").asLong());
        assertThat(report.path("dropped")).isNotEmpty();
        for (var dropped : report.path("dropped").properties()) {
            assertThat(matching("reasons.curation LIKE '" + dropped.getKey() + ":%'"))
                    .as(dropped.getKey())
                    .isEqualTo(dropped.getValue().asLong());
        }
    }

    private static long matching(String condition) throws IOException {
        return Said.by("inspect", run, "--where", condition, "--json")
                .json()
                .path("matching")
                .asLong();
    }

    @Test
    void tracesArePickedByACondition() throws IOException {
        String condition = "finish = 'stop' AND length(answer) > 10";
        JsonNode all = Said.by("inspect", run, "--where", "true", "--rows", 1000, "--json")
                .json();
        assertThat(all.path("traces")).hasSize(all.path("rows").asInt()).isNotEmpty();
        long wanted = 0;
        for (JsonNode trace : all.path("traces")) {
            boolean fits = trace.path("finish_reason").asText().equals("stop")
                    && trace.path("answer").asText().length() > 10;
            wanted += fits ? 1 : 0;
        }
        for (Path path : List.of(run, run.resolve("harvest"), run.resolve("harvest/traces-00000.parquet"))) {
            JsonNode found = Said.by("inspect", path, "--where", condition, "--rows", 2, "--json")
                    .json();
            assertThat(found.path("matching").asLong()).as("in %s", path).isEqualTo(wanted);
            assertThat(found.path("rows")).isEqualTo(all.path("rows"));
            assertThat(found.path("traces")).hasSize(2);
        }
        assertThat(Said.by("inspect", run.resolve("curate"), "--where", "verdicts.math = 'pass'", "--json")
                        .json()
                        .path("matching")
                        .asInt())
                .isPositive();

        Said wrong = Said.by("inspect", run, "--where", "answr = 'x'", "--trace", "ab");
        assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(wrong.err())
                .contains("--where: character 1: there is no column answr; there are id,")
                .contains("--where and --trace: give one of the two");
        Said none = Said.by("inspect", run.resolve("train"), "--where", "true");
        assertThat(none.code()).as(none.err()).isEqualTo(ExitCode.WRONG_INPUT);
    }

    @Test
    void generateGivesAJsonLineForEachSampleAndTheSameTextForASeed() throws IOException {
        Object[] words = {
            "generate", "-m", model, "--prompts", folder.resolve("test.jsonl"), "--samples", 2, "--max-new-tokens", 6
        };
        Said said = Said.by(words);
        assertThat(said.code()).as(said.err()).isZero();
        List<String> lines = said.out().lines().toList();
        assertThat(lines).hasSize(2 * TinyRecipe.TESTS);
        for (String line : lines) {
            assertThat(JSON.readTree(line).path("finish_reason").asText()).isIn("stop", "length");
        }
        assertThat(Said.by(words).out()).isEqualTo(said.out());

        JsonNode json = Said.by("generate", "-m", model, "-p", "What is 2+2?", "--max-new-tokens", 3, "--json")
                .json();
        assertThat(json.at("/completions/0/tokens").asInt()).isBetween(1, 3);
    }

    @Test
    void scoreGivesALineForEachLineAndRefusesAForeignOutput() throws IOException {
        Path input = Files.writeString(
                folder.resolve("in.jsonl"),
                "{\"text\":\"What is 2+2?\"}\n{\"prompt\":\"What is\",\"completion\":\" 4\"}\n{\"ids\":[5,6,7]}\n");
        Path output = folder.resolve("out.jsonl");
        Said said = Said.by("score", "-m", model, "-i", input, "-o", output, "--top-k", 2, "--json");
        assertThat(said.code()).as(said.err()).isZero();
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(3);
        for (String line : lines) {
            JsonNode score = JSON.readTree(line);
            assertThat(score.path("logprobs")).hasSize(score.path("ids").size() - 1);
            assertThat(score.path("top_ids")).hasSameSizeAs(score.path("logprobs"));
            assertThat(score.at("/top_ids/0")).hasSize(2);
        }
        assertThat(JSON.readTree(lines.get(2)).path("count").asInt()).isEqualTo(2);
        assertThat(Said.by("score", "-m", model, "-i", input, "-o", output, "--top-k", 2)
                        .code())
                .isZero();
        assertThat(Files.readAllLines(output)).isEqualTo(lines);

        Said otherTop = Said.by("score", "-m", model, "-i", input, "-o", output);
        assertThat(otherTop.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(otherTop.err()).contains("--top-k 2");
        Files.writeString(input, "{\"text\":\"What is 2+2?\"}\n");
        Said otherInput = Said.by("score", "-m", model, "-i", input, "-o", output, "--top-k", 2);
        assertThat(otherInput.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(otherInput.err()).contains("has 3 lines, more than the 1");
    }

    @Test
    void aTeachersWordOnATracesFolderIsWrittenOnce() throws IOException {
        Path sidecar = folder.resolve("sidecar");
        Object[] words = {
            "score",
            "-m",
            model,
            "-i",
            run.resolve("curate"),
            "--student",
            model,
            "--top-k",
            50,
            "--distributions",
            sidecar,
            "--json"
        };
        Said said = Said.by(words);
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode figures = said.json();
        assertThat(figures.path("samples").asInt()).isPositive();
        assertThat(figures.path("bytes").asLong())
                .isLessThan(300 * figures.path("places").asLong());
        assertThat(said.err()).contains("teacher  " + figures.path("samples").asInt() + "/");
        List<Path> files = new DistributionFolder(sidecar).files();
        assertThat(Said.by(words).json()).isEqualTo(figures);
        assertThat(new DistributionFolder(sidecar).files()).isEqualTo(files);

        Said wrong = Said.by("score", "-m", model, "-i", run.resolve("curate"), "--distributions", sidecar, "-o", "x");
        assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(wrong.err())
                .contains(
                        "--output and --distributions: give one of the two",
                        "needs the student whose samples they are; give --student",
                        "--top-k must be from 1 to 1024 with --distributions; got 0");
    }

    @Test
    void scoreNamesTheLinesThatItCannotUse() throws IOException {
        Path input = Files.writeString(
                folder.resolve("ids.jsonl"),
                "{\"ids\":[5,6]}\n\n{\"ids\":[5,99999]}\n{\"text\":\"a\"}\n{\"ids\":[-1]}\n");
        Path output = folder.resolve("none.jsonl");
        Said said = Said.by("score", "-m", model, "-i", input, "-o", output);
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err().lines().map(String::strip))
                .anyMatch(line -> line.matches("line 3: ids must be from 0 to \\d+, the model's vocabulary; got 99999"))
                .anyMatch(line -> line.matches("line 5: ids must be from 0 to \\d+, the model's vocabulary; got -1"));
        assertThat(output).as("nothing is scored before").doesNotExist();

        Files.writeString(input, "{\"text\":\"What is\"}\n{\"text\":\"" + "What is 2+2? ".repeat(400) + "\"}\n");
        Said tooLong = Said.by("score", "-m", model, "-i", input, "-o", output);
        assertThat(tooLong.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(tooLong.err()).contains(input + " line 2: has ", " tokens, the model takes 512; cut it: ");
    }

    @Test
    void aTextWithoutATokenThatCountsIsWarnedOf() throws IOException {
        Path input = Files.writeString(
                folder.resolve("empty.jsonl"),
                "{\"text\":\"What is 2+2?\"}\n\n{\"text\":\"\"}\n{\"prompt\":\"2\",\"completion\":\"\"}\n");
        Path output = folder.resolve("empty-out.jsonl");
        for (int run = 0; run < 2; run++) { // the second finds the lines of the first
            Said said = Said.by("score", "-m", model, "-i", input, "-o", output, "--json");
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.err())
                    .contains("warning: " + input
                            + ": 2 of 3 lines have no token that counts, and the sum 0; the first is line 3");
            assertThat(said.json().path("lines").asInt()).isEqualTo(3);
        }
    }

    /** Unless told otherwise it computes in FLOAT, whatever is faster: its numbers are for comparing. */
    @Test
    void scoreComputesInTheTypeThatItIsTold() throws IOException {
        assumeThat(NativeChoice.hasHalfProducts())
                .as("a machine that multiplies BFLOAT16")
                .isTrue();
        Path input = Files.writeString(folder.resolve("typed.jsonl"), "{\"ids\":[5,6,7,8,9]}\n");
        Map<String, Double> sums = new TreeMap<>();
        for (String type : List.of("", "float", "bfloat16")) {
            List<Object> words = new ArrayList<>(List.of("score", "-m", model, "-i", input, "--json", "-o"));
            words.add(folder.resolve("out" + type));
            if (!type.isEmpty()) {
                words.addAll(List.of("--compute", type));
            }
            Said said = Said.by(words.toArray());
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.json().path("compute").asText()).isEqualTo(type.isEmpty() ? "float" : type);
            sums.put(type, said.json().path("sum").asDouble());
        }
        assertThat(sums.get("")).isEqualTo(sums.get("float"));
        // four log-probabilities of logits with 8 bits of mantissa
        assertThat(sums.get("bfloat16")).isNotEqualTo(sums.get("float")).isCloseTo(sums.get("float"), within(0.2));
    }

    @Test
    void whatCannotBeUsedIsRefusedWithACure() {
        Said adapter = Said.by("generate", "-m", model, "-a", folder, "-p", "x");
        assertThat(adapter.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(adapter.err()).contains("--adapter", "PEFT");
        Said directory = Said.by("score", "-m", model, "-i", folder, "-o", folder.resolve("x"));
        assertThat(directory.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(directory.err()).contains("is a folder");
        Said nowhere = Said.by("score", "-m", model, "-i", folder.resolve("test.jsonl"), "-o", folder.resolve("no/x"));
        assertThat(nowhere.code()).isEqualTo(ExitCode.WRONG_INPUT);
        Said device = Said.by("score", "-m", model, "-i", folder.resolve("prompts.jsonl"), "-o", "/dev/null");
        assertThat(device.code()).isEqualTo(ExitCode.WRONG_INPUT);
    }

    @Test
    void doctorTellsWhatWillBeUsed() throws IOException {
        Said said = Said.by("doctor", "--json");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode report = said.json();
        for (String field : List.of("java", "processor", "isa", "backend", "matmul_gflops", "gpu")) {
            assertThat(report.has(field)).as(field).isTrue();
        }
        assertThat(report.at("/matmul_gflops/float").asDouble()).isPositive();
        assertThat(report.path("matmul_gflops").has("bfloat16")).isTrue();
        assertThat(report.path("matmul_gflops").has("int8")).isTrue();
    }
}
