package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.Extracted.Source;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerExtractorTest {
    private final AnswerExtractor extractor = AnswerExtractor.standard();

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            So \\boxed{4} or rather \\boxed{5}. ~ 5
            \\boxed{\\frac{1}{2}} ~ \\frac{1}{2}
            \\boxed{\\{1, 2\\}} ~ \\{1, 2\\}
            The roots are \\boxed{1} and \\boxed{2}. ~ 1, 2
            First \\boxed{1}, but that was wrong, so now \\boxed{2} ~ 2
            \\boxed{200} was the interest. Final Answer: The final answer is $10,455$. ~ 10,455
            The answer is 42 because 6 * 7 = 42. ~ 42
            The answer is $x = 5$. ~ x = 5
            the answer is: **12.5** ~ 12.5
            The answer is (B). ~ (B)
            She sells 9 * 2 = 18 eggs. #### 18 ~ 18
            We get $a = 3$ and $b = 4$, so $a + b = 7$. ~ a + b = 7
            There are 12 values of $n$. ~ 12
            It costs $60 and each day $30 more, so 90 in all ~ 90
            It is 20-14 ~ 14
            the total is -5 ~ -5
            The answer is \\(\\frac{3}{4}\\). ~ \\frac{3}{4}
            Answer: Tuesday ~ Tuesday
            \\frac{1}{3} ~ \\frac{1}{3}
            The answer is 3.0 × 10^8 meters per second. ~ 3.0 \\times 10^8 \\text{ m/s}
            The answer is 2x + 3 for all x in the set. ~ 2x + 3
            The answer is 2^10 ways. ~ 1024
            The answer is 5 million dollars, as computed. ~ 5000000
            The answer is 72 km/h on the whole way back. ~ 20 m/s
            The answer is 12 a day for each of them. ~ 12
            The answer is 5 (five) apples in all baskets. ~ 5
            The answer is 3 in the first of these cases. ~ 3
            The answer is 8 or so of these people here. ~ 8
            So there are 2^10 ways ~ 1024
            So it weighs 3.0 × 10^8 kg ~ 300000000
            Hence f(x) = 2x ~ 2x
            The stick is 12m long ~ 12
            **Final Answer:** $\\boxed{12}$ ~ 12
            The answer is 42 times 2. ~ 84
            The answer is 2 to the power of 10. ~ 1024
            The answer is $2$ to the power of $10$. ~ 1024
            The answer is 2 and a half hours. ~ 2.5
            The answer is 3.14 to the nearest hundredth. ~ 3.14
            The answer is €50 for each of them here. ~ 50 euros
            So \\boxed{5} \\cdot 10^3. ~ 5000
            So $x = \\boxed{5} \\times 10^{3}$ in all. ~ 5000
            So $x = 10^3 \\cdot \\boxed{5}$. ~ 5000
            So $x = -\\boxed{5}$. ~ -5
            So $x = \\boxed{5}\\sqrt{2}$. ~ 5\\sqrt{2}
            So $x = \\sqrt{\\boxed{5}}$. ~ \\sqrt{5}
            So \\boxed{42} times 2. ~ 84
            That is \\boxed{5}! ~ 5
            **\\boxed{5}** ~ 5
            \\boxed{5} - and that is all. ~ 5
            $\\boxed{5}$ $\\boxed{5}$ ~ 5
            $\\boxed{2}$ and $\\boxed{2}$ ~ 2, 2
            So there are 6.02e23 of them ~ 6.02 \\times 10^{23}
            """)
    void takesTheMostExplicitAnswer(String completion, String answer) {
        String text = extractor.extract(completion).map(Extracted::text).orElse("nothing");
        assertThat(AnswerComparer.standard().compare(answer, text).outcome())
                .as("%s from: %s", text, completion)
                .isEqualTo(AnswerComparer.Outcome.EQUAL);
    }

    @Test
    void aStatementThatHoldsABoxLeavesItToTheBox() {
        String twice = "**Final Answer**\nThe final answer is $\\boxed{12}$.\n\n";
        assertThat(extractor.extract(twice.repeat(2))).contains(new Extracted("12", Source.BOXED));
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        assertThat(extractor.extract("I am not sure how this could ever be done."))
                .isEmpty();
        assertThat(extractor.extract("")).isEmpty();
        assertThat(extractor
                        .extract("The box is \\boxed{12 and then it stops right in the middle of")
                        .map(Extracted::source))
                .isNotEqualTo(java.util.Optional.of(Source.BOXED));
    }

    @Test
    void aReferenceMayBeAWorkedSolution() {
        assertThat(extractor.extractReference("Half of 48 is 24.\nTogether 48 + 24 = 72.\n#### 72"))
                .contains(new Extracted("72", Source.STATED));
        assertThat(extractor.extractReference("one line of words that is the answer"))
                .contains(new Extracted("one line of words that is the answer", Source.WHOLE));
    }

    @Test
    void looksOnlyWhereItIsTold() {
        AnswerExtractor boxes = AnswerExtractor.of(EnumSet.of(Source.BOXED));
        assertThat(boxes.extract("The answer is 42.")).isEmpty();
    }

    @Test
    @Timeout(60)
    void hostileTextTakesLinearTime() {
        String[] parts = {"{", "\\boxed{", "$", "$$", "\\(", "1,", "the answer is ", "final answer: ", "a b ", "9", " 9"
        };
        for (String part : parts) {
            nanos(part.repeat(20_000 / part.length()));
            long small = nanos(part.repeat(100_000 / part.length()));
            long large = nanos(part.repeat(1_000_000 / part.length()));
            assertThat(Duration.ofNanos(large))
                    .as("1 MB of \"%s\" (100 kB took %d us)", part, small / 1000)
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    /** Quadratic time would be minutes here. */
    @ParameterizedTest
    @ValueSource(strings = {"answer", "final answer", "final", "the answer is", "\\text", "a"})
    @Timeout(60)
    void spacesBehindAWordTakeLinearTime(String start) {
        for (String space : new String[] {" ", "*", "\n", "."}) {
            String text = start + space.repeat(300_000) + "x";
            extractor.extract(text);
            ChoiceLetter.in(text, "ABCD");
        }
    }

    /** Of this thread's own time, since a busy machine may pause it. */
    private long nanos(String text) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        extractor.extract(text);
        return threads.getCurrentThreadCpuTime() - start;
    }
}
