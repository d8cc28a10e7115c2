package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random pieces of LaTeX: no pair of texts makes the comparison throw. */
class HostileAnswersTest {
    private static final String[] PIECES = {
        "1",
        "99",
        ".5",
        "1,000",
        "1,2",
        "x",
        "i",
        "e",
        "\\frac",
        "\\sqrt",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\\{",
        "\\}",
        "^",
        "_",
        "+",
        "-",
        "*",
        "/",
        ",",
        ";",
        "=",
        "<",
        "\\le",
        "\\pi",
        "\\infty",
        "\\cup",
        "\\pm",
        "!",
        "%",
        "^\\circ",
        "\\text{cm}",
        "\\text{and}",
        "or",
        "|",
        "\\sin",
        "\\log",
        "\\begin{pmatrix}",
        "\\end{pmatrix}",
        "&",
        "\\\\",
        " ",
        "$",
        "\\boxed{",
        "\\(",
        "even",
        "\\arcsin",
        "\\lfloor",
        "\\rfloor",
        "\\binom",
        "\\approx",
        "\\in",
        "²",
        "½",
        ":",
        "'",
        "0"
    };

    @Test
    void randomPiecesNeverThrow() {
        long seed = 5;
        Random random = new Random(seed);
        MathVerifier verifier = new MathVerifier();
        for (int i = 0; i < 3_000; i++) {
            String gold = pieces(random);
            String answer = pieces(random);
            assertThatCode(() -> {
                        verifier.verify(gold, answer);
                        AnswerComparer.standard().compare(gold, answer);
                    })
                    .as("\"%s\" and \"%s\", seed %d", gold, answer, seed)
                    .doesNotThrowAnyException();
        }
    }

    private static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(9); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
