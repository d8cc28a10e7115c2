package dev.distill.train.teach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Candidate;
import dev.distill.teacher.ScoredText.Token;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoShiftTest {
    /** Words w0, w1, ...: the likeliest word of some places is their own, of others the next place's, of the rest another. */
    private static List<Token> text(int words, int own, int next) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            // from 1, for the first place tells nothing of its own word
            String likeliest =
                    i >= 1 && i <= own ? "w" + i : i < words - 1 && i > words - 2 - next ? "w" + (i + 1) : "x";
            tokens.add(new Token(
                    "w" + i, ScoredText.NO_ID, 3 * i, -1, List.of(new Candidate(likeliest, ScoredText.NO_ID, -1))));
        }
        return tokens;
    }

    private static String expected(List<Token> tokens, int place) {
        return tokens.get(place).likeliest().getFirst().text();
    }

    /** Four words of twelve after their place and three in it may be chance; what a longer text shows holds for the short one too. */
    @Test
    void aShortTextIsUnderstoodByALongOne() {
        List<Token> brief = text(12, 3, 4);
        EchoShift shift = new EchoShift();
        shift.meet(brief);
        assertThat(shift.isClear()).isFalse();
        assertThat(shift.undone(brief)).isEqualTo(brief);
        shift.meet(text(40, 2, 20));
        assertThat(shift.isClear()).isTrue();
        List<Token> right = shift.undone(brief);
        assertThat(expected(right, 11)).isEqualTo("w11");
        assertThat(expected(right, 1)).isEqualTo(expected(brief, 0));
    }

    /** Once it is clear, a text that looks otherwise is chance. */
    @Test
    void whatIsClearStaysSo() {
        EchoShift shift = new EchoShift();
        shift.meet(text(40, 20, 2));
        assertThat(shift.isClear()).isTrue();
        List<Token> other = text(12, 1, 8);
        shift.meet(other);
        assertThat(shift.undone(other)).isEqualTo(other);
    }
}
