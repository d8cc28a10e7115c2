package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random pieces of LaTeX: no pair of texts makes the comparison throw, nor need its last defence. */
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
        "0",
        "𝑥",
        "𠮷",
        "\uD835",
        "\uDC65",
        "ℝ",
        "万",
        "\\begin{pmatrix}\\end{pmatrix}",
        "\\begin{array}{c}\\end{array}",
        "\\{\\}",
        "()",
        "{}",
        "\\text{}",
        "\\overline{3}",
        "0.",
        "km",
        "m/s",
        "million",
        "at least ",
        "(A)",
        "IX",
        "_2",
        "**"
    };

    /** What nests to the left when it is repeated. */
    private static final String[] CHAINS = {
        "!", "/1", "\\%", "^\\circ", "\\setminus 1", "±1", "*1/1", " cm", "\\text{ m}/s", ":1", "(1)", "|1|"
    };

    @Test
    void randomPiecesNeverThrow() {
        long seed = 5;
        Random random = new Random(seed);
        MathVerifier verifier = new MathVerifier();
        for (int i = 0; i < 20_000; i++) {
            String gold = pieces(random);
            String answer = pieces(random);
            List<String> reasons = List.of(
                    verifier.verify(gold, answer).reason(),
                    AnswerComparer.standard().compare(gold, answer).reason());
            assertThat(reasons)
                    .as("\"%s\" and \"%s\", seed %d", gold, answer, seed)
                    .noneMatch(reason -> reason.contains(AnswerComparer.FAULT));
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
            if (random.nextInt(40) == 0) {
                text.append(CHAINS[random.nextInt(CHAINS.length)].repeat(1 + random.nextInt(250)));
            }
        }
        return text.toString();
    }
}
