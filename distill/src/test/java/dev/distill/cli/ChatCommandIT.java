package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.respond.TinyStudent;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations and stop strings, with a model whose weights are random. */
class ChatCommandIT {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void write() throws IOException {
        model = TinyStudent.write(folder.resolve("model"), 1);
    }

    private static JsonNode turns(String input, Object... more) throws IOException {
        Object[] words = new Object[more.length + 6];
        System.arraycopy(new Object[] {"chat", "-m", model, "--json", "--max-new-tokens", 8}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Said said = Said.byInput(input, words);
        assertThat(said.code()).as(said.err()).isZero();
        return said.json();
    }

    @Test
    void eachLineIsAMessageAndTheResultIsOneObject() throws IOException {
        JsonNode result = turns("Count\n\n  from one  \n/exit\nnever said\n");
        assertThat(result.path("model").asText()).isEqualTo("model");
        assertThat(result.path("turns")).hasSize(2);
        JsonNode second = result.at("/turns/1");
        assertThat(second.path("message").asText()).isEqualTo("from one");
        assertThat(second.path("finish_reason").asText()).isIn("stop", "length");
        assertThat(second.path("cached_tokens").asInt())
                .isBetween(
                        result.at("/turns/0/prompt_tokens").asInt(),
                        second.path("prompt_tokens").asInt() - 1);
        assertThat(result.path("tokens").asInt())
                .isEqualTo(result.at("/turns/0/tokens").asInt()
                        + second.path("tokens").asInt());
        assertThat(result.path("tokens_per_s").asDouble()).isPositive();
    }

    @Test
    void linesThatAreNoMessagesBeginAnew() throws IOException {
        JsonNode result = turns("Count\n/reset\nCount\n/system Be brief.\nCount\n/system\nCount\n", "--seed", 4);
        JsonNode first = result.at("/turns/0");
        assertThat(result.at("/turns/1/answer")).isEqualTo(first.path("answer"));
        assertThat(result.at("/turns/2/prompt_tokens").asInt())
                .isGreaterThan(first.path("prompt_tokens").asInt());
        assertThat(result.at("/turns/3/answer")).isEqualTo(first.path("answer"));
        assertThat(turns("Count\n", "--system", "Be brief.", "--seed", 4).at("/turns/0/answer"))
                .isEqualTo(result.at("/turns/2/answer"));
    }

    @Test
    void withoutATerminalOnlyTheAnswersAreWritten() throws IOException {
        String answer = turns("Count\n").at("/turns/0/answer").asText();
        Said said = Said.byInput("Count", "chat", "-m", model, "--max-new-tokens", 8);
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).isEqualToNormalizingNewlines(answer + "\n");
    }

    @Test
    void aLineThatCannotBeAnsweredEndsAnInputThatNobodyTypes() {
        Said said = Said.byInput("/rest\n", "chat", "-m", model);
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err())
                .contains("chat: a line that begins with / must be /reset, /system TEXT or /exit; got /rest."
                        + " A message may begin with a space");
        Said full = Said.byInput("Count\n", "chat", "-m", model, "--context", 5);
        assertThat(full.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(full.err()).contains("tokens, and there is room for 5; begin anew");
    }

    @Test
    void aBadLineDoesNotTakeTheTurnsBeforeIt() throws IOException {
        Said said = Said.byInput("Count\n/rest\n", "chat", "-m", model, "--max-new-tokens", 8, "--json");
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.json().path("turns")).hasSize(1);
    }

    @Test
    void generateEndsAtAStopString() throws IOException {
        Object[] words = {"generate", "-m", model, "-p", "Count", "--max-new-tokens", 24, "--json", "--temperature", 1};
        JsonNode whole = Said.by(words).json().at("/completions/0");
        String answer = whole.path("answer").asText();
        String stop = answer.substring(answer.length() / 2, answer.length() / 2 + 1);
        Object[] more = {
            "generate",
            "-m",
            model,
            "-p",
            "Count",
            "--max-new-tokens",
            24,
            "--json",
            "--temperature",
            1,
            "--stop",
            "no such text",
            "--stop",
            stop
        };
        JsonNode cut = Said.by(more).json().at("/completions/0");
        assertThat(cut.path("answer").asText())
                .isEqualTo(answer.substring(0, answer.indexOf(stop)).stripTrailing());
        assertThat(cut.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(cut.path("tokens").asInt()).isLessThan(whole.path("tokens").asInt());

        Said empty = Said.by("generate", "-m", model, "-p", "Count", "--stop", "");
        assertThat(empty.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(empty.err()).contains("--stop must not be empty: it would end every text before it begins");
    }
}
