package dev.distill.teacher.wire;

import static dev.distill.teacher.wire.OneExchange.CANARY;
import static dev.distill.teacher.wire.OneExchange.IMPATIENT;
import static dev.distill.teacher.wire.OneExchange.OPENAI;
import static dev.distill.teacher.wire.OneExchange.QUICK;
import static dev.distill.teacher.wire.OneExchange.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Dialect;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One exchange over real HTTP: what is sent, what is read, and what its errors say and cost. */
@Timeout(60)
class HttpTeacherIT {
    @Test
    void readsAStreamWithKeepAlivesAndAnyPieces() throws IOException {
        Exchange exchange = ask((body, attempt, answer) -> {
            answer.stream();
            answer.chunk(": keep-alive\n\n\n");
            answer.chunk("data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"reason");
            answer.chunk("ing_content\":\"one and one\"}}]}\r\n\r");
            answer.chunk("\n");
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"2\"},\"finish_reason\":\"stop\"}]}");
            answer.data("{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}");
            answer.data("[DONE]");
            answer.end();
        });
        assertThat(exchange.outcome()).isInstanceOfSatisfying(Outcome.Completed.class, done -> {
            assertThat(done.reply().reasoning()).isEqualTo("one and one");
            assertThat(done.reply().answer()).isEqualTo("2");
            assertThat(done.reply().finish()).isEqualTo(FinishReason.STOP);
            assertThat(done.reply().model()).isEqualTo("m-1");
        });
        assertThat(exchange.received().usage()).isEqualTo(new Usage(5, 0, 7, 0));
    }

    @Test
    void readsAReplyThatIsNotStreamedAfterBlankLines() throws IOException {
        Exchange exchange = ask((body, attempt, answer) -> answer.status(
                200,
                "\n\n\n{\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"<think>a</think>2\"},"
                        + "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}",
                "Content-Type: application/json"));
        assertThat(exchange.outcome()).isInstanceOfSatisfying(Outcome.Completed.class, done -> {
            assertThat(done.reply().reasoning()).isEqualTo("a");
            assertThat(done.reply().answer()).isEqualTo("2");
            assertThat(done.reply().raw()).isEqualTo("<think>a</think>2");
            assertThat(done.reply().finish()).isEqualTo(FinishReason.LENGTH);
        });
    }

    /** Longer than the patience with silence in a stream. */
    @Test
    void waitsForAReplyInOnePiece() throws IOException {
        Dialect whole = OPENAI.asking(OPENAI.asked().inOnePiece());
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
                    LockSupport.parkNanos(IMPATIENT.idle().toNanos() * 4 / 3);
                    answer.status(
                            200,
                            "{\"choices\":[{\"message\":{\"content\":\"2\"},\"finish_reason\":\"stop\"}]}",
                            "Content-Type: application/json");
                });
                HttpTeacher teacher = new HttpTeacher(new Endpoint(server.url(), "m", whole), ApiKey.NONE, IMPATIENT)) {
            Exchange exchange = teacher.ask(new TeacherRequest(List.of(Message.user("q")), Sampling.R1, 0));
            assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
            assertThat(server.lastHeaders()).containsEntry("accept", "application/json");
        }
    }

    @Test
    void sendsHttp11WithTheKeyAndTheWholeRequest() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> answer.reply("r", "a", "stop"));
                HttpTeacher teacher = new HttpTeacher(
                        new Endpoint(server.url(), "m", Dialect.named("deepseek-r1")), ApiKey.of(CANARY), QUICK)) {
            teacher.ask(new TeacherRequest(List.of(Message.user("1+1?")), Sampling.R1, 0));
            assertThat(server.lastHeaders())
                    .containsEntry("request", "POST /v1/chat/completions HTTP/1.1")
                    .containsEntry("authorization", "Bearer " + CANARY)
                    .doesNotContainKey("upgrade");
            assertThat(server.asked().keySet())
                    .containsExactly("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"1+1?\"}],"
                            + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":32768}");
        }
    }

    private static boolean isFree(Dialect dialect, ScriptedServer.Script script) throws IOException {
        return ask(script, IMPATIENT, dialect).free();
    }

    private static ScriptedServer.Script says(int status) {
        return (body, attempt, answer) -> answer.status(status, "{\"error\":{\"message\":\"m\"}}");
    }

    /** docs/cli.md, Teachers: what a request costs. */
    @Test
    void onlyWhatWasNotSentOrWasRefusedIsFree() throws IOException {
        Dialect whole = OPENAI.asking(OPENAI.asked().inOnePiece());
        for (int status : new int[] {307, 400, 401, 404, 408, 422, 429, 503}) {
            assertThat(isFree(OPENAI, says(status))).as("streamed " + status).isTrue();
            assertThat(isFree(whole, says(status))).as("whole " + status).isTrue();
        }
        for (int status : new int[] {500, 502, 529}) {
            assertThat(isFree(OPENAI, says(status))).as("streamed " + status).isTrue();
            assertThat(isFree(whole, says(status))).as("whole " + status).isFalse();
        }
        for (int status : new int[] {504, 524}) {
            assertThat(isFree(OPENAI, says(status))).as("streamed " + status).isFalse();
            assertThat(isFree(whole, says(status))).as("whole " + status).isFalse();
        }
        assertThat(isFree(OPENAI, (body, attempt, answer) -> answer.cut())).isFalse();
        assertThat(isFree(whole, (body, attempt, answer) -> answer.cut())).isFalse();
        assertThat(isFree(OPENAI, (body, attempt, answer) -> answer.stall())).isFalse();
        assertThat(isFree(OPENAI, (body, attempt, answer) -> {
                    answer.stream();
                    answer.data("{\"error\":{\"message\":\"m\",\"code\":429}}");
                    answer.end();
                }))
                .isFalse();
    }

    @Test
    void statusesBecomeOutcomes() throws IOException {
        assertThat(status(429, "{\"error\":{\"message\":\"slow\"}}", "Retry-After: 7"))
                .isInstanceOfSatisfying(Outcome.RateLimited.class, limited -> {
                    assertThat(limited.detail()).isEqualTo("slow");
                    assertThat(limited.advice().after()).isEqualTo(Duration.ofSeconds(7));
                });
        assertThat(status(403, "{\"error\":{\"message\":\"Key limit exceeded (monthly limit)\",\"code\":403}}"))
                .isInstanceOf(Outcome.OutOfBalance.class);
        assertThat(status(429, "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}"))
                .isInstanceOf(Outcome.OutOfBalance.class);
        assertThat(status(503, "")).isInstanceOf(Outcome.Overloaded.class);
        assertThat(status(500, "<html>oops</html>")).isInstanceOf(Outcome.Overloaded.class);
        assertThat(status(402, "{\"error\":{\"message\":\"Insufficient Balance\"}}"))
                .isEqualTo(new Outcome.OutOfBalance("Insufficient Balance"));
        assertThat(status(400, "{\"error\":{\"message\":\"Model Not Exist\"}}")).isInstanceOf(Outcome.NotFound.class);
        assertThat(status(404, "{\"detail\":\"Not Found\"}")).isEqualTo(new Outcome.NotFound(404, "Not Found"));
        assertThat(status(302, "", "Location: http://127.0.0.1:1/")).isInstanceOf(Outcome.NotFound.class);
        assertThat(status(422, "{\"message\":\"bad top_p\"}")).isInstanceOf(Outcome.BadRequest.class);
        assertThat(status(200, "<html>log in</html>", "Content-Type: text/html"))
                .isInstanceOf(Outcome.NotFound.class);
    }

    private static Outcome status(int status, String body, String... headers) throws IOException {
        return ask((b, attempt, answer) -> answer.status(status, body, headers)).outcome();
    }

    @Test
    void anErrorBodyThatEchoesTheKeyIsMasked() throws IOException {
        Outcome outcome = status(
                401,
                "{\"error\":{\"message\":\"Incorrect API key provided: sk-can****ghij. You sent Bearer " + CANARY
                        + "\"}}");
        assertThat(outcome).isInstanceOf(Outcome.Unauthorized.class);
        assertThat(outcome.describe()).contains("Incorrect API key provided").contains("***");
        for (int i = 0; i + 4 <= CANARY.length(); i++) {
            assertThat(outcome.toString()).doesNotContain(CANARY.substring(i, i + 4));
        }
    }

    @Test
    void aClosedPortIsUnreachable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Endpoint endpoint = new Endpoint(URI.create("http://127.0.0.1:" + port), "m", OPENAI);
        try (HttpTeacher teacher = new HttpTeacher(endpoint, ApiKey.NONE, QUICK)) {
            Exchange exchange = teacher.ask(new TeacherRequest(List.of(Message.user("q")), Sampling.R1, 0));
            assertThat(exchange.outcome()).isInstanceOf(Outcome.Unreachable.class);
            assertThat(exchange.free()).isTrue();
        }
    }

    /** The JDK's sendAsync completes on the common pool: found by a run that stood still because something blocked there. */
    @Test
    void aBlockedCommonPoolHoldsUpNothing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try {
            for (int i = 0; i < ForkJoinPool.commonPool().getParallelism(); i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(ask((body, attempt, answer) -> answer.reply("r", "a", "stop"))
                            .outcome())
                    .isInstanceOf(Outcome.Completed.class);
            assertThat(status(503, "busy")).isInstanceOf(Outcome.Overloaded.class);
        } finally {
            release.countDown();
        }
    }
}
