package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Language, repetition and readability of the reasoning. */
class TextQualityTest {
    private static final String HONEST = Traces.REASONING;

    private static void drops(TraceFilter filter, String reasoning) {
        Verdict verdict = filter.check(Traces.reasoning(reasoning));
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.FAIL);
    }

    private static void keeps(TraceFilter filter, String reasoning) {
        Verdict verdict = filter.check(Traces.reasoning(reasoning));
        assertThat(verdict.outcome()).as(verdict.reason()).isNotEqualTo(Outcome.FAIL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "所以答案是 72。",
                "So the 答案 is 72.",
                "Значит, всего 72 буханки.",
                "Entonces la respuesta es 72 porque sumamos los dos números.",
                "Donc la réponse est 72, car nous avons additionné les deux nombres.",
                "Also ist die Antwort 72, weil wir beide Zahlen addieren müssen.",
                "だから答えは 72 です。",
                "따라서 정답은 72입니다.",
                "إذن الجواب هو 72.",
            })
    void mixedLanguagesAreDropped(String sentence) {
        drops(LanguageConsistency.STANDARD, HONEST + " " + sentence);
        drops(LanguageConsistency.STANDARD, sentence + " " + sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "48 + 24 = 72",
                "Let α and β be the angles, so that α + β = 90° and ∠ABC = γ. Then \\(\\frac{\\pi}{2}\\) it is.",
                "Over the week the total comes to 72, plus none more. Due on Monday. On and on.",
                "x + y = 72. y = 24. x = 48.",
                "First compute f(x) = sin x + cos y, then mod n, gcd(a, b) and lcm(c, d).",
            })
    void formulasAreInNoLanguage(String reasoning) {
        keeps(LanguageConsistency.STANDARD, HONEST + " " + reasoning);
        keeps(LanguageConsistency.STANDARD, reasoning);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            KEEP | 小明有 48 个苹果，小红有一半，一共有多少个？ | 小红有 24 个苹果，所以一共有 48 + 24 = 72 个，设 x 为总数，则 x = 72。
            DROP | 小明有 48 个苹果，小红有一半，一共有多少个？ | Half of 48 is 24, so the total is 72 apples, and that is the answer.
            KEEP | What does 你好 mean? | The word 你好 means hello, since 你 is you and 好 is good.
            KEEP | ¿Cuántas barras vende en total si vende 48 y luego la mitad? | La mitad de 48 es 24, entonces en total vende 72 barras.
            DROP | ¿Cuántas barras vende en total si vende 48 y luego la mitad? | Half of 48 is 24, so the total is 72 and this is what we need.
            KEEP | 48 + 24 = ? | La mitad de 48 es 24, entonces la suma es 72.
            DROP | Compute 48+7. | El problema pide la suma de los dos números. Primero sumamos las unidades, después las decenas.
            DROP | Calculate (50-2)+7. | Wir sollen die beiden Zahlen addieren. Zuerst addieren wir die Einer, dann die Zehner.
            DROP | Evaluate $48+7$. | Il faut additionner les deux nombres. D'abord nous additionnons les unités, ensuite les dizaines.
            DROP | Find $48+7$. | Dobbiamo sommare i due numeri. Prima sommiamo le unità, poi le decine.
            DROP | Solve $x=48+7$. | Mamy dodać dwie liczby. Najpierw dodajemy jedności, potem dziesiątki.
            DROP | Simplify $48+7$. | Kita harus menjumlahkan dua bilangan itu. Pertama kita jumlahkan satuan, lalu puluhan.
            KEEP | Calcula $48+7$. | Primero sumamos las unidades, después las decenas, y entonces el resultado es 55.
            DROP | Calcula $48+7$. | First we add the ones, then the tens, and therefore the result is 55.
            KEEP | Find $48+7$. | Vi skal lægge tallene sammen. Først enere, derefter tiere, og svaret er 55.
            """)
    void theQuestionSetsTheLanguage(String expected, String question, String reasoning) {
        Verdict verdict = LanguageConsistency.STANDARD.check(Traces.asked(question, reasoning));
        assertThat(verdict.outcome() == Outcome.FAIL).as(verdict.reason()).isEqualTo(expected.equals("DROP"));
    }

    /** A question without a word says no language. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DROP | Primero sumamos las unidades, después las decenas, y entonces tenemos 55. | The answer is \\boxed{55}.
            DROP | 先把个位相加，再把十位相加，得到五十五。 | Therefore the answer is \\boxed{55}, as we wanted to find.
            DROP | First we add the ones, then the tens, and this gives 55. | 所以答案是 55。
            DROP | First we add the ones, then the tens, and this gives 55. | Por lo tanto, la respuesta es \\boxed{55}.
            KEEP | Primero sumamos las unidades, después las decenas, y entonces tenemos 55. | Por lo tanto, la respuesta es 55.
            KEEP | First we add the ones, then the tens, and this gives 55. | The answer is \\boxed{55}.
            KEEP | 先把个位相加，再把十位相加，得到五十五。 | 所以答案是 55。
            """)
    void reasoningAndAnswerAgreeWhereTheQuestionSaysNoLanguage(String expected, String reasoning, String answer) {
        Verdict verdict = LanguageConsistency.STANDARD.check(Traces.trace("48+7=?", reasoning, answer, "55"));
        assertThat(verdict.outcome() == Outcome.FAIL).as(verdict.reason()).isEqualTo(expected.equals("DROP"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"자", "答", "так", "نعم", "はい", "न"})
    void oneWordInAnotherScriptIsEnough(String word) {
        drops(LanguageConsistency.STANDARD, HONEST + " " + word + ", that is all.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8 | Wait, let me check again.
            4 | Hmm, maybe I should look at the problem from the beginning and count once more.
            5 | So x = 5, and 7 * 5 + 15 = 50, which is not 99, so x is not 5.
            20 | the
            8 | so 12 + 5 = 17,
            12 | 3 + 4 = 7, write 7, carry 0.
            10 | But then 3 is wrong. Or 4 is wrong.
            30 | 1 2 3 4 5 6 7 8 9 10 11 12
            """)
    void loopsAreDropped(int times, String span) {
        drops(Repetition.STANDARD, HONEST + " " + (span + " ").repeat(times));
        drops(Repetition.STANDARD, HONEST + " " + "\uD83D\uDE00".repeat(60));
        drops(Repetition.STANDARD, (span + "\n").repeat(times) + HONEST);
    }

    @Test
    void aParagraphThatComesBackAgainAndAgainIsDropped() {
        String paragraph = "Let me think about the loaves again, because the baker sells some on Monday and some on"
                + " Tuesday, and I want to be very sure that nothing is counted twice here.\n";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            text.append(paragraph)
                    .append("Step ")
                    .append(i)
                    .append(" gives ")
                    .append(48 + i)
                    .append(".\n");
        }
        drops(Repetition.STANDARD, text.toString());
    }

    @Test
    void structuredWorkingIsKept() {
        keeps(Repetition.STANDARD, HONEST);
        keeps(Repetition.STANDARD, HONEST + " " + "\uD83D\uDE00".repeat(5));
        keeps(Repetition.STANDARD, Traces.additionByDigits("1000000", "2000000"));
        keeps(Repetition.STANDARD, Traces.additionByDigits("987654321987", "123456789123"));
        keeps(Repetition.STANDARD, Traces.additionByDigits("5555555", "5555555"));
        keeps(Repetition.STANDARD, "10 divided by 3 is 3, remainder 1. ".repeat(4) + "So 1/3 = 0.333...");
        keeps(Repetition.STANDARD, "1/3 = 0." + "3".repeat(200) + " and 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 = 8");
        keeps(
                Repetition.STANDARD,
                "Is 7 prime? Yes. Is 8 prime? No. Is 9 prime? No. Is 10 prime? No. Is 11 prime? Yes.");
        StringBuilder table = new StringBuilder();
        for (int i = 1; i <= 40; i++) {
            table.append("7 times ").append(i).append(" is ").append(7 * i).append(", which is less than 300.\n");
        }
        keeps(Repetition.STANDARD, table.toString());
    }

    @Test
    void honestWorkingWithRandomNumbersIsKept() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String a = Long.toString(random.nextLong(1_000_000_000L));
            String b = Long.toString(random.nextLong(1_000_000L));
            Verdict verdict = Repetition.STANDARD.check(Traces.reasoning(Traces.additionByDigits(a, b)));
            assertThat(verdict.outcome())
                    .as("%s + %s, seed %d: %s", a, b, seed, verdict)
                    .isEqualTo(Outcome.PASS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Half of 48 is \uFFFD\uFFFD, so 72.",
                "Half of 48\u0000 is 24.",
                "It\u00e2\u20ac\u2122s 24, and that\u00e2\u20ac\u2122s half.",
                "El n\u00c3\u00bamero es caf\u00c3\u00a9.",
                "Half is 24.<|im_end|> So 72.",
                "xqzv kjwq pfgh zzkq vbxj qwrtp mnbvc xzlkj hgfds qpwmz nvxcq jkzwp rtqpx bvzmn",
                "x#9kQ@ z&vB!7? Lp$3~w q@W#e4 M%k8^& t#R5@q 9v&B!x kQ#7@z w~L$3p e4@W#q 8^%kM& R5#t@q Zx?&1",
            })
    void unreadableTextIsDropped(String text) {
        drops(Readability.STANDARD, HONEST + " " + text);
    }

    @Test
    void absurdLengthsAreDropped() {
        drops(Readability.STANDARD, "word ".repeat(2_000));
        drops(Readability.STANDARD, "a".repeat(60));
        drops(Readability.STANDARD, "a1".repeat(1_000));
        keeps(Readability.STANDARD, "word word\n".repeat(2_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\[\\frac{-b \\pm \\sqrt{b^2-4ac}}{2a} = \\left\\{\\begin{array}{cl} ax+3, & x>2 \\\\ x-5 & x\\le2\\end{array}\\right.\\]",
                "3×½ = 1½, 5·4 = 20, 90° = π/2, ∠ABC ≅ ∠DEF, x² + y² ≤ z², a → b ⇒ c.",
                "Größe, Übung, être, où, garçon, niño, São Paulo, żółć: that is fine — “quoted” … text.",
                "(2x+3)(x-5)=2x^2-7x-15, f(x)=3x+1, A_1B_1C_1, P(A|B)=0.25, $12.50, 50%, #3, item_7.",
                "[asy] draw((0,0)--(4,0)--(4,3)--cycle); label(\"$A$\",(0,0),SW); [/asy]",
                "小红有 24 个苹果，所以一共有 48 + 24 = 72 个。",
            })
    void formulasAndOtherLanguagesAreReadable(String text) {
        keeps(Readability.STANDARD, text + "\n" + HONEST);
    }

    @Test
    void digitsStepByStepAreReadable() {
        keeps(Readability.STANDARD, Traces.additionByDigits("98765432109876", "12345678901234"));
    }
}
