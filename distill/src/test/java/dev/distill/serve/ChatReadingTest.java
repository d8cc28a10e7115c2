package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.respond.TinyStudent;
import dev.distill.student.generate.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a chat's request may say, and what is said about any other. */
@Timeout(60)
class ChatReadingTest {
    private static Reading reading;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        reading = new Reading(TinyStudent.writeReasoning(folder.resolve("tiny"), 5));
    }

    @AfterAll
    static void close() {
        reading.close();
    }

    @Test
    void aChatIsWhatItsWordsSay() throws ApiError {
        Order order =
                reading.chat(", \"model\": \"tiny\", \"max_tokens\": 7, \"n\": 3, \"seed\": -5, \"temperature\": 0.5,"
                        + " \"top_p\": 0.9, \"top_k\": 4, \"min_p\": 0.1, \"repetition_penalty\": 1.2, \"stop\": [\"a\", \"b\"],"
                        + " \"logprobs\": true, \"top_logprobs\": 2, \"stream\": true, \"stream_options\": {\"include_usage\": true},"
                        + " \"user\": \"somebody\", \"tools\": [], \"logit_bias\": null, \"presence_penalty\": 0");
        assertThat(order.common())
                .isEqualTo(new Order.Common(3, new Sampling(0.5, 4, 0.9, 0.1, 1.2), -5, List.of("a", "b"), true, true));
        assertThat(order.maxNewTokens()).isEqualTo(7);
        assertThat(order.told()).isEqualTo(new Order.Told(true, 2, false, false));
        assertThat(order.prompt(2).text())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n");
        assertThat(reading.chat(", \"max_completion_tokens\": 9").maxNewTokens())
                .isEqualTo(9);
        assertThat(reading.chat("").maxNewTokens())
                .as("all that is left, up to the limit")
                .isEqualTo(100);
        assertThat(reading.chat(", \"stop\": \"x\"").common().stops()).containsExactly("x");
    }

    @Test
    void partsOfAContentAreOneText() throws ApiError {
        Order order =
                reading.chats.read(Reading.utf8("{\"messages\": [{\"role\": \"developer\", \"content\": \"Be brief.\"},"
                        + " {\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"one \"}, {\"type\": \"text\","
                        + " \"text\": \"two\"}]}]}"));
        assertThat(order.prompt(0).text())
                .startsWith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\none two<|im_end|>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model\": \"other\" | model | there is no model \"other\"; there are: tiny",
                "\"n\": 0 | n | n must be a whole number from 1 to 8; got 0",
                "\"n\": 9 | n | n must be a whole number from 1 to 8; got 9",
                "\"n\": 1e9 | n | n must be a whole number from 1 to 8; got 1.0E9",
                "\"max_tokens\": 0 | max_tokens | max_tokens must be a whole number from 1 to 2147483647; got 0",
                "\"max_tokens\": 5, \"max_completion_tokens\": 6 | max_tokens | are the same limit; got 5 and 6",
                "\"temperature\": 2.1 | temperature | temperature must be a number from 0.0 to 2.0; got 2.1",
                "\"temperature\": 1e999 | temperature | temperature must be a number from 0.0 to 2.0",
                "\"temperature\": \"hot\" | temperature | got \"hot\"",
                "\"top_p\": 0 | top_p | top_p must be a number from",
                "\"seed\": 9223372036854775808 | seed | seed must be a whole number",
                "\"stop\": 5 | stop | stop must be a string or a list of up to 32",
                "\"stop_token_ids\": [5] | stop_token_ids | is not supported",
                "\"min_tokens\": 5 | min_tokens | is not supported",
                "\"stop\": \"\" | stop | stop must be strings of 1 to 1000 characters",
                "\"stream\": 1 | stream | stream must be true or false; got 1",
                "\"stream_options\": {\"include_usage\": true} | stream_options | needs stream to be true",
                "\"top_logprobs\": 2 | top_logprobs | top_logprobs needs logprobs to be true",
                "\"logprobs\": true, \"top_logprobs\": 21 | top_logprobs | from 0 to 20; got 21",
                "\"tools\": [{\"type\": \"function\"}] | tools | tools is not supported by this server",
                "\"response_format\": {\"type\": \"json_object\"} | response_format | is not supported",
                "\"logit_bias\": {\"5\": 10} | logit_bias | is not supported",
                "\"frequency_penalty\": 0.5 | frequency_penalty | is not supported",
                "\"chat_template\": \"x\" | chat_template | is not supported",
                "\"chat_template_kwargs\": {\"enable_thinking\": false} | chat_template_kwargs | is not supported",
                "\"reasoning_effort\": \"low\" | reasoning_effort | is not supported",
                "\"temprature\": 1 | temprature | there is no parameter temprature"
            })
    void whatCannotBeFollowedIsRefusedByItsName(String fields, String param, String said) {
        ApiError error = reading.refused("{" + Reading.MESSAGES + ", " + fields + "}");
        assertThat(error.status()).isEqualTo(param.equals("model") ? 404 : 400);
        assertThat(Reading.param(error)).isEqualTo(param);
        assertThat(error.getMessage()).contains(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | messages | messages must be a list of 1 to 1024; got 0 of them",
                "\"Hi\" | messages | messages must be a list of 1 to 1024; got \"Hi\"",
                "[\"Hi\"] | messages[0] | messages[0] must be an object",
                "[{\"content\": \"Hi\"}] | messages[0].role | must be one of system, developer, user, assistant; got none",
                "[{\"role\": \"tool\", \"content\": \"Hi\"}] | messages[0].role | got \"tool\"",
                "[{\"role\": \"user\"}] | messages[0].content | messages[0].content must be given",
                "[{\"role\": \"user\", \"content\": 5}] | messages[0].content | a string or a list of parts; got 5",
                "[{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}] | messages[0].content[0].type | got image_url",
                "[{\"role\": \"user\", \"content\": null}] | messages[0].content | messages[0].content must be given",
                "[{\"role\": \"user\", \"content\": \"Hi\", \"weight\": 1}] | messages[0].weight | there is no parameter"
            })
    void aMessageThatIsNoneIsRefusedByItsPlace(String messages, String param, String said) {
        ApiError error = reading.refused("{\"messages\": " + messages + "}");
        assertThat(error.status()).isEqualTo(400);
        assertThat(Reading.param(error)).isEqualTo(param);
        assertThat(error.getMessage()).contains(said);
    }

    @Test
    void aPromptThatIsTooLongSaysWhatIsAskedAndWhatIsAllowed() {
        String words = "[{\"role\": \"user\", \"content\": \"" + "word ".repeat(300) + "\"}]";
        ApiError error = reading.refused("{\"messages\": " + words + "}");
        assertThat(error.getMessage())
                .matches("the context of tiny is 256 tokens; this request asks for \\d+:"
                        + " \\d+ in messages, 1 to be written at least");
        assertThat(error.json().path("error").path("code").asText()).isEqualTo("context_length_exceeded");
        assertThatThrownBy(() -> reading.completion("\"prompt\": [" + "5, ".repeat(255) + "5], \"max_tokens\": 1"))
                .hasMessageContaining("asks for 257: 256 in prompt, 1 to be written at least");
    }

    /** Our own teacher's client asks for 32,768 tokens where a recipe does not say. */
    @Test
    void moreTokensThanThereMayBeAreAsManyAsThereMayBe() throws ApiError {
        assertThat(reading.chat(", \"max_tokens\": 32768").maxNewTokens()).isEqualTo(100);
        assertThat(reading.chat(", \"max_completion_tokens\": 101").maxNewTokens())
                .isEqualTo(100);
        String words = "[" + "5, ".repeat(200) + "5]";
        assertThat(reading.completion("\"prompt\": " + words + ", \"max_tokens\": 90")
                        .maxNewTokens())
                .as("201 of 256 are the prompt's")
                .isEqualTo(55);
    }

    @Test
    void whatOtherClientsSendAndHasNoSayIsTaken() throws ApiError {
        Order order =
                reading.chats.read(Reading.utf8("{\"messages\": [{\"role\": \"user\", \"name\": \"Al\", \"content\":"
                        + " [{\"type\": \"text\", \"text\": \"Hi\", \"cache_control\": {\"type\": \"ephemeral\"}}]},"
                        + " {\"role\": \"assistant\", \"content\": null, \"refusal\": null, \"audio\": null, \"id\": \"m1\"},"
                        + " {\"role\": \"user\", \"content\": \"Go on\"}], \"store\": true, \"cache_control\": {},"
                        + " \"min_tokens\": 0, \"ignore_eos\": false, \"stream_options\": null}"));
        assertThat(order.prompt(0).text())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<|im_end|>\n"
                        + "<|im_start|>user\nGo on<|im_end|>\n<|im_start|>assistant\n<think>\n");
        String many = "\"x\", ".repeat(31) + "\"x\"";
        assertThat(reading.chat(", \"stop\": [" + many + "]").common().stops()).hasSize(32);
    }

    @Test
    void reasoningHasTwoNamesAndOneText() throws ApiError {
        String message = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\","
                + " \"content\": \"a\", %s}, {\"role\": \"user\", \"content\": \"b\"}]}";
        String old = reading.chats
                .read(Reading.utf8(message.formatted("\"reasoning_content\": \"hm\"")))
                .prompt(0)
                .seedName();
        assertThat(reading.chats
                        .read(Reading.utf8(message.formatted("\"reasoning\": \"hm\"")))
                        .prompt(0)
                        .seedName())
                .isEqualTo(old);
        ApiError two = reading.refused(message.formatted("\"reasoning\": \"hm\", \"reasoning_content\": \"oh\""));
        assertThat(Reading.param(two)).isEqualTo("messages[1].reasoning");
    }

    /** What one reply could tell is bounded as a product, before anything is computed. */
    @Test
    void aReplyTellsSoManyLogProbabilitiesAtMost() throws Exception {
        Batching much = new Batching(2, 8, 0, 100_000, 64, 64 << 20);
        CommonReader common = new CommonReader(new Models(List.of(reading.lane)), much);
        ChatReader chats = new ChatReader(common);
        String asked = "{" + Reading.MESSAGES + ", \"n\": 64, \"logprobs\": true, \"top_logprobs\": 20}";
        assertThat(chats.read(Reading.utf8(asked)).toldAtMost()).isLessThan(1 << 20);
        CompletionReader completions = new CompletionReader(common);
        String echo =
                "{\"prompt\": [" + "\"%s\", ".formatted("word ".repeat(30)).repeat(9) + "\"a\"], \"n\": 6,"
                        + " \"max_tokens\": 100, \"echo\": true, \"logprobs\": 20}";
        assertThat(completions.read(Reading.utf8(echo)).toldAtMost()).isGreaterThan(100_000);
        Order order = completions.read(Reading.utf8("{\"prompt\": \"a\", \"logprobs\": 20}"));
        Order large = new Order(order.lane(), order.prompts(), order.common(), 60_000, order.told());
        assertThatThrownBy(() -> CommonReader.requireTellable(large, "logprobs"))
                .hasMessage(
                        "a reply may tell 1048576 log-probabilities; this request asks for up to 1260000: 1 answers,"
                                + " up to 60000 tokens each, 21 log-probabilities a token; ask for less of one of them");
    }
}
