package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.respond.LocalTeacher;
import dev.distill.student.model.PackedRow;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Reply;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.Scoring;
import dev.distill.teacher.ScoringRequest;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Asked;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.DialectTable;
import dev.distill.teacher.dialect.ScoringForm;
import dev.distill.teacher.wire.Endpoint;
import dev.distill.teacher.wire.HttpScorer;
import dev.distill.teacher.wire.HttpTeacher;
import dev.distill.teacher.wire.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A student as the next teacher: our own client asks the server, and gets what a teacher in this process would say. */
@Timeout(60)
class ServedTeacherTest {
    @TempDir
    Path folder;

    private static TeacherRequest request(int number) {
        Sampling sampling = new Sampling(1.2, 0.98, 120, OptionalLong.of(number), new TreeMap<>());
        return new TeacherRequest(List.of(Message.user("What is " + number + " and two?")), sampling, 0);
    }

    private static Reply reply(Exchange exchange) {
        assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
        return ((Outcome.Completed) exchange.outcome()).reply();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vllm", DialectTable.STANDARD})
    void repliesKeepTheirReasoning(String dialect) throws Exception {
        try (TinyServer tiny = new TinyServer(folder)) {
            Endpoint endpoint = new Endpoint(
                    tiny.uri("/v1"),
                    "tiny",
                    new Dialect(
                            DialectTable.builtIn().named(dialect), new Asked(Asked.Switch.AUTO, Optional.empty(), 0)));
            List<FutureTask<Exchange>> asked = new ArrayList<>();
            List<Exchange> served = new ArrayList<>();
            try (HttpTeacher teacher = new HttpTeacher(endpoint, ApiKey.NONE, Patience.DEFAULT)) {
                for (int i = 0; i < 20; i++) {
                    TeacherRequest request = request(i);
                    asked.add(new FutureTask<>(() -> teacher.ask(request)));
                    Thread.ofVirtual().start(asked.getLast());
                }
                for (FutureTask<Exchange> one : asked) {
                    served.add(one.get());
                }
            }
            int both = 0;
            tiny.await("distill_serve_rows{model=\"tiny\"}", 0);
            try (LocalTeacher local = new LocalTeacher(tiny.student, 4)) {
                for (int i = 0; i < served.size(); i++) {
                    Exchange expected = local.ask(request(i));
                    Reply reply = reply(served.get(i));
                    assertThat(reply.reasoning()).isEqualTo(reply(expected).reasoning());
                    assertThat(reply.answer()).isEqualTo(reply(expected).answer());
                    assertThat(reply.finish()).isEqualTo(reply(expected).finish());
                    assertThat(Objects.requireNonNull(served.get(i).received().usage())
                                    .completionTokens())
                            .isEqualTo(
                                    Objects.requireNonNull(expected.received().usage())
                                            .completionTokens());
                    both += reply.reasoning() != null && !reply.answer().isEmpty() ? 1 : 0;
                }
            }
            assertThat(both).as("replies that have reasoning and an answer").isPositive();
        }
    }

    /** A recipe that says nothing asks for 32,768 tokens, many times this model's context: it has as many as there is room for. */
    @Test
    void aHarvestThatAsksForMoreThanThereIsIsAnswered() throws Exception {
        try (TinyServer tiny = new TinyServer(folder)) {
            Endpoint endpoint = new Endpoint(
                    tiny.uri("/v1"),
                    "tiny",
                    new Dialect(
                            DialectTable.builtIn().named(DialectTable.STANDARD),
                            new Asked(Asked.Switch.AUTO, Optional.empty(), 0)));
            List<FinishReason> finishes = new ArrayList<>();
            try (HttpTeacher teacher = new HttpTeacher(endpoint, ApiKey.NONE, Patience.DEFAULT)) {
                for (int i = 0; i < 12; i++) {
                    Sampling standard =
                            new Sampling(1.2, 0.98, Sampling.R1.maxTokens(), OptionalLong.of(i), new TreeMap<>());
                    TeacherRequest request = new TeacherRequest(List.of(Message.user("Hello")), standard, 0);
                    finishes.add(reply(teacher.ask(request)).finish());
                }
            }
            assertThat(finishes).hasSize(12).doesNotContain(FinishReason.OTHER);
        }
    }

    @Test
    void itsTokensAreKeptApartToo() throws Exception {
        try (TinyServer tiny = new TinyServer(folder)) {
            Endpoint endpoint = new Endpoint(
                    tiny.uri("/v1"),
                    "tiny",
                    new Dialect(
                            DialectTable.builtIn().named("vllm"), new Asked(Asked.Switch.AUTO, Optional.empty(), 3)));
            try (HttpTeacher teacher = new HttpTeacher(endpoint, ApiKey.NONE, Patience.DEFAULT)) {
                int both = 0;
                for (int i = 0; i < 20; i++) {
                    Exchange exchange = teacher.ask(request(i));
                    List<SaidTokens.Token> tokens =
                            Objects.requireNonNull(reply(exchange).tokens()).tokens();
                    assertThat(tokens)
                            .isNotEmpty()
                            .allSatisfy(token -> assertThat(token.likeliest()).hasSize(3));
                    boolean answered = tokens.stream().anyMatch(token -> token.part() == SaidTokens.Part.ANSWER);
                    assertThat(answered).isEqualTo(!reply(exchange).answer().isEmpty());
                    both += answered ? 1 : 0;
                }
                assertThat(both).isPositive();
            }
        }
    }

    @Test
    void itScoresTextsForADistillation() throws Exception {
        String text = "Two and two is four. Count from one to ten.";
        try (TinyServer tiny = new TinyServer(folder);
                HttpScorer scorer = new HttpScorer(tiny.uri("/v1"), "tiny", ApiKey.NONE, Patience.DEFAULT)) {
            int[] ids = tiny.student.language().tokenizer().encode(text);
            float[] own = tiny.student.model().logProbabilities(PackedRow.nextToken(ids));
            for (ScoringForm form : List.of(ScoringForm.ECHO_IDS, ScoringForm.ECHO)) {
                Scoring scoring = scorer.ask(form, ScoringRequest.of(text, 4, form.tellsIds()));
                assertThat(scoring).isInstanceOf(Scoring.Scored.class);
                ScoredText scored = ((Scoring.Scored) scoring).text();
                for (int n = 1; n < ids.length; n++) {
                    assertThat(scored.tokens().get(n).logProbability()).isCloseTo(own[n - 1], within(1e-5));
                    if (form.tellsIds()) {
                        assertThat(scored.tokens().get(n).id()).isEqualTo(ids[n]);
                    }
                }
            }
        }
    }
}
