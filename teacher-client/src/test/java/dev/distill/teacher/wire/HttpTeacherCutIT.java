package dev.distill.teacher.wire;

import static dev.distill.teacher.wire.OneExchange.IMPATIENT;
import static dev.distill.teacher.wire.OneExchange.OPENAI;
import static dev.distill.teacher.wire.OneExchange.QUICK;
import static dev.distill.teacher.wire.OneExchange.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Message;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that stall, break or never end, over real HTTP. */
@Timeout(60)
class HttpTeacherCutIT {
    @Test
    void aBodyThatStallsIsCutOffAndItsConnectionClosed() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
                    answer.stream();
                    answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
                    answer.stall();
                });
                HttpTeacher teacher =
                        new HttpTeacher(new Endpoint(server.url(), "m", OPENAI), ApiKey.NONE, IMPATIENT)) {
            Exchange exchange = teacher.ask(new TeacherRequest(List.of(Message.user("q")), Sampling.R1, 0));
            assertThat(exchange.outcome()).isEqualTo(new Outcome.CutStream(Cut.IDLE, "no byte for 1500 ms"));
            assertThat(exchange.received().content()).isEqualTo("half");
            for (int i = 0; i < 100 && server.hungUp() == 0; i++) {
                Thread.sleep(50);
            }
            assertThat(server.hungUp()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatNeverAnswersIsCutOff() throws IOException {
        assertThat(ask((body, attempt, answer) -> answer.stall(), IMPATIENT).outcome())
                .isEqualTo(new Outcome.CutStream(Cut.IDLE, "no byte for 1500 ms"));
    }

    @Test
    void keepAlivesHoldOffTheIdleTimeOutButNotTheDeadline() throws IOException {
        Patience patience = IMPATIENT.withTotal(Duration.ofMillis(2500));
        Exchange exchange = ask(
                (body, attempt, answer) -> {
                    answer.stream();
                    while (true) {
                        answer.chunk(": keep-alive\n\n");
                        try {
                            Thread.sleep(50);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                patience);
        assertThat(exchange.outcome()).isEqualTo(new Outcome.CutStream(Cut.DEADLINE, "not finished within 2500 ms"));
        assertThat(exchange.took()).isGreaterThan(Duration.ofMillis(2400));
    }

    /** Says this over and over. */
    private static void repeat(ScriptedServer.Answer answer, String chunk) throws IOException {
        while (true) {
            answer.chunk(chunk);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ": keep-alive\n\n",
                "\n",
                "data:\n\n",
                "event: ping\ndata: {\"type\": \"ping\"}\n\n",
                "data: {\"type\":\"ping\"}\n\n"
            })
    void keepAlivesDoNotHoldAReplyThatHasBegun(String keepAlive) throws IOException {
        Exchange exchange = ask(
                (body, attempt, answer) -> {
                    answer.stream();
                    answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
                    repeat(answer, keepAlive);
                },
                IMPATIENT);
        assertThat(exchange.outcome())
                .isEqualTo(new Outcome.CutStream(Cut.IDLE, "nothing but keep-alives for 1500 ms"));
        assertThat(exchange.received().content()).isEqualTo("half");
    }

    @Test
    void keepAlivesDoNotHoldAReplyThatHasFinished() throws IOException {
        Exchange exchange = ask(
                (body, attempt, answer) -> {
                    answer.stream();
                    answer.data("{\"choices\":[{\"delta\":{\"content\":\"all\"},\"finish_reason\":\"stop\"}]}");
                    repeat(answer, ": keep-alive\n\n");
                },
                IMPATIENT);
        assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
        assertThat(exchange.took()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aStreamThatEndsEarlyIsCut() throws IOException {
        Exchange inOrder = ask((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
            answer.end();
        });
        assertThat(inOrder.outcome())
                .isInstanceOfSatisfying(
                        Outcome.CutStream.class, cut -> assertThat(cut.why()).isEqualTo(Cut.ENDED_EARLY));
        Exchange broken = ask((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
            answer.cut();
        });
        assertThat(broken.outcome())
                .isInstanceOfSatisfying(
                        Outcome.CutStream.class, cut -> assertThat(cut.why()).isEqualTo(Cut.CONNECTION_LOST));
        assertThat(broken.received().content()).isEqualTo("half");
    }

    @Test
    void aConnectionThatBreaksAfterTheFinishReasonHasLostNothing() throws IOException {
        Exchange exchange = ask((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"all\"},\"finish_reason\":\"stop\"}]}");
            answer.cut();
        });
        assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
    }

    @Test
    void aBodyWithoutEndIsCutOff() throws IOException {
        String event = "{\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(60_000) + "\"}}]}";
        Exchange exchange = ask((body, attempt, answer) -> {
            answer.stream();
            for (int i = 0; i < 100; i++) {
                answer.data(event);
            }
        });
        assertThat(exchange.outcome()).isEqualTo(new Outcome.CutStream(Cut.TOO_LARGE, "more than 1048576 bytes"));
    }

    @Test
    void whatIsTooMuchAfterTheFinishReasonTakesNothingAway() throws IOException {
        Exchange exchange = ask((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"all\"},\"finish_reason\":\"stop\"}]}");
            for (int i = 0; i < 100; i++) {
                answer.chunk(":" + "x".repeat(60_000) + "\n\n");
            }
        });
        assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
    }

    @Test
    void closingEndsExchangesInProgress() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
            answer.stall();
        })) {
            HttpTeacher teacher = new HttpTeacher(new Endpoint(server.url(), "m", OPENAI), ApiKey.NONE, QUICK);
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(500);
                } catch (InterruptedException e) {
                    return;
                }
                teacher.close();
            });
            Exchange exchange = teacher.ask(new TeacherRequest(List.of(Message.user("q")), Sampling.R1, 0));
            closer.join();
            assertThat(exchange.outcome())
                    .isInstanceOfSatisfying(
                            Outcome.CutStream.class,
                            cut -> assertThat(cut.why()).isEqualTo(Cut.CANCELLED));
            assertThat(exchange.received().content()).isEqualTo("half");
        }
    }
}
