package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Usage;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Reply;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalTeacherTest {
    @TempDir
    Path folder;

    private Ops ops;
    private Student student;

    @BeforeEach
    void open() throws IOException {
        ops = new CpuOps();
        student = Student.open(TinyStudent.write(folder.resolve("tiny"), 5), null, ops);
    }

    @AfterEach
    void close() {
        student.close();
        ops.close();
    }

    private static TeacherRequest request(String question, int maxTokens, int sample) {
        Sampling sampling = new Sampling(0.8, 0.95, maxTokens, OptionalLong.of(3), new TreeMap<>());
        return new TeacherRequest(List.of(Message.user(question)), sampling, sample);
    }

    @Test
    void theLikeliestTokenAloneIsWhatGreedyDecodingTakes() {
        TreeMap<String, String> one = new TreeMap<>(java.util.Map.of("top_k", "1"));
        List<Message> messages = List.of(Message.user("Count from one to ten."));
        try (LocalTeacher teacher = new LocalTeacher(student, 2)) {
            Reply greedy = reply(teacher.ask(
                    new TeacherRequest(messages, new Sampling(0, 1, 24, OptionalLong.of(3), new TreeMap<>()), 0)));
            Reply topOne = reply(
                    teacher.ask(new TeacherRequest(messages, new Sampling(1.5, 1, 24, OptionalLong.of(3), one), 0)));
            Reply free = reply(teacher.ask(
                    new TeacherRequest(messages, new Sampling(1.5, 1, 24, OptionalLong.of(3), new TreeMap<>()), 0)));
            assertThat(topOne.raw()).isEqualTo(greedy.raw());
            assertThat(free.raw()).isNotEqualTo(greedy.raw());
            one.put("top_k", "many");
            assertThat(teacher.ask(new TeacherRequest(messages, new Sampling(1.5, 1, 24, OptionalLong.of(3), one), 0))
                            .outcome()
                            .describe())
                    .contains("extra.top_k must be a whole number, 0 for all tokens");
        }
    }

    private static Reply reply(Exchange exchange) {
        assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
        return ((Outcome.Completed) exchange.outcome()).reply();
    }

    private static Usage usage(Exchange exchange) {
        return Objects.requireNonNull(exchange.received().usage());
    }

    /** Twelve requests of different lengths, from as many threads. */
    private List<Exchange> together(int slots) throws ExecutionException, InterruptedException {
        List<FutureTask<Exchange>> asked = new ArrayList<>();
        try (LocalTeacher teacher = new LocalTeacher(student, slots)) {
            for (int i = 0; i < 12; i++) {
                TeacherRequest request =
                        request("Count from one to ten, and then stop. ".repeat(1 + i % 3), 5 + 3 * i, i % 2);
                asked.add(new FutureTask<>(() -> teacher.ask(request)));
                Thread.ofVirtual().start(asked.getLast());
            }
            List<Exchange> exchanges = new ArrayList<>();
            for (FutureTask<Exchange> one : asked) {
                exchanges.add(one.get());
            }
            return exchanges;
        }
    }

    @Test
    void whatIsAnsweredDependsOnTheRequestAlone() throws Exception {
        List<Reply> one = together(1).stream().map(LocalTeacherTest::reply).toList();
        List<Reply> many = together(8).stream().map(LocalTeacherTest::reply).toList();
        assertThat(many).isEqualTo(one);
        assertThat(one.stream().map(Reply::raw).distinct()).hasSizeGreaterThan(6);
        assertThat(one.getFirst().model()).isEqualTo("tiny");
    }

    @Test
    void theTextIsTheOneThatTheModelWritesForAnybody() {
        TeacherRequest request = request("What is two and two?", 20, 1);
        Exchange exchange;
        try (LocalTeacher teacher = new LocalTeacher(student, 4)) {
            exchange = teacher.ask(request);
        }
        String text = student.language().renderer().prompt(request.messages(), true);
        List<TextGenerator.Text> texts = new ArrayList<>();
        new TextGenerator(student, 1)
                .generate(
                        List.of(new TextGenerator.Request(
                                text,
                                student.language().renderer().start(text),
                                new dev.distill.student.generate.Sampling(0.8, 0, 0.95),
                                TextGenerator.seed(
                                        3,
                                        dev.distill.data.trace.Prompt.of(request.messages(), null, "x")
                                                .id(),
                                        1),
                                20,
                                List.of())),
                        () -> false,
                        TextGenerator.Listener.NONE,
                        texts::add);
        Reply reply = reply(exchange);
        assertThat(reply.answer()).isEqualTo(texts.getFirst().answer());
        assertThat(reply.finish()).isEqualTo(texts.getFirst().finish());
        assertThat(usage(exchange).promptTokens())
                .isEqualTo(student.language().tokenizer().encode(text).length);
        assertThat(usage(exchange).completionTokens())
                .isEqualTo(texts.getFirst().newTokens());
    }

    @Test
    void aReplyEndsWhereItsLimitOrTheModelIs() {
        try (LocalTeacher teacher = new LocalTeacher(student, 2)) {
            Exchange cut = teacher.ask(request("What is two and two?", 3, 0));
            assertThat(reply(cut).finish()).isEqualTo(FinishReason.LENGTH);
            assertThat(usage(cut).completionTokens()).isEqualTo(3);
            Exchange tooLong = teacher.ask(request("What is two and two? ".repeat(200), 3, 0));
            assertThat(tooLong.outcome()).isInstanceOf(Outcome.BadRequest.class);
            assertThat(tooLong.outcome().describe()).contains("tokens, the model reads 256");
        }
    }

    @Test
    void closingCutsOffWhatIsOnItsWay() throws Exception {
        LocalTeacher teacher = new LocalTeacher(student, 1);
        List<FutureTask<Exchange>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            TeacherRequest request = request("What is two and two?", 200, i);
            asked.add(new FutureTask<>(() -> teacher.ask(request)));
            Thread.ofVirtual().start(asked.getLast());
        }
        while (asked.stream().noneMatch(FutureTask::isDone)) {
            Thread.sleep(1);
        }
        teacher.close();
        int cut = 0;
        for (FutureTask<Exchange> one : asked) {
            cut += one.get(10, TimeUnit.SECONDS).outcome() instanceof Outcome.CutStream(var why, String _)
                            && why == Outcome.Cut.CANCELLED
                    ? 1
                    : 0;
        }
        assertThat(cut).isPositive();
        assertThat(teacher.ask(request("once more", 5, 0)).outcome())
                .isEqualTo(new Outcome.CutStream(Outcome.Cut.CANCELLED, ""));
    }
}
