package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Decision.Dropped;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and DeepSeek-R1 wrote must pass; benchmarks must be told from one another and found again. */
@Tag("conformance")
class RealTextConformanceTest {
    @TempDir
    Path scratch;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void noneOfTenRealTracesIsDropped() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String file : List.of("rasbt_sample_ollama_outputs.json", "rasbt_sample_openrouter_outputs.json")) {
            for (JsonNode record :
                    JSON.readTree(existing("reasoning_traces/" + file).toFile())) {
                traces.add(Traces.trace(
                        record.get("problem").asText(),
                        record.get("message_thinking").asText(),
                        record.get("message_content").asText(),
                        record.get("gtruth_answer").asText()));
            }
        }
        assertThat(traces).hasSize(10);
        assertThat(dropped(traces, List.of())).isEmpty();
    }

    /** 1,819 worked solutions by people; wrong, broken or foreign they are not. */
    @Test
    void solutionsOfBenchmarksAreKept() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (JsonNode record : lines("gsm8k_test.jsonl")) {
            String solution = record.get("answer").asText();
            traces.add(Traces.trace(record.get("question").asText(), solution, solution, solution));
        }
        for (JsonNode record : lines("math500.jsonl")) {
            String solution = record.get("solution").asText();
            String answer = record.get("answer").asText();
            traces.add(Traces.trace(record.get("problem").asText(), solution, solution, answer));
        }
        assertThat(dropped(traces, List.of())).isEmpty();
    }

    @Test
    void aBenchmarkIsFoundInItselfAndInNoOther() throws IOException {
        List<String> gsm8k = new ArrayList<>();
        List<String> math = new ArrayList<>();
        lines("gsm8k_test.jsonl")
                .forEach(record -> gsm8k.add(record.get("question").asText()));
        lines("math500.jsonl").forEach(record -> math.add(record.get("problem").asText()));
        for (List<String> heldOut : List.of(gsm8k, math)) {
            Decontamination filter =
                    new Decontamination(HeldOutSet.ofQuestions("held", heldOut), Decontamination.Settings.STANDARD);
            for (List<String> questions : List.of(gsm8k, math)) {
                long found = questions.stream()
                        .filter(question ->
                                filter.check(Traces.question(question)).outcome()
                                        == dev.distill.data.trace.Verdict.Outcome.FAIL)
                        .count();
                assertThat(found).isEqualTo(questions == heldOut ? questions.size() : 0);
            }
        }
    }

    private List<String> dropped(List<Trace> traces, List<HeldOutSet> heldOut) throws IOException {
        List<String> dropped = new ArrayList<>();
        Curation.run(CurationSettings.standard(new MathVerifier(), heldOut), traces::stream, scratch, decision -> {
            if (decision instanceof Dropped drop) {
                dropped.add(drop.position() + " " + drop.reason() + ": " + drop.detail());
            }
        });
        return dropped;
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(existing("benchmarks/" + file))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static Path existing(String file) {
        Path folder = Path.of(System.getProperty("distill.conformance", ""));
        Path path = folder.resolve(file);
        assumeTrue(
                !folder.toString().isEmpty() && Files.exists(path),
                "skipped: no " + file + " in the folder named by -Ddistill.conformance (\"" + folder + "\")");
        return path;
    }
}
