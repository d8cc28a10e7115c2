package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.model.PackedRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How texts are continued and scored, over real sockets. */
@Timeout(60)
class CompletionsTest {
    private static final String COMPLETIONS = "/v1/completions";

    private static TinyServer tiny;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        tiny = new TinyServer(folder);
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    private static String text(JsonNode completion) {
        return completion.path("choices").path(0).path("text").asText();
    }

    @Test
    void aStopTextEndsAnAnswerAndIsNotShown() throws Exception {
        ObjectNode body = TinyServer.completion("Two and two", 40);
        String whole =
                text(TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body()));
        String stop = whole.substring(20, 23);
        body.put("stop", stop);
        JsonNode reply = TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body());
        assertThat(text(reply)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(reply.path("choices").path(0).path("finish_reason").asText()).isEqualTo("stop");
        StringBuilder streamed = new StringBuilder();
        for (String event : tiny.stream(COMPLETIONS, body)) {
            streamed.append(event.startsWith("{") ? text(TinyServer.JSON.readTree(event)) : "");
        }
        assertThat(streamed).hasToString(text(reply));
    }

    @Test
    void anEchoIsThePromptWithWhatTheModelMakesOfIt() throws Exception {
        String prompt = "Two and two is four.";
        ObjectNode body = TinyServer.completion(prompt, 3).put("echo", true).put("logprobs", 2);
        JsonNode reply = TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body());
        JsonNode choice = reply.path("choices").path(0);
        int written = reply.path("usage").path("completion_tokens").asInt()
                - (choice.path("finish_reason").asText().equals("stop") ? 1 : 0); // an end token is not told
        int[] ids = tiny.student.language().tokenizer().encode(prompt);
        float[] own = tiny.student.model().logProbabilities(PackedRow.nextToken(ids));
        JsonNode logprobs = choice.path("logprobs");
        assertThat(choice.path("text").asText()).startsWith(prompt).hasSizeGreaterThan(prompt.length());
        assertThat(logprobs.path("token_logprobs")).hasSize(ids.length + written);
        assertThat(logprobs.path("token_logprobs").path(0).isNull()).isTrue();
        for (int n = 1; n < ids.length; n++) {
            assertThat(logprobs.path("token_logprobs").path(n).asDouble()).isCloseTo(own[n - 1], within(1e-5));
            assertThat(logprobs.path("top_logprobs").path(n).size()).isBetween(2, 3);
        }
        StringBuilder tokens = new StringBuilder();
        for (int i = 0; i < logprobs.path("tokens").size(); i++) {
            assertThat(logprobs.path("text_offset").path(i).asInt()).isEqualTo(tokens.length());
            tokens.append(logprobs.path("tokens").path(i).asText());
        }
        assertThat(tokens).hasToString(choice.path("text").asText());

        body.put("max_tokens", 0).put("return_tokens_as_token_ids", true);
        JsonNode scored = TinyServer.JSON
                .readTree(tiny.post(COMPLETIONS, body).body())
                .path("choices")
                .path(0);
        assertThat(scored.path("text").asText()).isEqualTo(prompt);
        assertThat(scored.path("logprobs").path("tokens").path(1).asText()).isEqualTo("token_id:" + ids[1]);
        List<String> events = tiny.stream(COMPLETIONS, body);
        assertThat(TinyServer.JSON
                        .readTree(events.getFirst())
                        .path("choices")
                        .path(0)
                        .path("logprobs"))
                .isEqualTo(scored.path("logprobs"));
    }

    @Test
    void severalPromptsAreAnsweredAsEachAlone() throws Exception {
        ObjectNode body = TinyServer.completion("", 12)
                .put("temperature", 1.0)
                .put("seed", 9)
                .put("n", 2);
        body.putArray("prompt").add("Two and").add("Count from");
        JsonNode choices =
                TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body()).path("choices");
        assertThat(choices).hasSize(4);
        body.put("prompt", "Count from");
        JsonNode one =
                TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body()).path("choices");
        assertThat(choices.path(2).path("text")).isEqualTo(one.path(0).path("text"));
        assertThat(choices.path(3).path("text")).isEqualTo(one.path(1).path("text"));
    }

    /** As several answers to one: a list with the same prompt again is no wish to read the same text again. */
    @Test
    void aPromptThatIsListedAgainIsSampledAgain() throws Exception {
        ObjectNode body = TinyServer.completion("Count from", 12)
                .put("temperature", 1.0)
                .put("seed", 9)
                .put("n", 3);
        JsonNode samples =
                TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body()).path("choices");
        body.remove("n");
        body.putArray("prompt")
                .add("Count from")
                .add("Two and")
                .add("Count from")
                .add("Count from");
        JsonNode listed =
                TinyServer.JSON.readTree(tiny.post(COMPLETIONS, body).body()).path("choices");
        List<String> texts = new ArrayList<>();
        for (int row : List.of(0, 2, 3)) {
            texts.add(listed.path(row).path("text").asText());
        }
        assertThat(texts).doesNotHaveDuplicates();
        for (int sample = 0; sample < 3; sample++) {
            assertThat(texts.get(sample))
                    .isEqualTo(samples.path(sample).path("text").asText());
        }
    }
}
