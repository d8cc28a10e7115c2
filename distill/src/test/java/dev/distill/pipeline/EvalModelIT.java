package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.eval.report.TaskScore;
import dev.distill.respond.TinyStudent;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations whose answers a model in this process writes. */
@Timeout(120)
class EvalModelIT {
    @TempDir
    Path folder;

    private final Ops ops = new CpuOps();
    private Path model;
    private Path run;
    private Map<String, String> recipe;

    @BeforeEach
    void begin() throws IOException {
        model = TinyStudent.write(folder.resolve("tiny"), 1);
        run = folder.resolve("run");
        recipe = new HashMap<>(Map.of(
                "name", "e",
                "eval.tasks", new EvalScene(folder).sums("one", 1).toString(),
                "eval.samples", "2",
                "eval.max-new-tokens", "12"));
    }

    @AfterEach
    void end() {
        ops.close();
    }

    private TaskScore evaluate() throws IOException {
        return new Pipeline(Recipe.read(null, recipe), new RunFolder(run), new Unheard(), new Stop())
                .run(Pipeline.Stage.EVAL, Pipeline.Stage.EVAL, () -> ops)
                .evaluation()
                .orElseThrow()
                .scores()
                .getFirst();
    }

    private List<String> responses() throws IOException {
        return Files.readAllLines(run.resolve("eval/one/responses.jsonl"));
    }

    @Test
    void aSampleThatIsMissingIsWrittenAgainAlone() throws IOException {
        recipe.put("eval.model", model.toString());
        TaskScore score = evaluate();
        assertThat(Objects.requireNonNull(score.detail()).spending().seconds()).isPositive();
        List<String> whole = responses();
        Files.write(run.resolve("eval/one/responses.jsonl"), whole.subList(0, whole.size() - 1));
        Files.delete(run.resolve("eval/manifest.json"));
        evaluate();
        assertThat(responses()).startsWith(whole.subList(0, whole.size() - 1).toArray(String[]::new));
        assertThat(timeless(responses().getLast())).isEqualTo(timeless(whole.getLast()));

        recipe.put("eval.samples", "3");
        assertThat(evaluate().samples()).isEqualTo(3);
        assertThat(responses()).hasSize(1 + 9).contains(whole.get(1), whole.get(2));
    }

    private static String timeless(String line) {
        return line.replaceAll("\"seconds\":[0-9.E-]+", "");
    }

    @Test
    void anEndpointInThisProcessIsKnownByItsWeights() throws IOException {
        recipe.put("eval.endpoint.url", "local");
        recipe.put("eval.endpoint.model", model.toString());
        TaskScore first = evaluate();
        assertThat(first.model()).isEqualTo("tiny");
        assertThat(Objects.requireNonNull(first.detail()).spending().seconds()).isPositive();
        List<String> ofFirst = responses();
        Path ledger = run.resolve("eval/endpoint/ledger.journal");
        assertThat(LedgerAccount.read(ledger).completed()).isEqualTo(6);
        assertThat(evaluate()).isEqualTo(first);
        assertThat(LedgerAccount.read(ledger).completed()).isEqualTo(6);

        TinyStudent.write(model, 2); // another training, the same place
        evaluate();
        assertThat(LedgerAccount.read(ledger).completed()).isEqualTo(12);
        assertThat(Files.readAllLines(run.resolve("eval/one/responses.1.jsonl")))
                .isEqualTo(ofFirst);
        assertThat(responses().getFirst()).isNotEqualTo(ofFirst.getFirst());
    }

    @Test
    void anotherBaseIsAnotherComparison() throws IOException {
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), """
                {"id": "one-1", "response": "\\\\boxed{2}"}
                {"id": "one-2", "response": "\\\\boxed{4}"}
                {"id": "one-3", "response": "\\\\boxed{6}"}
                """);
        recipe.put("eval.answers", answers.toString());
        recipe.put("eval.samples", "1");
        recipe.put("eval.against", "base");
        recipe.put("student.base", model.toString());
        evaluate();
        Path before = run.resolve("eval/before/one/responses.jsonl");
        String ofFirst = Files.readString(before);
        evaluate();
        assertThat(before).hasContent(ofFirst);
        TinyStudent.write(model, 2);
        evaluate();
        assertThat(Files.readAllLines(before).getFirst())
                .as("under which model")
                .isNotEqualTo(ofFirst.lines().findFirst().orElseThrow());
    }

    @Test
    void theWishToStopIsSeenInTheMiddleOfTheFirstAnswer() throws IOException {
        recipe.put("eval.model", model.toString());
        recipe.put("eval.limit", "1");
        recipe.put("eval.samples", "1");
        recipe.put("eval.max-new-tokens", "200");
        evaluate();
        String whole = responses().getLast();
        assertThat(new ObjectMapper().readTree(whole).path("new_tokens").asInt())
                .as("long enough to be stopped in its middle")
                .isGreaterThan(10);
        Files.delete(run.resolve("eval/manifest.json"));
        Files.delete(run.resolve("eval/one/responses.jsonl"));

        Stop stop = new Stop();
        AtomicInteger calls = new AtomicInteger();
        Ops stopping = (Ops) Proxy.newProxyInstance(
                Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (_, method, given) -> {
                    if (method.getName().equals("rmsNorm") && calls.incrementAndGet() == 20) {
                        stop.request(); // five of them a token
                    }
                    try {
                        return method.invoke(ops, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Pipeline pipeline = new Pipeline(Recipe.read(null, recipe), new RunFolder(run), new Unheard(), stop);
        assertThatThrownBy(() -> pipeline.run(Pipeline.Stage.EVAL, Pipeline.Stage.EVAL, () -> stopping))
                .isInstanceOf(Stop.StoppedException.class)
                .hasMessageContaining("stopped after 0 of 1 answers of task one");
        assertThat(evaluate().questions()).isEqualTo(1);
        assertThat(timeless(responses().getLast())).isEqualTo(timeless(whole));
    }
}
