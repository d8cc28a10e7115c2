package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request's body may say, and what is said about any other. */
@Timeout(60)
class RequestReadingTest {
    private static final String MESSAGES = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";
    private static final Batching BATCHING = new Batching(2, 8, 0, 100, 8, 64 << 20);

    private static Ops ops;
    private static Student student;
    private static Lane lane;
    private static ChatReader chats;
    private static CompletionReader completions;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        ops = new CpuOps(1);
        student = Student.open(TinyStudent.writeReasoning(folder.resolve("tiny"), 5), null, ops);
        lane = new Lane(new ServedModel("tiny", student), BATCHING, 64 << 20, new Metrics());
        CommonReader common = new CommonReader(new Models(List.of(lane)), BATCHING);
        chats = new ChatReader(common);
        completions = new CompletionReader(common);
    }

    @AfterAll
    static void close() {
        lane.close();
        student.close();
        ops.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Order chat(String fields) throws ApiError {
        return chats.read(utf8("{" + MESSAGES + fields + "}"));
    }

    private static Order completion(String fields) throws ApiError {
        return completions.read(utf8("{" + fields + "}"));
    }

    private static ApiError refused(String body) {
        try {
            chats.read(utf8(body));
        } catch (ApiError e) {
            return e;
        }
        throw new AssertionError("was taken: " + body);
    }

    private static String param(ApiError error) {
        return error.json().path("error").path("param").asText("none");
    }

    @Test
    void aChatIsWhatItsWordsSay() throws ApiError {
        Order order = chat(", \"model\": \"tiny\", \"max_tokens\": 7, \"n\": 3, \"seed\": -5, \"temperature\": 0.5,"
                + " \"top_p\": 0.9, \"top_k\": 4, \"min_p\": 0.1, \"repetition_penalty\": 1.2, \"stop\": [\"a\", \"b\"],"
                + " \"logprobs\": true, \"top_logprobs\": 2, \"stream\": true, \"stream_options\": {\"include_usage\": true},"
                + " \"user\": \"somebody\", \"tools\": [], \"logit_bias\": null, \"presence_penalty\": 0");
        assertThat(order.common())
                .isEqualTo(new Order.Common(3, new Sampling(0.5, 4, 0.9, 0.1, 1.2), -5, List.of("a", "b"), true, true));
        assertThat(order.maxNewTokens()).isEqualTo(7);
        assertThat(order.told()).isEqualTo(new Order.Told(true, 2, false, false));
        assertThat(order.prompt(2).text())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n");
        assertThat(chat(", \"max_completion_tokens\": 9").maxNewTokens()).isEqualTo(9);
        assertThat(chat("").maxNewTokens())
                .as("all that is left, up to the limit")
                .isEqualTo(100);
        assertThat(chat(", \"stop\": \"x\"").common().stops()).containsExactly("x");
    }

    @Test
    void partsOfAContentAreOneText() throws ApiError {
        Order order = chats.read(utf8("{\"messages\": [{\"role\": \"developer\", \"content\": \"Be brief.\"},"
                + " {\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"one \"}, {\"type\": \"text\","
                + " \"text\": \"two\"}]}]}"));
        assertThat(order.prompt(0).text())
                .startsWith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\none two<|im_end|>");
    }

    @Test
    void aCompletionTakesTextsAndIds() throws ApiError {
        assertThat(completion("\"prompt\": \"Two and two\"").prompts()).hasSize(1);
        assertThat(completion("\"prompt\": [\"a\", \"b\"], \"n\": 2").rows()).isEqualTo(4);
        assertThat(completion("\"prompt\": [5, 6, 7]").prompt(0).ids()).containsExactly(5, 6, 7);
        assertThat(completion("\"prompt\": [[5], [6, 7]]").prompt(1).ids()).containsExactly(6, 7);
        assertThat(completion("\"prompt\": \"a\", \"echo\": true, \"max_tokens\": 0")
                        .maxNewTokens())
                .isZero();
        assertThat(completion("\"prompt\": \"a\"").maxNewTokens()).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model\": \"other\" | model | there is no model \"other\"; there are: tiny",
                "\"n\": 0 | n | n must be a whole number from 1 to 8; got 0",
                "\"n\": 9 | n | n must be a whole number from 1 to 8; got 9",
                "\"n\": 1e9 | n | n must be a whole number from 1 to 8; got 1.0E9",
                "\"max_tokens\": 101 | max_tokens | max_tokens must be a whole number from 1 to 100; got 101",
                "\"max_tokens\": 5, \"max_completion_tokens\": 6 | max_tokens | are the same limit; got 5 and 6",
                "\"temperature\": 2.1 | temperature | temperature must be a number from 0.0 to 2.0; got 2.1",
                "\"temperature\": 1e999 | temperature | temperature must be a number from 0.0 to 2.0",
                "\"temperature\": \"hot\" | temperature | got \"hot\"",
                "\"top_p\": 0 | top_p | top_p must be a number from",
                "\"seed\": 9223372036854775808 | seed | seed must be a whole number",
                "\"stop\": [\"a\",\"b\",\"c\",\"d\",\"e\"] | stop | stop must be a string or a list of up to 4",
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
        ApiError error = refused("{" + MESSAGES + ", " + fields + "}");
        assertThat(error.status()).isEqualTo(param.equals("model") ? 404 : 400);
        assertThat(param(error)).isEqualTo(param);
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
                "[{\"role\": \"user\", \"content\": \"Hi\", \"name\": \"Al\"}] | messages[0].name | is not supported",
                "[{\"role\": \"user\", \"content\": \"Hi\", \"weight\": 1}] | messages[0].weight | there is no parameter"
            })
    void aMessageThatIsNoneIsRefusedByItsPlace(String messages, String param, String said) {
        ApiError error = refused("{\"messages\": " + messages + "}");
        assertThat(error.status()).isEqualTo(400);
        assertThat(param(error)).isEqualTo(param);
        assertThat(error.getMessage()).contains(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[1]",
                "\"text\"",
                "{",
                "{\"a\": 1} {\"b\": 2}",
                "{\"n\": 1, \"n\": 2}",
                "{\"a\": NaN}",
                "{'a': 1}",
                "{\"a\": \"\\ud800\"}",
                "{\"\\udc00\": 1}"
            })
    void aBodyMustBeOneObjectOfJson(String body) {
        assertThat(refused(body).status()).isEqualTo(400);
    }

    @Test
    void depthNumbersNamesAndBytesHaveLimits() {
        assertThat(refused("{\"a\": " + "[".repeat(100_000)).status()).isEqualTo(400);
        assertThat(refused("{\"a\": " + "9".repeat(100_000) + "}").getMessage()).contains("not JSON that can be read");
        assertThat(refused("{\"" + "a".repeat(100_000) + "\": 1}").status()).isEqualTo(400);
        assertThatThrownBy(() -> chats.read(new byte[] {'{', (byte) 0xc3, '}'})).hasMessage("the body is not UTF-8");
        assertThatThrownBy(() -> chats.read("{}".getBytes(StandardCharsets.UTF_16)))
                .hasMessage("the body is not UTF-8");
    }

    @Test
    void aPromptThatIsTooLongSaysWhatIsAskedAndWhatIsAllowed() {
        String words = "[{\"role\": \"user\", \"content\": \"" + "word ".repeat(300) + "\"}]";
        ApiError error = refused("{\"messages\": " + words + "}");
        assertThat(error.getMessage())
                .matches("the context of tiny is 256 tokens; this request asks for \\d+:"
                        + " \\d+ in messages, 1 to be written");
        assertThat(error.json().path("error").path("code").asText()).isEqualTo("context_length_exceeded");
        assertThatThrownBy(() -> completion("\"prompt\": [" + "5, ".repeat(200) + "5], \"max_tokens\": 56"))
                .hasMessageContaining("asks for 257: 201 in prompt, 56 to be written");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prompt\": []",
                "\"prompt\": \"\"",
                "\"prompt\": [[]]",
                "\"prompt\": [-1]",
                "\"prompt\": [5000]",
                "\"prompt\": [1.5]",
                "\"prompt\": [\"a\", 5]",
                "\"prompt\": [[5], \"a\"]",
                "\"prompt\": {}",
                "\"prompt\": [\"a\",\"a\",\"a\",\"a\",\"a\"], \"n\": 2",
                "\"prompt\": \"a\", \"suffix\": \"b\"",
                "\"prompt\": \"a\", \"add_special_tokens\": true",
                "\"prompt\": \"a\", \"logprobs\": 21",
                "\"prompt\": \"a\", \"max_tokens\": 0",
                "\"max_tokens\": 5"
            })
    void aCompletionThatCannotBeIsRefused(String fields) {
        assertThatThrownBy(() -> completion(fields))
                .isInstanceOfSatisfying(
                        ApiError.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    /** Mutations of requests that are right: each is read, or refused with an error object; none fails otherwise, none takes long. */
    @Test
    void nothingElseThanAnOrderOrARefusalComesOfAnyBytes() {
        List<byte[]> seeds = List.of(
                utf8("{" + MESSAGES + ", \"n\": 2, \"stop\": [\"a\"], \"temperature\": 0.5, \"stream\": true,"
                        + " \"stream_options\": {\"include_usage\": true}, \"seed\": 12345678901}"),
                utf8(
                        "{\"messages\": [{\"role\": \"assistant\", \"reasoning_content\": \"hm\", \"content\": \"\u00e9\ud83d\ude42\"},"
                                + " {\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"\\ud83d\\ude42\"}]}]}"),
                utf8("{\"prompt\": [[1, 2], [3]], \"echo\": true, \"logprobs\": 3, \"max_tokens\": 4, \"top_k\": -1}"));
        List<String> parts = List.of(
                "{",
                "}",
                "[",
                "]",
                "\"",
                ",",
                ":",
                "\\u",
                "\\ud800",
                "null",
                "1e400",
                "-",
                "9".repeat(70),
                "true",
                "\u0000",
                "[[[[[[[[",
                "<|im_end|>",
                "{%",
                "\"n\":",
                "\"messages\":",
                "\ufeff");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int taken = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] body = seeds.get(random.nextInt(seeds.size())).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                body = mutated(body, parts, random);
            }
            for (boolean chat : new boolean[] {true, false}) {
                try {
                    Order order = chat ? chats.read(body) : completions.read(body);
                    assertThat(order.rows()).isBetween(1, 8);
                    taken++;
                } catch (ApiError e) {
                    JsonNode error = e.json().path("error");
                    assertThat(e.status()).as("seed %d round %d", seed, round).isBetween(400, 404);
                    assertThat(error.path("message").asText()).isNotEmpty();
                    assertThat(StandardCharsets.UTF_16.newEncoder().canEncode(e.getMessage()))
                            .isTrue();
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(
                            "seed " + seed + ", round " + round + ": " + new String(body, StandardCharsets.UTF_8), e);
                }
            }
        }
        assertThat(taken).as("some are still right").isPositive();
    }

    private static byte[] mutated(byte[] body, List<String> parts, Random random) {
        int at = random.nextInt(body.length + 1);
        int end = Math.min(body.length, at + random.nextInt(1, 12));
        byte[] front = Arrays.copyOf(body, at);
        return switch (random.nextInt(4)) {
            case 0 -> joined(front, Arrays.copyOfRange(body, end, body.length)); // cut out
            case 1 ->
                joined(front, utf8(parts.get(random.nextInt(parts.size()))), Arrays.copyOfRange(body, at, body.length));
            case 2 ->
                joined(front, Arrays.copyOfRange(body, at, end), Arrays.copyOfRange(body, at, body.length)); // twice
            default -> {
                byte[] other = body.clone();
                if (at < other.length) {
                    other[at] = (byte) random.nextInt(256);
                }
                yield other;
            }
        };
    }

    private static byte[] joined(byte[]... parts) {
        int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
