package dev.distill.teacher.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Token;
import dev.distill.teacher.ScoringRequest;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.wire.HttpScorer;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts scored over real HTTP, by servers that answer in the ways that vLLM and llama.cpp's Python server document, and fail in all the usual ones. */
class ScoringIT {
    private static final String KEY = "sk-" + "abcdefghijklmnopqrstuvwxyz";
    private static final ScoringRequest REQUEST = ScoringRequest.of("Hi \u00e9", 2, true);

    /** As OpenAI's completions API has it: text, offsets in code points, nothing known of the first token. */
    private static final String ECHO = """
            {"id": "cmpl-1", "object": "text_completion", "choices": [{"index": 0, "text": "Hi \u00e9!", "logprobs": {
              "tokens": ["Hi", " \u00e9", "!"], "text_offset": [0, 2, 4], "token_logprobs": [null, -0.5, -0.25],
              "top_logprobs": [null, {" \u00e9": -0.5, ",": -1.5}, {"!": -0.25, ".": -2}]}, "finish_reason": "length"}]}
            """;

    private static final String ECHO_IDS = """
            {"choices": [{"text": "Hi \u00e9!", "logprobs": {
              "tokens": ["token_id:7", "token_id:8", "token_id:9"], "text_offset": [0, 10, 20],
              "token_logprobs": [null, -0.5, -0.25],
              "top_logprobs": [null, {"token_id:8": -0.5, "token_id:3": -1.5}, {"token_id:9": -0.25}]}}]}
            """;

    private static final String PROMPT_LOGPROBS = """
            {"choices": [{"text": "!", "logprobs": null, "prompt_token_ids": [7, 8], "prompt_logprobs": [null,
              {"8": {"logprob": -0.5, "rank": 1, "decoded_token": " \u00e9"},
               "3": {"logprob": -1.5, "rank": 2, "decoded_token": ","}}]}]}
            """;

    private static ScoringClient client(ScriptedServer server, Duration total) {
        Backoff quick = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 0.5, 1.5, Duration.ofSeconds(5));
        return new ScoringClient(
                new HttpScorer(server.url(), "m", ApiKey.of(KEY), Patience.DEFAULT.withTotal(total)),
                "m at test",
                quick,
                4,
                2);
    }

    private static ScoredText score(ScriptedServer.Script script) throws IOException {
        try (ScriptedServer server = new ScriptedServer(script);
                ScoringClient client = client(server, Duration.ofSeconds(20))) {
            return client.score(REQUEST);
        }
    }

    @Test
    void anEchoedTextIsReadWithItsOffsets() throws IOException {
        ScoredText scored = score((body, attempt, answer) -> answer.status(200, ECHO));
        assertThat(scored.tokens()).extracting(Token::text).containsExactly("Hi", " \u00e9", "!");
        assertThat(scored.tokens()).extracting(Token::begin).containsExactly(0, 2, 4);
        assertThat(scored.tokens()).extracting(Token::logProbability).containsExactly(Double.NaN, -0.5, -0.25);
        assertThat(scored.tokens().get(1).likeliest())
                .containsExactly(
                        new ScoredText.Candidate(" \u00e9", ScoredText.NO_ID, -0.5),
                        new ScoredText.Candidate(",", ScoredText.NO_ID, -1.5));
    }

    @Test
    void tokensAreCalledByTheirIdsWhereTheServerKnowsHow() throws IOException {
        ScoredText scored = score((body, attempt, answer) -> {
            assertThat(body).contains("\"return_tokens_as_token_ids\":true", "\"max_tokens\":1", "\"logprobs\":2");
            answer.status(200, ECHO_IDS);
        });
        assertThat(scored.tokens()).extracting(Token::id).containsExactly(7, 8, 9);
        assertThat(scored.tokens().get(1).likeliest())
                .extracting(ScoredText.Candidate::id)
                .containsExactly(8, 3);
    }

    @Test
    void idsAreSentInPlaceOfTheTextWhereTheyAreKnown() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
                    assertThat(body).contains("\"prompt\":[7,8]");
                    answer.status(200, ECHO_IDS);
                });
                ScoringClient client = client(server, Duration.ofSeconds(20))) {
            ScoringRequest request = new ScoringRequest("Hi \u00e9", List.of(7, 8), 2, true);
            assertThat(client.score(request).tokens()).hasSize(3);
        }
    }

    /** A server that refuses vLLM's words is asked without them; one that refuses echo, for prompt_logprobs; what it takes is not tried again. */
    @Test
    void theFormThatTheServerTakesIsFoundOnce() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
                    if (body.contains("\"echo\"")) {
                        answer.status(400, "{\"error\":{\"message\":\"echo is not supported\"}}");
                    } else {
                        answer.status(200, PROMPT_LOGPROBS);
                    }
                });
                ScoringClient client = client(server, Duration.ofSeconds(20))) {
            ScoredText scored = client.score(REQUEST);
            assertThat(scored.tokens()).extracting(Token::id).containsExactly(7, 8);
            assertThat(scored.tokens()).extracting(Token::begin).containsExactly(0, 2);
            assertThat(scored.tokens().get(1).likeliest())
                    .extracting(ScoredText.Candidate::text)
                    .containsExactly(" \u00e9", ",");
            int before = server.requests();
            client.score(REQUEST);
            assertThat(server.requests()).isEqualTo(before + 1);
        }
    }

    @Test
    void aServerThatIsInTroubleIsAskedAgain() throws IOException {
        ScoredText scored = score((body, attempt, answer) -> {
            switch (attempt) {
                case 1 -> answer.status(503, "busy", "retry-after-ms: 2");
                case 2 -> answer.cut();
                case 3 -> answer.status(200, "{\"choices\": [{\"text\": \"Hi");
                default -> answer.status(200, ECHO);
            }
        });
        assertThat(scored.tokens()).hasSize(3);
    }

    @Test
    void oneThatSaysNothingIsGivenUpInTime() {
        ScoringException failure = catchThrowableOfType(ScoringException.class, () -> {
            try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> answer.stall());
                    ScoringClient client = client(server, Duration.ofMillis(200))) {
                client.score(REQUEST);
            }
        });
        assertThat(failure).hasMessageContaining("cut_deadline").hasMessageContaining("after 4 requests");
        assertThat(failure.concernsAll()).isTrue();
    }

    @Test
    void aWrongKeyStopsAtOnceAndIsNotShown() {
        assertThatThrownBy(() -> score((body, attempt, answer) -> {
                    assertThat(attempt).isEqualTo(1);
                    answer.status(401, "{\"error\":{\"message\":\"key " + KEY + " is wrong\"}}");
                }))
                .isInstanceOf(ScoringException.class)
                .hasMessageContaining("m at test: unauthorized (status 401: key ***")
                .hasMessageNotContaining("abcdefgh");
    }

    /** Servers that score only what they write themselves answer, but are no teachers. */
    @Test
    void scoresOfWhatWasWrittenAreNone() {
        String written = "{\"choices\":[{\"text\":\"!\",\"logprobs\":{\"tokens\":[\"!\"],\"token_logprobs\":[-0.1],"
                + "\"top_logprobs\":[{\"!\":-0.1}],\"text_offset\":[4]}}]}";
        assertThatThrownBy(() -> score((body, attempt, answer) -> answer.status(200, written)))
                .isInstanceOf(ScoringException.class)
                .hasMessageContaining("has no log-probabilities of the text that was given, only of what was written");
    }
}
