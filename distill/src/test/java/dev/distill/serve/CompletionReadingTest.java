package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.respond.TinyStudent;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a completion's request may say. */
@Timeout(60)
class CompletionReadingTest {
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
    void aCompletionTakesTextsAndIds() throws ApiError {
        assertThat(reading.completion("\"prompt\": \"Two and two\"").prompts()).hasSize(1);
        assertThat(reading.completion("\"prompt\": [\"a\", \"b\"], \"n\": 2").rows())
                .isEqualTo(4);
        assertThat(reading.completion("\"prompt\": [5, 6, 7]").prompt(0).ids()).containsExactly(5, 6, 7);
        assertThat(reading.completion("\"prompt\": [[5], [6, 7]]").prompt(1).ids())
                .containsExactly(6, 7);
        assertThat(reading.completion("\"prompt\": \"a\", \"echo\": true, \"max_tokens\": 0")
                        .maxNewTokens())
                .isZero();
        assertThat(reading.completion("\"prompt\": \"a\"").maxNewTokens()).isEqualTo(16);
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
        assertThatThrownBy(() -> reading.completion(fields))
                .isInstanceOfSatisfying(
                        ApiError.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    /** A prompt that is listed three times is sampled three times, as with n = 3. */
    @Test
    void aPromptThatIsListedAgainHasFurtherSamples() throws ApiError {
        Order order = reading.completion("\"prompt\": [\"a\", \"b\", \"a\", \"a\"], \"n\": 2");
        assertThat(order.prompts()).extracting(Order.Prompt::firstSample).containsExactly(0, 0, 2, 4);
    }

    @Test
    void aTokenThatTheModelHasNoEmbeddingForIsRefused(@TempDir Path folder) throws IOException {
        try (Reading lacking = new Reading(TinyStudent.writeWithoutLastToken(folder.resolve("tiny"), 5))) {
            assertThatThrownBy(() -> lacking.completion("\"prompt\": \"a </think> b\""))
                    .isInstanceOfSatisfying(ApiError.class, e -> {
                        assertThat(e.status()).isEqualTo(400);
                        assertThat(Reading.param(e)).isEqualTo("prompt");
                    })
                    .hasMessageStartingWith("tiny: this text holds the token </think>");
            assertThat(lacking.refused("{\"messages\": [{\"role\": \"user\", \"content\": \"a </think> b\"}]}")
                            .status())
                    .isEqualTo(400);
        }
    }
}
