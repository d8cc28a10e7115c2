package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies of Anthropic's and Gemini's, event by event. */
class OtherFormatsTest {
    private static final String START =
            "{\"type\":\"message_start\",\"message\":{\"type\":\"message\",\"model\":\"claude-x\","
                    + "\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":3,"
                    + "\"cache_read_input_tokens\":7,\"output_tokens\":1}}}";
    private static final String STOP = "{\"type\":\"message_stop\"}";

    private static ReplyReader read(String dialect, List<String> events) {
        ReplyReader reader = Dialect.named(dialect).reader(new ErrorReader(ApiKey.NONE));
        events.forEach(event -> reader.accept(null, event));
        return reader;
    }

    private static ReplyReader claude(String... events) {
        List<String> all = new ArrayList<>(List.of(START));
        all.addAll(Arrays.asList(events));
        return read("anthropic", all);
    }

    private static String delta(String kind, String text) {
        String field = kind.equals("text") ? "text" : kind;
        return "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"" + kind + "_delta\",\"" + field
                + "\":\"" + text + "\"}}";
    }

    private static String end(String reason) {
        return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason
                + "\"},\"usage\":{\"output_tokens\":90}}";
    }

    @Test
    void anthropicsBlocksBecomeAReplyWhoseReasoningIsASummary() {
        ReplyReader reader = claude(
                "{\"type\":\"ping\"}",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}",
                delta("thinking", "thou"),
                delta("thinking", "ght"),
                delta("signature", "c2lnbmF0dXJl"),
                "{\"type\":\"content_block_stop\",\"index\":0}",
                "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"x\"}}",
                "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                delta("text", "said"),
                end("end_turn"),
                STOP);
        assertThat(reader.outcome())
                .isEqualTo(new Outcome.Completed(new Reply(
                        "thought", "said", "said", FinishReason.STOP, "claude-x", ReasoningKind.SUMMARY, null)));
        assertThat(reader.received().usage()).isEqualTo(new Usage(20, 7, 90, 0));
        assertThat(reader.isOver()).isTrue();
    }

    @Test
    void anthropicsEnds() {
        String half = delta("text", "half");
        assertThat(claude(half, end("max_tokens"), STOP).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        done -> assertThat(done.reply().finish()).isEqualTo(FinishReason.LENGTH));
        assertThat(claude(half, end("refusal"), STOP).outcome()).isEqualTo(new Outcome.Refused("refusal"));
        assertThat(claude(end("end_turn"), STOP).outcome()).isEqualTo(new Outcome.EmptyReply());
        assertThat(claude(half).outcome())
                .isEqualTo(new Outcome.CutStream(Cut.ENDED_EARLY, "the body ended without a finish reason"));
        assertThat(claude(half, end("a_word_of_2027"), STOP).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        done -> assertThat(done.reply().finish()).isEqualTo(FinishReason.OTHER));
    }

    @Test
    void anthropicsErrorsInsideAStream() {
        assertThat(error("overloaded_error", "Overloaded"))
                .isInstanceOfSatisfying(
                        Outcome.Overloaded.class, o -> assertThat(o.status()).isEqualTo(529));
        assertThat(error("rate_limit_error", "slow")).isInstanceOf(Outcome.RateLimited.class);
        assertThat(error("authentication_error", "key")).isInstanceOf(Outcome.Unauthorized.class);
        assertThat(error("invalid_request_error", "Your credit balance is too low to go on"))
                .isInstanceOf(Outcome.OutOfBalance.class);
        assertThat(error("invalid_request_error", "max_tokens: too large")).isInstanceOf(Outcome.BadRequest.class);
    }

    private static Outcome error(String type, String message) {
        return claude("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}")
                .outcome();
    }

    @Test
    void aMessageThatIsNotStreamedIsOneEvent() {
        ReplyReader reader = read(
                "anthropic",
                List.of(
                        "{\"type\":\"message\",\"model\":\"c\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"},"
                                + "{\"type\":\"text\",\"text\":\"a\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}"));
        assertThat(reader.outcome())
                .isEqualTo(new Outcome.Completed(
                        new Reply("t", "a", "a", FinishReason.STOP, "c", ReasoningKind.SUMMARY, null)));
    }

    private static String part(String part, String rest) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + part + "]}" + rest
                + ",\"index\":0}],\"modelVersion\":\"gemini-x\",\"usageMetadata\":{\"promptTokenCount\":9,"
                + "\"candidatesTokenCount\":4,\"thoughtsTokenCount\":30,\"cachedContentTokenCount\":2,\"totalTokenCount\":43}}";
    }

    @Test
    void geminisPartsBecomeAReplyWhoseReasoningIsASummary() {
        ReplyReader reader = read(
                "gemini",
                List.of(
                        part("{\"text\":\"thou\",\"thought\":true}", ""),
                        part("{\"text\":\"ght\",\"thought\":true}", ""),
                        part("{\"text\":\"sa\"}", ""),
                        part("{\"text\":\"id\",\"thoughtSignature\":\"c2ln\"}", ""),
                        part("{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}", ",\"finishReason\":\"STOP\"")));
        assertThat(reader.outcome())
                .isEqualTo(new Outcome.Completed(new Reply(
                        "thought", "said", "said", FinishReason.STOP, "gemini-x", ReasoningKind.SUMMARY, null)));
        // thoughts are counted beside the candidates and paid for as they are
        assertThat(reader.received().usage()).isEqualTo(new Usage(9, 2, 34, 30));
    }

    @Test
    void geminisEnds() {
        assertThat(gemini("MAX_TOKENS")).isInstanceOf(Outcome.Completed.class);
        for (String word : List.of("SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII")) {
            assertThat(gemini(word)).as(word).isEqualTo(new Outcome.Refused(word));
        }
        assertThat(gemini("MALFORMED_FUNCTION_CALL")).isInstanceOf(Outcome.CutStream.class);
        assertThat(read("gemini", List.of("{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}"))
                        .outcome())
                .isEqualTo(new Outcome.Refused("the prompt was blocked: OTHER"));
    }

    private static Outcome gemini(String finish) {
        return read("gemini", List.of(part("{\"text\":\"half\"}", ",\"finishReason\":\"" + finish + "\"")))
                .outcome();
    }

    @Test
    void geminisErrorsSayMoreThanTheirStatus() {
        ErrorReader errors = new ErrorReader(ApiKey.NONE);
        String key =
                "{\"error\":{\"code\":400,\"message\":\"API key not valid.\",\"status\":\"INVALID_ARGUMENT\",\"details\":"
                        + "[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}]}}";
        assertThat(errors.classify(400, key, dev.distill.teacher.RetryAdvice.NONE))
                .isInstanceOf(Outcome.Unauthorized.class);
        String quota = "{\"error\":{\"code\":429,\"message\":\"quota\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":"
                + "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.5s\"}]}}";
        assertThat(errors.classify(429, quota, dev.distill.teacher.RetryAdvice.NONE)
                        .advice()
                        .after())
                .isEqualTo(Duration.ofMillis(34_500));
    }

    /** Anthropic's first event counts one token of the reply, Gemini's events those so far. */
    @Test
    void usageIsABillOnceTheReplyHasFinished() {
        ReplyReader cut = claude(delta("text", "half"));
        assertThat(cut.received().usage()).isEqualTo(new Usage(20, 7, 1, 0));
        assertThat(cut.received().billed()).isFalse();
        assertThat(claude(delta("text", "half"), end("end_turn")).received().billed())
                .isTrue();
        String running = part("{\"text\":\"half\"}", "");
        assertThat(read("gemini", List.of(running)).received().billed()).isFalse();
        assertThat(read("gemini", List.of(running, part("{\"text\":\"\"}", ",\"finishReason\":\"STOP\"")))
                        .received()
                        .billed())
                .isTrue();
    }

    @Test
    void anErrorAfterTheStopReasonTakesNothingAway() {
        ReplyReader reader = claude(
                delta("text", "all"),
                end("end_turn"),
                "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}",
                STOP);
        assertThat(reader.outcome()).isInstanceOf(Outcome.Completed.class);
        assertThat(reader.isOver()).isTrue();
    }
}
