package dev.distill.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenAnswersTest {
    private static final Decoding TWICE = new Decoding(2, 0.6, 0.95, 0, 100, 0);
    private static final String APPLES = "Ann has three apples and eats one. How many are left?";
    private static final String PEARS = "Bob has four pears and eats two. How many are left?";

    @TempDir
    Path folder;

    private final Prompt apples = prompt(APPLES, "1");
    private final Prompt pears = prompt(PEARS, "2");
    private final Task task = Task.ofMath("fruit", List.of(apples, pears), TWICE);

    private static Prompt prompt(String question, String id) {
        return Prompt.of(List.of(Message.user(question + "\n\nPut it in a box.")), "2", "fruit#test/" + id);
    }

    private List<Response> answers(String lines) throws IOException {
        Path file = Files.writeString(folder.resolve("answers.jsonl"), lines);
        List<Response> responses = new ArrayList<>();
        GivenAnswers.read("m", file, task).respond(task.prompts(), TWICE, responses::add);
        return responses;
    }

    @Test
    void questionsAreKnownByIdOrText() throws IOException {
        assertThat(answers("""
                        {"prompt_id": "%s", "sample": 1, "response": "a1"}
                        {"id": "test/1", "sample": 0, "text": "a0"}
                        {"question": "%s", "completion": ["p0", "p1"]}
                        """.formatted(apples.id(), PEARS)))
                .extracting(one -> one.promptId() + one.sample() + one.answer())
                .containsExactly(apples.id() + "0a0", apples.id() + "1a1", pears.id() + "0p0", pears.id() + "1p1");
    }

    @Test
    void lmEvaluationHarnesssSamplesAreRead() throws IOException {
        // shape of its samples_*.jsonl: the row of the data under doc, a list of samples a request under resps
        assertThat(answers("""
                        {"doc_id": 0, "doc": {"problem": "%s", "answer": "2"}, "target": "2", "arguments": {"gen_args_0": {}}, "resps": [["<think>3 - 1</think>\\n\\\\boxed{2}", "\\\\boxed{3}"]], "filtered_resps": ["2"], "exact_match": 1.0}
                        {"doc_id": 1, "doc": {"problem": "%s", "answer": "2"}, "target": "2", "resps": [["<think>4 -", "2"]], "filtered_resps": [""]}
                        """.formatted(APPLES, PEARS))).satisfies(all -> {
            assertThat(all.getFirst().reasoning()).isEqualTo("3 - 1");
            assertThat(all.getFirst().answer()).isEqualTo("\\boxed{2}");
            assertThat(all.get(1).answer()).isEqualTo("\\boxed{3}");
            assertThat(all.get(2).finish()).as("reasoning without an end").isEqualTo(FinishReason.LENGTH);
            assertThat(all.get(3).finish()).isEqualTo(FinishReason.STOP);
        });
    }

    @Test
    void numbersAloneAreTheOrderOfTheTask() throws IOException {
        assertThat(answers("""
                        {"doc_id": 1, "resps": [["p0", "p1"]]}
                        {"doc_id": 0, "resps": [["a0", "a1"]]}
                        """)).extracting(Response::answer).containsExactly("a0", "a1", "p0", "p1");
    }

    @Test
    void aQuestionThatIsNotTheTasksIsNotTakenForItsNumbers() throws IOException {
        Path file = Files.writeString(
                folder.resolve("answers.jsonl"),
                "{\"doc_id\": 0, \"doc\": {\"problem\": \"Who was the first emperor of Rome?\"}, \"resps\": [[\"a\", \"b\"]]}\n");
        assertThat(GivenAnswers.read("m", file, task).samples(List.of(apples))).isZero();
    }

    @Test
    void ourOwnResponsesAreReadAgain() throws IOException {
        Path first = folder.resolve("first");
        GivenAnswers source = GivenAnswers.read(
                "m", Files.writeString(folder.resolve("a.jsonl"), """
                        {"question": "%s", "reasoning": "r", "answer": ["x", "y"], "new_tokens": 5}
                        {"question": "%s", "answer": ["z", "w"], "finish_reason": "length"}
                        """.formatted(APPLES, PEARS)), task);
        List<Evaluation.Answered> once = Evaluation.run(task, source, first, Evaluation.Progress.NONE);
        GivenAnswers again = GivenAnswers.read("m", first.resolve(Evaluation.RESPONSES), task);
        List<Evaluation.Answered> twice =
                Evaluation.run(task, again, folder.resolve("second"), Evaluation.Progress.NONE);
        assertThat(twice).isEqualTo(once);
        assertThat(once.getFirst().responses().getFirst().usage().completionTokens())
                .isEqualTo(5);
        assertThat(once.get(1).responses().getFirst().finish()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aFolderOfTracesIsTaken() throws IOException {
        Path traces = folder.resolve("traces");
        try (TraceWriter writer = TraceWriter.create(traces)) {
            for (int sample = 1; sample >= 0; sample--) {
                writer.write(trace(apples, sample, "a" + sample));
                writer.write(trace(pears, sample, "p" + sample));
            }
            writer.finish(Manifest.begin("harvest", "test"), new DatasetCard("Fruit", "cc0-1.0", "Made for a test."));
        }
        List<Response> responses = new ArrayList<>();
        GivenAnswers.read("teacher", traces, task).respond(task.prompts(), TWICE, responses::add);
        assertThat(responses).extracting(Response::answer).containsExactly("a0", "a1", "p0", "p1");
        assertThat(responses.getFirst().reasoning()).isEqualTo("so");
        assertThat(responses.getFirst().usage().completionTokens()).isEqualTo(9);
    }

    private static Trace trace(Prompt prompt, int sample, String answer) {
        return new Trace(
                prompt.id() + sample,
                prompt.id(),
                sample,
                prompt.messages(),
                "so",
                answer,
                "<think>so</think>" + answer,
                FinishReason.STOP,
                prompt.reference(),
                prompt.source(),
                "teacher",
                Collections.emptySortedMap(),
                new Usage(3, 0, 9, 2),
                Money.zero("USD"),
                1,
                Instant.EPOCH,
                List.of());
    }

    /** Shape of OpenR1's and NVIDIA's files: the reference in {@code answer}, the model's texts in a column of their own. */
    @Test
    void aReferenceBesideTheModelsAnswersIsNotTakenForOne() throws IOException {
        assertThat(answers("""
                        {"question": "%s", "answer": "2", "generations": ["\\\\boxed{7}", "\\\\boxed{8}"]}
                        {"question": "%s", "answer": "2", "model_answer": "9", "sample": 0}
                        {"question": "%s", "answer": "2", "responses": ["10"]}
                        """.formatted(APPLES, PEARS, PEARS)))
                .extracting(Response::answer)
                .containsExactly("\\boxed{7}", "\\boxed{8}", "9", "10");
    }

    @Test
    void anAnswerBesideTextsOfUnknownNamesIsNotGraded() {
        assertThatThrownBy(() -> answers("{\"question\": \"" + APPLES
                        + "\", \"answer\": \"2\", \"r1\": \"\\\\boxed{7}\", \"level\": \"3\"}\n"))
                .hasMessageContaining("line 1: has answer, which may be the reference, beside r1, which may be the"
                        + " model's; call the model's answer response, or say finish_reason with it");
    }

    @Test
    void answersThatAreAllTheReferencesAreRemarkedOn() throws IOException {
        assertThat(remarks("""
                        {"question": "%s", "answer": "2"}
                        {"question": "%s", "answer": "4 - 2 = 2\\n#### 2"}
                        """.formatted(APPLES, PEARS)))
                .singleElement()
                .asString()
                .startsWith("every answer is word for word the reference of its question");
        assertThat(remarks("""
                        {"question": "%s", "answer": "2"}
                        {"question": "%s", "answer": "3"}
                        """.formatted(APPLES, PEARS))).isEmpty();
    }

    private List<String> remarks(String lines) throws IOException {
        Path file = Files.writeString(folder.resolve("r.jsonl"), lines);
        return GivenAnswers.read("m", file, task).remarks();
    }

    /** Shape of lm-evaluation-harness's GSM8K, whose every answer is written once for each of two filters. */
    @Test
    void anAnswerUnderASecondFilterIsTheSameAnswer() throws IOException {
        String lines = """
                {"doc_id": 0, "doc": {"question": "%1$s"}, "resps": [["a0", "a1"]], "filter": "strict-match"}
                {"doc_id": 1, "doc": {"question": "%2$s"}, "resps": [["p0", "p1"]], "filter": "strict-match"}
                {"doc_id": 0, "doc": {"question": "%1$s"}, "resps": [["a0", "a1"]], "filter": "flexible-extract"}
                {"doc_id": 1, "doc": {"question": "%2$s"}, "resps": [["p0", "p1"]], "filter": "flexible-extract"}
                """.formatted(APPLES, PEARS);
        assertThat(answers(lines)).extracting(Response::answer).containsExactly("a0", "a1", "p0", "p1");
        Path file = folder.resolve("answers.jsonl");
        assertThat(GivenAnswers.read("m", file, task).samples(task.prompts())).isEqualTo(2);
        assertThat(remarks(lines))
                .containsExactly("4 rows of the filters flexible-extract are left out, for they hold the answers of the"
                        + " first filter once more");
    }

    @Test
    void twoAnswersOfOneNumberAreToldAndTheFirstCounts() throws IOException {
        String lines = """
                {"question": "%1$s", "sample": 0, "response": "first"}
                {"question": "%1$s", "sample": 0, "response": "second"}
                {"question": "%1$s", "response": "without a number"}
                {"question": "%2$s", "sample": 0, "response": "", "error": "connection reset"}
                {"question": "%2$s", "sample": 0, "response": "asked again"}
                {"question": "%2$s", "sample": 7, "response": "eighth"}
                """.formatted(APPLES, PEARS);
        assertThat(answers(lines))
                .extracting(Response::answer)
                .containsExactly("first", "without a number", "asked again", "eighth");
        assertThat(remarks(lines))
                .singleElement()
                .asString()
                .startsWith(
                        "1 have a sample number that an earlier and other answer to the same question has (the first"
                                + " is sample 0 of question " + apples.id());
    }

    @Test
    void answersBeyondThoseThatAllQuestionsHaveAreTold() throws IOException {
        Path file = Files.writeString(folder.resolve("cut.jsonl"), """
                {"question": "%s", "response": ["1", "2", "3"]}
                {"question": "%s", "response": ["4"]}
                """.formatted(APPLES, PEARS));
        GivenAnswers given = GivenAnswers.read("m", file, task);
        assertThat(given.cut(task.prompts(), 1))
                .hasValue("questions have up to 3 answers, and the first 1 of each are graded, so that all weigh alike;"
                        + " 2 are left out");
        assertThat(given.cut(List.of(apples), 3)).isEmpty();
    }

    @Test
    void whatAnAnswerTookIsKept() throws IOException {
        List<Response> all = answers("""
                {"question": "%s", "response": ["a", "b"], "seconds": [1.5, 2.5], "cost": ["0.002", "0.004"], "currency": "USD", "prompt_tokens": 11, "new_tokens": [20, 30], "reasoning_tokens": [5, 6]}
                {"question": "%s", "response": ["c", "d"], "usage": {"prompt_tokens": 7, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 4}}}
                """.formatted(APPLES, PEARS));
        assertThat(all).extracting(Response::seconds).containsExactly(1.5, 2.5, 0.0, 0.0);
        assertThat(all.get(1).cost()).isEqualTo(new Money(new BigDecimal("0.004"), "USD"));
        assertThat(all)
                .extracting(Response::usage)
                .containsExactly(
                        new Usage(11, 0, 20, 5), new Usage(11, 0, 30, 6), new Usage(7, 0, 9, 4), new Usage(7, 0, 9, 4));
        assertThat(all.get(2).cost()).isNull();
    }

    /** An answer that was made elsewhere was not sampled as the task at hand says; our own files say how theirs were. */
    @Test
    void eachOfSeveralAnswersHasItsOwnNumberEndAndError() throws IOException {
        List<Response> all = answers("""
                {"question": "%s", "response": ["a", "b"], "sample": [1, 0], "finish_reason": ["stop", "length"], "error": [null, ""]}
                {"question": "%s", "response": ["c", "d"], "finish_reason": "stop", "error": ["timeout", null]}
                """.formatted(APPLES, PEARS));

        assertThat(all).extracting(Response::answer).containsExactly("b", "a", "c", "d");
        assertThat(all)
                .extracting(Response::finish)
                .containsExactly(FinishReason.LENGTH, FinishReason.STOP, FinishReason.STOP, FinishReason.STOP);
        assertThat(all).extracting(Response::error).containsExactly(null, null, "timeout", null);
    }

    @Test
    void onlyWhatAFileSaysIsKnownOfItsSampling() throws IOException {
        Path bare = Files.writeString(
                folder.resolve("bare.jsonl"),
                "{\"question\": \"" + APPLES + "\", \"response\": [\"x\", \"y\"]}\n{\"question\": \"" + PEARS
                        + "\", \"response\": [\"x\", \"y\"]}\n");
        GivenAnswers given = GivenAnswers.read("m", bare, task);
        assertThat(given.conditions(task)).isEqualTo(Conditions.UNKNOWN);

        Decoding warm = new Decoding(2, 0.6, 0.95, 20, 512, 3);
        Prompt asked = Prompt.of(List.of(Message.system("Be brief."), Message.user(APPLES)), "2", "fruit#test/1");
        Task ours = new Task("fruit", Grading.MATH, List.of(Question.of(asked)), warm, Origin.of("fruit"), "qwen3");
        Evaluation.run(ours, echo(), folder.resolve("ours"), Evaluation.Progress.NONE);
        Path file = folder.resolve("ours").resolve(Evaluation.RESPONSES);
        assertThat(GivenAnswers.read("m", file, task).conditions(task))
                .isEqualTo(new Conditions("qwen3", "Be brief.", warm));
    }

    private static Responder echo() {
        return new Responder() {
            @Override
            public String name() {
                return "echo";
            }

            @Override
            public String fingerprint() {
                return "echo";
            }

            @Override
            public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
                for (Prompt prompt : prompts) {
                    for (int sample = 0; sample < decoding.samples(); sample++) {
                        sink.accept(new Response(
                                prompt.id(), sample, null, "2", FinishReason.STOP, Usage.NONE, 0, null, null));
                    }
                }
            }
        };
    }

    @Test
    void missingAnswersAreNamed() throws IOException {
        Path file = Files.writeString(
                folder.resolve("answers.jsonl"),
                "{\"question\": \"" + APPLES
                        + "\", \"answer\": [\"2\", \"2\"]}\n{\"id\": \"test/2\", \"answer\": \"1\"}\n");
        GivenAnswers given = GivenAnswers.read("m", file, task);
        assertThat(given.samples(task.prompts())).isEqualTo(1);
        assertThatThrownBy(() -> given.respond(task.prompts(), TWICE, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every question needs 2; 1 of 2 have fewer:")
                .hasMessageContaining("test/2 has 1: Bob has four pears");
    }

    @Test
    void aRowWithoutAnAnswerIsNamed() {
        assertThatThrownBy(() -> answers("{\"question\": \"" + APPLES + "\"}\n"))
                .hasMessageContaining("line 1: must have an answer in one of response, responses, completion");
    }

    @Test
    void otherFilesHaveOtherFingerprints() throws IOException {
        GivenAnswers one = GivenAnswers.read("m", Files.writeString(folder.resolve("1.jsonl"), ""), task);
        GivenAnswers other = GivenAnswers.read("m", Files.writeString(folder.resolve("2.jsonl"), "\n"), task);
        assertThat(one.fingerprint()).isNotEqualTo(other.fingerprint());
        assertThat(one.samples(task.prompts())).isZero();
    }
}
