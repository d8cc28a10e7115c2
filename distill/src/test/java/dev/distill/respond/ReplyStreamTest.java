package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.template.ReasoningSplitter.Piece;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A byte a token: everything is cut wherever it can be. */
class ReplyStreamTest {
    @TempDir
    Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void open() throws IOException {
        TinyStudent.writeTokenizer(folder);
        tokenizer = TokenizerFile.open(folder);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    /** Reasoning, answer, and whether a stop string came, with a bar between them. */
    private String replied(String text, @Nullable Start start, String... stops) {
        ReplyStream stream = new ReplyStream(tokenizer, ThinkMarkers.THINK, start, List.of(stops));
        StringBuilder streamed = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!stream.stopped()) {
                streamed.append(stream.add(b & 0xFF).answer());
            }
        }
        streamed.append(stream.finish().answer());
        assertThat(streamed).hasToString(stream.answer());
        return stream.reasoning() + "|" + stream.answer() + "|" + stream.stopped();
    }

    @Test
    void whereTheReasoningBeginsIsTheTemplatesToSay() {
        assertThat(replied("So: 四.\n</think>\n\nFour.\n", Start.IN_PROMPT)).isEqualTo("So: 四.|Four.|false");
        assertThat(replied("So: 四.\n</think>\n\nFour.\n", Start.IN_COMPLETION))
                .isEqualTo("|So: 四.\n</think>\n\nFour.|false");
        assertThat(replied("<think>\nSo.\n</think>\n\nFour.\n", Start.IN_COMPLETION))
                .isEqualTo("So.|Four.|false");
        assertThat(replied("<think>So</think> 4 ", null)).isEqualTo("|<think>So</think> 4 |false");
    }

    @Test
    void aStopStringEndsTheAnswerAndNotTheReasoning() {
        assertThat(replied("One.\n\nTwo.</think>\n\nFour.\n\nOr not.", Start.IN_PROMPT, "\n\n"))
                .isEqualTo("One.\n\nTwo.|Four.|true");
        assertThat(replied("Four. Or not", Start.IN_COMPLETION, "Or", " O")).isEqualTo("|Four.|true");
        assertThat(replied("🙂🙃🙂", null, "🙃")).isEqualTo("|🙂|true");
        assertThat(replied("\n\nFour", null, "\n"))
                .as("plain text has no front to trim")
                .isEqualTo("||true");
    }

    @Test
    void whatCouldBeAStopStringIsHandedOutAtTheEnd() {
        assertThat(replied("Four.\n", null, "\n\n")).isEqualTo("|Four.\n|false");
        assertThat(replied("Four E", Start.IN_COMPLETION, "END")).isEqualTo("|Four E|false");
    }

    @Test
    void aStopStringThatWasHeldBackAsHalfAMarkerStillCounts() {
        assertThat(replied("<th", Start.IN_COMPLETION, "<t")).isEqualTo("||true");
    }

    @Test
    void noPieceHoldsWhatIsNotDecided() {
        ReplyStream stream = new ReplyStream(tokenizer, ThinkMarkers.THINK, Start.IN_PROMPT, List.of("##"));
        for (byte b : "r</thin".getBytes(StandardCharsets.UTF_8)) {
            stream.add(b);
        }
        assertThat(stream.reasoning()).isEqualTo("r");
        for (byte b : "k>a ".getBytes(StandardCharsets.UTF_8)) {
            stream.add(b);
        }
        assertThat(stream.answer()).as("white space may be the last").isEqualTo("a");
        assertThat(stream.add('#')).isEqualTo(new Piece("", ""));
        assertThat(stream.add('b')).isEqualTo(new Piece("", " #b"));
    }

    @Test
    void halfACharacterAtTheEndIsWhatTheTokenizerDecodes() {
        ReplyStream stream = new ReplyStream(tokenizer, ThinkMarkers.THINK, null, List.of());
        stream.add('a');
        stream.add(0xE5);
        assertThat(stream.answer()).isEqualTo("a");
        stream.finish();
        assertThat(stream.answer()).isEqualTo(tokenizer.decode(new int[] {'a', 0xE5}, false));
    }
}
