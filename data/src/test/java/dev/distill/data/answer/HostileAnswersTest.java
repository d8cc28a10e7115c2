package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.distill.data.trace.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    /**
     * Work is bounded by counting, so neither a signal nor a main thread is needed to end it; the limit here is only for a test
     * that would hang.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hostileAnswersEndOnAnyThread() throws Exception {
        List<String> hostile = List.of(
                "9^{9^{9^9}}",
                "\\boxed{9^{9^{9^9}}}",
                "The answer is $2^{3^{4^{5^6}}}$.",
                "\\boxed{" + "1+".repeat(50_000) + "1}",
                "$" + "\\frac{1}{".repeat(10_000) + "2" + "}".repeat(10_000) + "$",
                "\\boxed{" + "\\sqrt{".repeat(15_000) + "2" + "}".repeat(15_000) + "}",
                "(".repeat(100_000),
                "x^".repeat(50_000) + "2",
                "The answer is " + "1,".repeat(50_000) + "2",
                "7 ".repeat(50_000));
        MathVerifier verifier = new MathVerifier();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            for (String answer : hostile) {
                outcomes.add(
                        threads.submit(() -> verifier.verify("12345", answer).outcome()));
                outcomes.add(
                        threads.submit(() -> verifier.verify(answer, "12345").outcome()));
            }
            for (int i = 0; i < outcomes.size(); i++) {
                String text = hostile.get(i / 2);
                assertThat(outcomes.get(i).get()).as(text.substring(0, 9)).isNotEqualTo(Outcome.PASS);
            }
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
