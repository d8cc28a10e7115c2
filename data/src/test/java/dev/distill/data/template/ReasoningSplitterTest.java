package dev.distill.data.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.template.ReasoningSplitter.Piece;
import dev.distill.data.template.ReasoningSplitter.Split;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.template.ReasoningSplitter.Whitespace;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningSplitterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                // start     | completion                  | reasoning    | answer     | ended
                "IN_PROMPT     | \"r</think>a\"                | r            | a          | true",
                "IN_PROMPT     | \"<think>r</think>a\"         | r            | a          | true",
                "IN_PROMPT     | \"cut off\"                   | cut off      | \"\"       | false",
                "IN_PROMPT     | \"</think>a\"                 | \"\"         | a          | true",
                "IN_PROMPT     | \"a < b </thin</think>x\"     | a < b </thin | x          | true",
                "IN_COMPLETION | \"<think>r</think>a\"         | r            | a          | true",
                "IN_COMPLETION | \"just an answer\"            | \"\"         | just an answer | false",
                "IN_COMPLETION | \"<thin\"                     | \"\"         | <thin      | false",
                "IN_COMPLETION | \"<think>cut\"                | cut          | \"\"       | false",
                "IN_COMPLETION | \"a <think>b</think>\"        | \"\"         | a <think>b</think> | false",
                "UNKNOWN       | \"r</think>a\"                | r            | a          | true",
                "UNKNOWN       | \"just an answer\"            | \"\"         | just an answer | false",
                "UNKNOWN       | \" <think> r </think> a </think> b \" | r    | a </think> b | true",
            })
    void splitsHoweverItIsCut(Start start, String completion, String reasoning, String answer, boolean ended) {
        assertThat(ReasoningSplitter.split(completion, ThinkMarkers.THINK, start, Whitespace.TRIM))
                .isEqualTo(new Split(reasoning, answer, ended));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            assertThat(streamed(completion, start, Whitespace.TRIM, random))
                    .as("seed %d", seed)
                    .isEqualTo(new Split(reasoning, answer, ended));
        }
    }

    @Test
    void keepsOrDropsWhiteSpaceAsAsked() {
        String completion = "\n<think>\n r \n</think>\n\n a \n";
        assertThat(ReasoningSplitter.split(completion, ThinkMarkers.THINK, Start.IN_COMPLETION, Whitespace.KEEP))
                .isEqualTo(new Split("\n\n r \n", "\n\n a \n", true));
        assertThat(ReasoningSplitter.split(
                        completion, ThinkMarkers.THINK, Start.IN_COMPLETION, Whitespace.DROP_BEFORE_START))
                .isEqualTo(new Split("\n r \n", "\n\n a \n", true));
        assertThat(ReasoningSplitter.split(completion, ThinkMarkers.THINK, Start.IN_COMPLETION, Whitespace.TRIM))
                .isEqualTo(new Split("r", "a", true));
        assertThat(ReasoningSplitter.split(
                        completion, ThinkMarkers.THINK, Start.IN_COMPLETION, Whitespace.TRIM_BUT_ANSWER_END))
                .isEqualTo(new Split("r", "a \n", true));
    }

    @Test
    void handsOutWhatIsDecidedAtOnce() {
        ReasoningSplitter splitter = new ReasoningSplitter(ThinkMarkers.THINK, Start.IN_PROMPT, Whitespace.KEEP);
        assertThat(splitter.add("so 2 < 3 and <")).isEqualTo(new Piece("so 2 < 3 and ", ""));
        assertThat(splitter.add("/th")).isEqualTo(new Piece("", ""));
        assertThat(splitter.add("e</")).isEqualTo(new Piece("</the", ""));
        assertThat(splitter.add("think>a")).isEqualTo(new Piece("", "a"));
        assertThat(splitter.ended()).isTrue();
    }

    /** Cut at random places, as often as not inside a marker. */
    static Split streamed(String completion, Start start, Whitespace whitespace, Random random) {
        ReasoningSplitter splitter = new ReasoningSplitter(ThinkMarkers.THINK, start, whitespace);
        StringBuilder reasoning = new StringBuilder();
        StringBuilder answer = new StringBuilder();
        int from = 0;
        while (from < completion.length()) {
            int to = Math.min(completion.length(), from + 1 + random.nextInt(6));
            Piece piece = splitter.add(completion.substring(from, to));
            reasoning.append(piece.reasoning());
            answer.append(piece.answer());
            from = to;
        }
        Piece last = splitter.finish();
        return new Split(
                reasoning.append(last.reasoning()).toString(),
                answer.append(last.answer()).toString(),
                splitter.ended());
    }
}
