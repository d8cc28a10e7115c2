package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Missing;
import dev.distill.eval.task.Responder.Response;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudentResponderTest {
    private static final List<Prompt> PROMPTS =
            List.of(prompt("What is two and two?"), prompt("Count from one to ten."));

    private final Path folder;
    private final Ops ops = new CpuOps();

    StudentResponderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void write() throws IOException {
        TinyStudent.write(folder, 1);
    }

    @AfterEach
    void close() {
        ops.close();
    }

    private static Prompt prompt(String question) {
        return Prompt.of(List.of(Message.user(question)), "4", "test");
    }

    private static Decoding sampled(int samples, int maxNewTokens, long seed) {
        return new Decoding(samples, 1, 1, 0, maxNewTokens, seed);
    }

    /** The responses in the order of prompts and samples, without their seconds, which no two of them share. */
    private List<Response> ask(List<Prompt> prompts, Decoding decoding, int slots) throws IOException {
        List<Response> responses = new ArrayList<>();
        try (Student student = Student.open(folder, null, ops)) {
            new StudentResponder(student, true, slots).respond(prompts, decoding, one -> responses.add(timeless(one)));
        }
        responses.sort(Comparator.comparing(Response::promptId).thenComparing(Response::sample));
        return responses;
    }

    private static Response timeless(Response one) {
        return new Response(
                one.promptId(),
                one.sample(),
                one.reasoning(),
                one.answer(),
                one.finish(),
                one.usage(),
                0,
                one.cost(),
                one.error());
    }

    @Test
    void aSampleThatIsMissingIsWrittenAloneAndIsTheSame() throws IOException {
        List<Response> all = ask(PROMPTS, sampled(4, 12, 5), 4);
        List<Response> some = new ArrayList<>();
        try (Student student = Student.open(folder, null, ops)) {
            new StudentResponder(student, true, 4)
                    .respondMissing(
                            List.of(
                                    new Missing(PROMPTS.get(0), List.of(1, 3)),
                                    new Missing(PROMPTS.get(1), List.of(2))),
                            sampled(9, 12, 5),
                            one -> some.add(timeless(one)));
        }
        assertThat(some)
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(one ->
                                one.promptId().equals(PROMPTS.get(0).id()) ? one.sample() % 2 == 1 : one.sample() == 2)
                        .toList());
    }

    @Test
    void everyTextTakesItsTime() throws IOException {
        List<Response> responses = new ArrayList<>();
        try (Student student = Student.open(folder, null, ops)) {
            new StudentResponder(student, true, 4).respond(PROMPTS, sampled(3, 200, 0), responses::add);
        }
        assertThat(responses.stream().mapToDouble(Response::seconds).sum()).isPositive();
    }

    @Test
    void everySampleOfEveryPromptIsAnsweredOnce() throws IOException {
        List<Response> responses = ask(PROMPTS, sampled(3, 12, 0), 4);
        assertThat(responses)
                .extracting(response -> response.promptId() + " " + response.sample())
                .doesNotHaveDuplicates()
                .hasSize(6);
        assertThat(responses).allSatisfy(response -> {
            assertThat(response.error()).isNull();
            assertThat(response.usage().completionTokens()).isBetween(1L, 12L);
            assertThat(response.finish())
                    .isEqualTo(response.usage().completionTokens() < 12 ? FinishReason.STOP : response.finish());
        });
    }

    @Test
    void aTextThatDoesNotEndIsCutAndSaidToBe() throws IOException {
        assertThat(ask(PROMPTS, sampled(4, 2, 0), 8))
                .extracting(Response::finish)
                .contains(FinishReason.LENGTH);
    }

    @Test
    void aPromptBeyondTheModelsPositionsIsCutAtOnceAndTheOthersAnswered() throws IOException {
        Prompt tooLong =
                prompt("What is two and two? ".repeat(300)); // at least 300 tokens; the model has 256 positions
        List<Prompt> prompts = List.of(tooLong, PROMPTS.get(0));
        List<Response> alone = ask(PROMPTS.subList(0, 1), sampled(1, 12, 5), 2);
        List<Response> responses = ask(prompts, sampled(1, 12, 5), 2);
        assertThat(responses).hasSize(2).containsAll(alone).anySatisfy(response -> {
            assertThat(response.promptId()).isEqualTo(tooLong.id());
            assertThat(response.finish()).isEqualTo(FinishReason.LENGTH);
            assertThat(response.answer()).isEmpty();
            assertThat(response.usage().completionTokens()).isZero();
        });
        assertThat(ask(List.of(tooLong), sampled(2, 12, 5), 2)).hasSize(2);
    }

    @Test
    void aTextDependsOnItsPromptSampleAndSeedAlone() throws IOException {
        List<Response> together = ask(PROMPTS, sampled(3, 12, 5), 6);
        assertThat(ask(PROMPTS, sampled(3, 12, 5), 1)).as("one at a time").isEqualTo(together);
        assertThat(ask(PROMPTS.subList(1, 2), sampled(3, 12, 5), 6))
                .as("one prompt alone")
                .isEqualTo(together.stream()
                        .filter(response ->
                                response.promptId().equals(PROMPTS.get(1).id()))
                        .toList());
        assertThat(ask(PROMPTS, sampled(3, 12, 6), 6)).as("another seed").isNotEqualTo(together);
    }

    @Test
    void onceAskedToStopNoTextIsBegunAndNoneCutShortIsHandedOut() throws IOException {
        Sampling sampling = new Sampling(1, 0, 1);
        List<TextGenerator.Request> requests =
                Collections.nCopies(20, new TextGenerator.Request("Count", null, sampling, 3, 6, List.of()));
        Set<Integer> begun = new HashSet<>();
        List<TextGenerator.Text> done = new ArrayList<>();
        try (Student student = Student.open(folder, null, ops)) {
            new TextGenerator(student, 2)
                    .generate(
                            requests,
                            () -> begun.size() >= 3,
                            (row, piece) -> {
                                begun.add(row);
                                return true;
                            },
                            done::add);
        }
        assertThat(begun)
                .as("two slots: the third text is begun when one of the first has ended")
                .hasSizeBetween(3, 4);
        assertThat(done).isNotEmpty().hasSizeLessThan(begun.size());
        assertThat(done).extracting(TextGenerator.Text::finish).isSubsetOf(FinishReason.STOP, FinishReason.LENGTH);
    }

    /** Each of the texts is stopped by something that it holds, the others go on; what is written is a token at most too much. */
    @Test
    void aStopStringEndsItsRowAlone() throws IOException {
        Sampling sampling = new Sampling(1, 0, 1);
        try (Student student = Student.open(folder, null, ops)) {
            TextGenerator generator = new TextGenerator(student, 3);
            List<TextGenerator.Request> free = new ArrayList<>();
            for (int row = 0; row < 6; row++) {
                free.add(new TextGenerator.Request("Count", null, sampling, row, 24, List.of()));
            }
            List<TextGenerator.Text> whole = texts(generator, free, TextGenerator.Listener.NONE);
            List<TextGenerator.Request> stopped = new ArrayList<>();
            for (TextGenerator.Text text : whole) {
                String answer = text.answer();
                String stop = answer.substring(answer.length() / 3, answer.length() / 3 + 2);
                List<String> stops = text.row() % 2 == 0 ? List.of("no such text", stop) : List.of();
                stopped.add(new TextGenerator.Request("Count", null, sampling, text.row(), 24, stops));
            }
            StringBuilder[] streamed = new StringBuilder[6];
            Arrays.setAll(streamed, row -> new StringBuilder());
            List<TextGenerator.Text> cut = texts(generator, stopped, (row, piece) -> {
                streamed[row].append(piece.answer());
                return true;
            });
            for (int row = 0; row < 6; row++) {
                TextGenerator.Text text = cut.get(row);
                String answer = whole.get(row).answer();
                assertThat(streamed[row]).hasToString(text.answer());
                if (row % 2 == 1) {
                    assertThat(text).isEqualTo(whole.get(row));
                    continue;
                }
                String stop = stopped.get(row).stops().get(1);
                assertThat(text.answer()).isEqualTo(answer.substring(0, answer.indexOf(stop)));
                assertThat(text.finish()).isEqualTo(FinishReason.STOP);
                assertThat(text.newTokens()).isLessThan(whole.get(row).newTokens());
            }
        }
    }

    private static List<TextGenerator.Text> texts(
            TextGenerator generator, List<TextGenerator.Request> requests, TextGenerator.Listener listener) {
        List<TextGenerator.Text> texts = new ArrayList<>();
        generator.generate(requests, () -> false, listener, texts::add);
        texts.sort(Comparator.comparing(TextGenerator.Text::row));
        return texts;
    }

    @Test
    void aRowThatIsCancelledHasNoResultAndTheOthersGoOn() throws IOException {
        Sampling sampling = new Sampling(1, 0, 1);
        List<TextGenerator.Request> requests = new ArrayList<>();
        for (int row = 0; row < 4; row++) {
            requests.add(new TextGenerator.Request("Count", null, sampling, row, 12, List.of()));
        }
        try (Student student = Student.open(folder, null, ops)) {
            TextGenerator generator = new TextGenerator(student, 2);
            int[] pieces = new int[4];
            List<TextGenerator.Text> texts = texts(generator, requests, (row, piece) -> ++pieces[row] < 3 || row != 1);
            assertThat(texts).extracting(TextGenerator.Text::row).containsExactly(0, 2, 3);
            assertThat(pieces[1]).isEqualTo(3);
            List<TextGenerator.Text> all = texts(generator, requests, TextGenerator.Listener.NONE);
            all.remove(1);
            assertThat(texts).isEqualTo(all);
        }
    }

    @Test
    void aStudentIsCalledAfterItsFolderOrByTheNameThatItIsGiven() throws IOException {
        try (Student plain = Student.open(folder, null, ops);
                Student inside = Student.open(folder.resolve("."), null, ops);
                Student named = Student.open("sums", folder, null, ops)) {
            assertThat(plain.name()).isEqualTo(folder.getFileName().toString());
            assertThat(inside.name()).isEqualTo(plain.name());
            assertThat(named.name()).isEqualTo("sums");
        }
    }

    @Test
    void weightsDecideTheFingerprint(@TempDir Path other) throws IOException {
        TinyStudent.write(other, 2);
        try (Student first = Student.open(folder, null, ops);
                Student second = Student.open(other, null, ops)) {
            String fingerprint = new StudentResponder(first, true, 1).fingerprint();
            assertThat(new StudentResponder(first, true, 4).fingerprint()).isEqualTo(fingerprint);
            assertThat(new StudentResponder(second, true, 1).fingerprint()).isNotEqualTo(fingerprint);
            assertThat(new StudentResponder(first, false, 1).fingerprint()).isNotEqualTo(fingerprint);
        }
    }
}
