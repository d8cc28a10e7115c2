package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.shard.TraceReader;
import dev.distill.respond.TinyStudent;
import dev.distill.student.ops.nd4j.NativeChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that measure, on a model of some thousand weights. */
class BenchCommandsIT {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void write() throws IOException {
        model = TinyStudent.write(folder.resolve("tiny"), 1);
    }

    private static Said train(Object... more) {
        List<Object> words = new ArrayList<>(
                List.of("bench", "train", "--model", model, "--seq", 24, "--steps", 3, "--warmup", 1, "--json"));
        words.addAll(Arrays.asList(more));
        return Said.by(words.toArray());
    }

    private static JsonNode trained(Object... more) throws IOException {
        Said said = train(more);
        assertThat(said.code()).as(said.err()).isZero();
        return said.json();
    }

    @Test
    void trainGivesFiguresThatFitTogether() throws IOException {
        JsonNode report = trained("--mode", "full", "--batch", 2);
        assertThat(report.path("compute").asText()).isIn("float", "bfloat16"); // whichever this machine is faster in
        double median = report.at("/step_s/median").asDouble();
        assertThat(median)
                .isBetween(
                        report.at("/step_s/min").asDouble(),
                        report.at("/step_s/max").asDouble());
        double rate = report.path("tokens_per_s").asDouble();
        assertThat(rate).isCloseTo(2 * 24 / median, within(1e-9 * rate));
        assertThat(report.path("matmul_share").asDouble())
                .isPositive()
                .isCloseTo(rate / report.path("roof_tokens_per_s").asDouble(), within(1e-9));
        assertThat(report.path("roof_tokens_per_s").asDouble())
                .isCloseTo(
                        report.path("matmul_gflops").asDouble()
                                / report.path("useful_gflop_per_token").asDouble(),
                        within(1e-3));
        assertThat(report.path("peak_anon_mib").asLong())
                .isBetween(1L, report.path("peak_rss_mib").asLong());
        assertThat(report.path("ready_after_s").asDouble()).isPositive();
        assertThat(report.path("first_step_after_s").asDouble())
                .isGreaterThan(report.path("ready_after_s").asDouble());
        assertThat(report.path("losses"))
                .hasSize(3)
                .allSatisfy(loss -> assertThat(loss.asDouble()).isPositive());
        assertThat(report.path("warmup_losses")).hasSize(1);
        assertThat(report.path("trained_parameters")).isEqualTo(report.path("parameters"));
    }

    @Test
    void tokenizeCountsTheSameTokensWithBothEngines() throws IOException {
        Path input = Files.writeString(
                folder.resolve("texts.jsonl"),
                "{\"messages\": [{\"content\": \"" + "So 12 + 34 = 46. ".repeat(100)
                        + "\"}, {\"content\": \"short\"}]}\n");
        List<JsonNode> reports = new ArrayList<>();
        for (String engine : List.of("own", "djl", "auto")) {
            Said said = Said.by(
                    "bench",
                    "tokenize",
                    "--tokenizer",
                    model,
                    "--input",
                    input,
                    "--engine",
                    engine,
                    "--threads",
                    2,
                    "--json");
            assertThat(said.code()).as(said.err()).isZero();
            reports.add(said.json());
        }
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.path("texts").asInt()).isEqualTo(1);
            assertThat(report.path("mb").asDouble()).isEqualTo(1_700 / 1e6);
            assertThat(report.path("tokens").asLong())
                    .isPositive()
                    .isEqualTo(reports.getFirst().path("tokens").asLong());
            double rate = report.path("tokens_per_s").asDouble();
            assertThat(report.path("mb_per_s").asDouble() / rate)
                    .isCloseTo(1_700 / 1e6 / report.path("tokens").asLong(), within(1e-12));
            assertThat(report.path("peak_rss_mib").asLong()).isPositive();
        });
        assertThat(reports.getLast().path("engine").asText()).isEqualTo("byte-level BPE in Java");
    }

    @Test
    void tokenizeNamesAllThatIsWrong() {
        Said said = Said.by("bench", "tokenize", "--tokenizer", model, "--input", "no-such.jsonl", "--repeats", 0);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("--input: no such file: no-such.jsonl", "--repeats must be at least 1; got 0");
    }

    /**
     * A LoRA of rank 4 has 4 numbers for each input and each output of a linear layer: 16 + 16 (q, o), 16 + 8 (k, v), 16 + 24 (gate,
     * up, down) are 232 in each of two blocks.
     */
    @Test
    void theSeedDecidesTheLossesAndRecomputingDoesNot() throws IOException {
        JsonNode keep = trained("--mode", "lora", "--rank", 4, "--seed", 5);
        assertThat(keep.path("trained_parameters").asInt()).isEqualTo(2 * 232 * 4);
        JsonNode again = trained("--mode", "LORA", "--rank", 4, "--seed", 5, "--memory", "recompute");
        assertThat(again.path("losses")).isEqualTo(keep.path("losses"));
        assertThat(again.path("memory").asText()).isEqualTo("recompute");
        JsonNode other = trained("--mode", "lora", "--rank", 4, "--seed", 6);
        assertThat(other.path("losses")).isNotEqualTo(keep.path("losses"));
    }

    /** Rounding a base to four bits moves the loss of a model that knows nothing by little. */
    @Test
    void anAdapterOnFourBitsTrainsLikeOneOnTheWhole() throws IOException {
        JsonNode whole = trained("--mode", "lora", "--compute", "float", "--seed", 5);
        JsonNode four = trained("--mode", "qlora", "--compute", "float", "--seed", 5);
        assertThat(four.path("mode").asText()).isEqualTo("qlora");
        assertThat(four.path("trained_parameters")).isEqualTo(whole.path("trained_parameters"));
        assertThat(four.path("losses")).isNotEqualTo(whole.path("losses")).hasSize(3);
        double loss = whole.path("losses").path(0).asDouble();
        assertThat(four.path("losses").path(0).asDouble()).isCloseTo(loss, within(0.05 * loss));
    }

    @Test
    void generateGivesBothRates() throws IOException {
        Said said = Said.by(
                "bench",
                "generate",
                "-m",
                model,
                "--batch",
                3,
                "--prompt-tokens",
                20,
                "--new-tokens",
                5,
                "--repeats",
                2,
                "--compute",
                "float",
                "--threads",
                1,
                "--json");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode report = said.json();
        assertThat(report.path("compute").asText()).isEqualTo("float");
        assertThat(report.path("threads").asInt()).isEqualTo(1);
        assertThat(report.path("repeats").asInt()).isEqualTo(2);
        assertThat(report.path("prefill_tokens_per_s").asDouble()).isPositive();
        assertThat(report.path("decode_tokens_per_s").asDouble()).isPositive();
        assertThat(report.path("peak_rss_mib").asLong()).isPositive();
    }

    /** Two harvests of 24 replies of 40 tokens, of which the teacher's own count says how many there were. */
    @Test
    void harvestGivesRatesThatFitTogether() throws IOException {
        Path work = folder.resolve("work");
        for (String form : List.of("--quiet", "--no-stream")) {
            Said said = Said.by(
                    "bench",
                    "harvest",
                    "--units",
                    24,
                    "--reply-tokens",
                    40,
                    "--prompt-tokens",
                    10,
                    "--in-flight",
                    4,
                    "--warm-ups",
                    0,
                    "--repeats",
                    2,
                    "--work",
                    work,
                    form,
                    "--json");
            assertThat(said.code()).as(said.err()).isZero();
            JsonNode report = said.json();
            assertThat(report.path("streamed").asBoolean()).isEqualTo(form.equals("--quiet"));
            assertThat(report.path("repeats").asInt()).isEqualTo(2);
            double rows = report.path("rows_per_s").asDouble();
            assertThat(rows).isPositive();
            assertThat(report.path("tokens_per_s").asDouble()).isCloseTo(40 * rows, within(1e-6 * 40 * rows));
            double bytes = report.path("mb_per_s").asDouble() * 1e6 / rows; // of a reply
            assertThat(bytes).isCloseTo(report.path("reply_mb").asDouble() * 1e6 / 24, within(1e-6 * bytes));
            // 40 words of four characters, in one piece or in an event each
            assertThat(bytes).isBetween(form.equals("--quiet") ? 40 * 150.0 : 40 * 4.0, 40 * 300.0);
            assertThat(report.path("folder_mb").asDouble()).isPositive();
            assertThat(report.path("peak_rss_mib").asLong()).isPositive();
            try (Stream<Path> left = Files.list(work)) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static void refused(Said said, String... told) {
        assertThat(said.code()).as(said.err()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err()).contains(told);
    }

    @Test
    void whatCannotBeMeasuredIsRefusedWithTheReason() {
        refused(
                train("--mode", "qlora", "--compute", "int8"),
                NativeChoice.hasEightBitProducts()
                        ? "NF4 are multiplied in BFLOAT16 or FLOAT, not in INT8"
                        : "compute INT8: needs ");
        refused(train("--mode", "lora", "--compute", "int9"), "--compute", "int9");
        refused(
                train("--mode", "lora", "--batch", 0, "--rank", 0),
                "--batch must be at least 1; got 0",
                "--rank must be at least 1; got 0");
        refused(
                train("--mode", "lora", "--threads", -1),
                "--threads must be from 0 to " + 4 * Runtime.getRuntime().availableProcessors()
                        + ", 4 for each processor; got -1");
        refused(
                Said.by("bench", "train", "-m", model, "--mode", "full", "--seq", 257),
                "at most 256 tokens, the model's positions; got 257");
        refused(train("--mode", "full", "--sparse"), "sparse weights are made for the name of a shape");
        refused(train(), "--mode");
        refused(Said.by("bench", "harvest", "--units", 0, "--reply-tokens", 3), "--units must be at least 1; got 0");
        refused(
                Said.by("bench", "generate", "-m", model, "--prompt-tokens", 200, "--new-tokens", 57),
                "a prompt of 200 and 57 new ones");
        refused(
                Said.by("bench", "train", "-m", "qwen2.5-5b", "--mode", "full"),
                "--model qwen2.5-5b: there is no such file or folder, and it is no hub id",
                "nor one of the shapes qwen2.5-0.5b, qwen2.5-1.5b");
    }

    /** Weights of zero make every one of SmolLM2's 49,152 tokens equally likely. */
    @Test
    void scoreTakesAShape() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"ids\":[1,2,49151]}\n{\"text\":\"ab\"}\n");
        Path output = folder.resolve("out.jsonl");
        Said said = Said.by("score", "-m", "smollm2-135m", "--sparse", "-i", input, "-o", output);
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.err()).contains("smollm2-135m: made zero weights of this shape");
        List<String> lines = Files.readAllLines(output);
        JsonNode ids = new ObjectMapper().readTree(lines.get(0));
        assertThat(ids.at("/logprobs/1").asDouble()).isCloseTo(-Math.log(49_152), within(1e-5));
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("ids").toString())
                .isEqualTo("[97,98]");
    }

    @Test
    void shardsAreWrittenReadAndKeptWhereTheyAreWanted() throws IOException {
        Path kept = folder.resolve("kept");
        Said said = Said.by("bench", "shards", "--rows", 600, "--repeats", 2, "--warm-ups", 0, "--dir", kept, "--json");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode report = said.json();
        assertThat(report.path("rows").asInt()).isEqualTo(600);
        double mb = report.path("mb").asDouble();
        assertThat(mb).isBetween(600 * 3.5e-3, 600 * 5.5e-3); // 4,500 characters a trace, of one byte each
        assertThat(report.path("file_mb").asDouble()).isBetween(mb / 5, mb / 2);
        double there = mb / report.path("write_mb_per_s").asDouble();
        double back = mb / report.path("read_mb_per_s").asDouble();
        assertThat(report.path("mb_per_s").asDouble())
                .isCloseTo(mb / (there + back), within(1e-6 * mb / (there + back)));
        assertThat(report.path("rows_per_s").asDouble())
                .isCloseTo(600 / (there + back), within(1e-6 * 600 / (there + back)));
        assertThat(report.path("peak_rss_mib").asLong()).isPositive();
        try (TraceReader reader = TraceReader.open(kept)) {
            List<String> ids = new ArrayList<>();
            reader.forEachRemaining(trace -> ids.add(trace.id()));
            assertThat(ids).hasSize(600).doesNotHaveDuplicates();
        }
    }

    @Test
    void whatShardsCannotBeIsSaidAtOnce() {
        Said said = Said.by("bench", "shards", "--rows", 0, "--repeats", 0);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("--rows", "--repeats");
    }
}
