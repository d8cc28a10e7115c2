package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipe docs/recipes/gsm8k-smollm2.yaml with real weights and a real server, as a user gives it, cut to what takes about
 * a quarter of an hour on two free cores; then the student that it made, in Hugging Face transformers and PEFT.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} and {@code -Ddistill.conformance=FOLDER}; {@link Peers} says what lies there.
 */
@Tag("slow")
class RealRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RECIPE = Path.of("..", "docs", "recipes", "gsm8k-smollm2.yaml");
    private static final Path COMPARE = Path.of("..", "scripts", "compare-transformers.py");

    private static final int HELD_OUT = 4;
    private static final int PROMPTS = 16;
    private static final int SAMPLES = 2; // the recipe's own
    private static final int STEPS = 24;
    private static final String KEY = "a-word-that-only-this-test-knows";

    /** The largest difference of a logit in FLOAT: what the order of additions does in 30 layers, with room. */
    private static final double TOLERANCE = 1e-3;

    @TempDir
    Path folder;

    private Peers peers;
    private Path heldOut;
    private Path prompts;
    private Path run;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        peers = Peers.orSkip();
        List<String> questions = Files.readAllLines(peers.questions());
        heldOut = Files.write(folder.resolve("held-out.jsonl"), questions.subList(0, HELD_OUT));
        prompts = Files.write(
                folder.resolve("prompts.jsonl"),
                questions.stream()
                        .skip(HELD_OUT)
                        .filter(RealRunTest::isShort)
                        .map(RealRunTest::withoutAnswer)
                        .limit(PROMPTS)
                        .toList());
        run = folder.resolve("run");
    }

    /** At most two steps, of which GSM8K writes each as {@code <<3*2=6>>}: the replies are short, and the test too. */
    private static boolean isShort(String question) {
        return question.split("<<", -1).length <= 3;
    }

    /**
     * Nothing to check a reply against, so that it is kept if it is sound: this teacher, half a billion weights of four
     * bits, is right so seldom that with answers a few dozen replies may leave nothing to train on.
     */
    private static String withoutAnswer(String question) {
        try {
            return ((ObjectNode) JSON.readTree(question)).retain("question").toString();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void aRealTeachersStudentIsTheSameInTransformers() throws Exception {
        JsonNode result;
        try (LlamaServer teacher = LlamaServer.start(peers, KEY, folder.resolve("server.log"))) {
            result = runRecipe(teacher);
        }
        System.err.println("real run: " + result);

        int units = PROMPTS * SAMPLES;
        assertThat(result.at("/harvest/units").asInt()).isEqualTo(units);
        assertThat(result.at("/harvest/completed").asInt()).isEqualTo(units);
        assertThat(result.at("/harvest/bought_tokens").asInt()).isPositive();
        assertThat(result.at("/curate/read").asInt()).isEqualTo(units);
        assertThat(result.at("/curate/kept").asInt())
                .as("dropped: %s", result.at("/curate/dropped"))
                .isGreaterThan(units / 2);
        assertThat(result.at("/train/steps").asInt()).isEqualTo(STEPS);
        assertThat(result.at("/train/val_loss_last").asDouble())
                .as("validation loss, of %s", result.path("train"))
                .isPositive()
                .isLessThan(result.at("/train/val_loss_first").asDouble());
        assertThat(result.at("/eval/tasks/held-out/n").asInt()).isEqualTo(HELD_OUT);
        assertThat(result.at("/export/max_logit_diff").asDouble()).isLessThanOrEqualTo(TOLERANCE);
        assertThat(result.at("/export/greedy_agreement").asDouble()).isOne();

        Path export = run.resolve("export");
        assertThat(export).isDirectoryContaining("glob:**/model.safetensors");
        agreesWithTransformers("merged", "--model", export);
        Path adapter = export.resolve("adapter");
        assertThat(adapter).isDirectoryContaining("glob:**/adapter_model.safetensors");
        agreesWithTransformers("adapter", "--model", peers.student(), "--adapter", adapter);
    }

    /** Runs the recipe in a process of its own, so that the key can come from the environment. Returns its figures. */
    private JsonNode runRecipe(LlamaServer teacher) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("run", RECIPE.toString(), "--dir", run.toString(), "--json"));
        Stream.of(
                        "teacher.url=" + teacher.url(),
                        "teacher.max-tokens=400",
                        "prompts.files=" + prompts,
                        "curate.held-out=" + heldOut,
                        "student.base=" + peers.student(),
                        "train.steps=" + STEPS,
                        "eval.tasks=" + heldOut,
                        "eval.max-new-tokens=160")
                .forEach(value -> words.addAll(List.of("--set", value)));
        ProcessBuilder distill = new ProcessBuilder(ChildJvm.command(words.stream()));
        distill.environment().put("TEACHER_API_KEY", KEY);
        Said said = Said.byProcess(distill, folder, "run");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.err()).doesNotContain(KEY);
        return said.json();
    }

    /** Logits and greedy text of this model, in transformers and here. */
    private void agreesWithTransformers(String name, Object... model) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(peers.python().toString(), COMPARE.toString()));
        Stream.of(model).map(Object::toString).forEach(words::add);
        words.addAll(List.of("--prompts", heldOut.toString(), "--limit", Integer.toString(HELD_OUT)));
        words.addAll(List.of("--tolerance", Double.toString(TOLERANCE)));
        ProcessBuilder compare = new ProcessBuilder(words);
        compare.environment().putAll(Map.of("DISTILL", ChildJvm.script(folder).toString(), "HF_HUB_OFFLINE", "1"));
        Said said = Said.byProcess(compare, folder, name);
        System.err.println(name + ": " + said.out().strip());
        assertThat(said.code()).as(said.out() + said.err()).isZero();
        assertThat(said.json().path("prompts").asInt()).isEqualTo(HELD_OUT);
        assertThat(said.json().path("max_logit_diff").asDouble()).isLessThanOrEqualTo(TOLERANCE);
        assertThat(said.json().path("same_text").asInt()).isEqualTo(HELD_OUT);
    }
}
