package dev.distill.data.answer;

import static dev.distill.data.answer.AnswerComparer.Outcome.DIFFERENT;
import static dev.distill.data.answer.AnswerComparer.Outcome.EQUAL;
import static dev.distill.data.answer.AnswerComparer.Outcome.UNDECIDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerComparerTest {
    private final AnswerComparer comparer = AnswerComparer.standard();

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            42 ~ 042
            1000 ~ 1,000
            1234567 ~ 1{,}234{,}567
            1234567 ~ 1\\,234\\,567
            1/2 ~ 0.5
            \\frac{3}{4} ~ 0.75
            \\frac34 ~ 3/4
            -\\frac{2}{3} ~ \\frac{-2}{3}
            \\frac{2}{-3} ~ -2/3
            2\\frac{1}{3} ~ \\frac{7}{3}
            2 1/3 ~ 7/3
            50\\% ~ 0.5
            50 ~ 50%
            \\$12.50 ~ 12.5
            12 ~ 12\\text{ apples}
            12 ~ 12 apples
            15\\text{ cm}^2 ~ 15
            \\sqrt{8} ~ 2\\sqrt{2}
            \\frac{1}{\\sqrt{2}} ~ \\frac{\\sqrt2}{2}
            \\sqrt[3]{-8} ~ -2
            2^{10} ~ 1024
            \\pi/4 ~ \\frac{\\pi}{4}
            \\arctan 1 ~ \\frac{\\pi}{4}
            \\sin 30^\\circ ~ 0.5
            \\log_2 8 ~ 3
            e^{i\\pi} ~ -1
            3 + 4i ~ 4i + 3
            \\frac{1}{1+i} ~ \\frac{1-i}{2}
            5! ~ 120
            \\binom{5}{2} ~ 10
            |{-3}| ~ 3
            \\lfloor 3.7 \\rfloor ~ 3
            90^\\circ ~ 90
            x = 5 ~ 5
            5 ~ x = 2 + 3 = 5
            x^2 + 2x + 1 ~ (x+1)^2
            \\frac{x^2-1}{x-1} ~ x + 1
            y = 2x + 1 ~ 2x - y + 1 = 0
            x > 2 ~ 2 < x
            2x > 4 ~ x > 2
            -2 < x \\le 7 ~ (-2, 7]
            x < 3 ~ (-\\infty, 3)
            (1, 2) ~ \\left( 1, 2 \\right)
            (0,1) \\cup (2,3) ~ (2,3) \\cup (0,1)
            \\{1, 2\\} ~ \\{2, 1\\}
            1, -2 ~ -2, 1
            x = 1 \\text{ or } x = -2 ~ -2, 1
            3 \\pm \\sqrt{2} ~ 3 + \\sqrt{2}, 3 - \\sqrt{2}
            \\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} ~ \\begin{bmatrix} 1 \\\\ 4/2 \\end{bmatrix}
            \\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} ~ (1, 2)
            1:2 ~ 1 : 2
            C ~ (C) 12
            \\text{(B)} ~ B
            even ~ \\text{even}
            no solution ~ No solution.
            \\text{Evelyn} ~ Evelyn
            \\infty ~ \\infty
            12 ~ １２
            x ≤ 5 ~ x \\le 5
            2π ~ 2\\pi
            ½ ~ 0.5
            """)
    void equal(String gold, String prediction) {
        assertThat(comparer.compare(gold, prediction).outcome())
                .as(comparer.compare(gold, prediction).reason())
                .isEqualTo(EQUAL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            42 ~ 43
            1,000 ~ 1001
            1/3 ~ 0.33
            11/2 ~ 1 1/2
            \\frac{1}{12} ~ \\frac{11}{2}
            2\\sqrt{2} ~ 2\\sqrt{3}
            \\pi ~ 3.14
            12345678901234567890 ~ 12345678901234567891
            12.50 ~ 12.51
            x + 1 ~ x - 1
            |x| ~ x
            x = 5 ~ y = 5
            x > 2 ~ x \\ge 2
            x > 2 ~ x < 2
            -x > 2 ~ x > -2
            (0, 9) ~ [0, 9)
            (1, 2) ~ (2, 1)
            (-2, 7) ~ -2 < x < 7
            1, 2 ~ 1, 2, 3
            1, 2, 3 ~ 1, 2
            \\{1, 2\\} ~ (1, 2)
            \\pm 3 ~ 3
            3 ~ -3
            \\begin{pmatrix} 1 & 2 \\end{pmatrix} ~ \\begin{pmatrix} 2 & 1 \\end{pmatrix}
            A ~ B
            (A) ~ (C) 5
            even ~ odd numbers
            Evelyn ~ Monica
            42 ~ forty seven
            \\infty ~ -\\infty
            2:3 ~ 3:2
            10^{100} ~ 10^{100} + 1
            a_1 = 2, a_2 = 3 ~ a_1 = 3, a_2 = 2
            """)
    void different(String gold, String prediction) {
        assertThat(comparer.compare(gold, prediction).outcome())
                .as(comparer.compare(gold, prediction).reason())
                .isEqualTo(DIFFERENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9^{9^{9^9}}",
                "9^{9^{9^9}} + 1",
                "10000000!",
                "3^{-12000000}",
                "(-2)^{-12000000}",
                "0.5^{12000000}",
                "2^{3^{4^{5^{6}}}}",
                "e^{e^{e^{e^{9}}}}",
                "\\lfloor((\\pi^{1000})^{1000})^{1000}\\rfloor",
                "((\\pi^{-1000})^{1000})^{1000}"
            })
    void hostileNumbersAreUndecidedAtOnce(String hostile) {
        long best = Long.MAX_VALUE; // of several, since a busy machine may pause any one of them
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            assertThat(comparer.compare("7", hostile).outcome()).isEqualTo(UNDECIDED);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(200));
    }

    @Test
    void hostileTextsAreUndecidedAndNeverThrow() {
        String[] hostile = {
            "{".repeat(3_000),
            "(".repeat(3_000) + "1",
            "\\frac{".repeat(600),
            "-".repeat(3_000) + "1",
            "2" + "^2".repeat(1_900),
            "\\sqrt{".repeat(500) + "2" + "}".repeat(500),
            "1,".repeat(1_900),
            "9".repeat(3_900) + "^{9}",
            "\\begin{pmatrix}" + "1&".repeat(1_500),
            "\u0000\uD800\uFFFF",
            "1" + "!".repeat(3_500),
            "1" + "/1".repeat(1_900),
            "1" + "\\%".repeat(1_900),
            "a" + "\\setminus a".repeat(330),
            "1" + "±1".repeat(1_900),
            "((1/1/1)/(1/1/1))".replace("1", "(1" + "/1".repeat(40) + ")"),
            "\\begin{pmatrix}\\end{pmatrix}".repeat(2),
            "𠮷".repeat(500),
            "\uD842".repeat(500),
            "x".repeat(1_000_000)
        };
        for (String text : hostile) {
            for (AnswerComparer.Comparison found : List.of(comparer.compare("7", text), comparer.compare(text, "7"))) {
                assertThat(found.outcome()).as(text.substring(0, 3)).isNotEqualTo(EQUAL);
                assertThat(found.reason()).doesNotContain(AnswerComparer.FAULT);
            }
        }
    }

    @Test
    void aFaultIsUndecidedAndNamed() {
        assertThat(AnswerComparer.guarded(() -> {
                    throw new IllegalStateException("a mistake in the grader");
                }))
                .isEqualTo(new AnswerComparer.Comparison(
                        UNDECIDED,
                        "fault in the comparison: java.lang.IllegalStateException: a mistake in the grader"));
        assertThat(AnswerComparer.guarded(() -> {
                            throw new StackOverflowError();
                        })
                        .outcome())
                .isEqualTo(UNDECIDED);
    }

    @Test
    void everyLetterIsNegativeAtTwoPointsAndNoTwoAtTheSame() {
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h", "n", "x");
        Points points = new Points(new HashSet<>(names));
        Set<String> patterns = new HashSet<>();
        for (String name : names) {
            StringBuilder pattern = new StringBuilder();
            for (int point = 0; point < Points.USUAL; point++) {
                pattern.append(
                        Objects.requireNonNull(points.at(point).get(name)).signum() < 0 ? '-' : '+');
            }
            assertThat(pattern.chars().filter(c -> c == '-').count()).as(name).isGreaterThanOrEqualTo(2);
            assertThat(pattern.toString()).startsWith("+++");
            patterns.add(pattern.toString());
        }
        assertThat(patterns).hasSameSizeAs(names);
    }

    @Test
    void rulesSayWhatTheyNeed() {
        assertThatThrownBy(() -> new ComparisonRules(0, false, true, false))
                .hasMessage("answer comparison: decimals must be 1 to 20; got 0; 6 is the usual");
    }

    @Test
    void anInequalityAnswersAnIntervalOnlyWhenAllowed() {
        AnswerComparer lenient = new AnswerComparer(new ComparisonRules(6, true, true, false));
        assertThat(lenient.compare("(-2, 7)", "-2 < x < 7").outcome()).isEqualTo(EQUAL);
    }
}
