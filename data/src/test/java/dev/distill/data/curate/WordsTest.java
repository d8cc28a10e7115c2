package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    private static final String[] PIECES = {
        "The",
        "a",
        "x",
        "don't",
        "rock’n’roll",
        "1,000",
        "3.50",
        "3.",
        "7",
        "-",
        "−",
        "–",
        "\\frac",
        "\\dfrac{",
        "\\times",
        "\\left(",
        "\\",
        "\\\\",
        "(",
        ")",
        "[",
        "]",
        "*",
        "**",
        "×",
        "·",
        "÷",
        "≤",
        ",",
        ".",
        "。",
        "\n",
        " ",
        "数",
        "ラ",
        "ก",
        "é",
        "e\u0301",
        "İ",
        "ﬁ",
        "½",
        "x²",
        "𝟙",
        "\uD804\uDC66",
        "٣",
        "^",
        "=",
        "%",
        "\uD800",
        "😀",
        "is-it",
        "--",
        "Ⅷ",
        "ß",
        "'"
    };

    private static String random(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextInt(3) == 0 ? " " : "");
        }
        return text.toString();
    }

    private static List<String> list(Words words) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            list.add(words.get(i));
        }
        return list;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
            7x + 15 = 99 ~ 7 x + 15 = 99
            Don't STOP, it’s ＡＢＣ ~ dont stop its abc
            $\\dfrac{1}{2}\\times\\left(3\\cdot4\\right)$ ~ \\frac 1 2 * 3 * 4
            1,000 and 1,00 and 3.50. ~ 1000 and 1 00 and 3.50
            a well-known −5 and 3–4 and **bold** 2*3 ~ a well known - 5 and 3 - 4 and bold 2 * 3
            6×7÷2 ≤ 21 ~ 6 * 7 / 2 ≤ 21
            三个苹果 three ~ 三 个 苹 果 three
            """)
    void foldsWhatDoesNotTellTextsApart(String text, String words) {
        assertThat(String.join(" ", list(Words.of(text)))).isEqualTo(words);
    }

    /** What is compared is hashes; what is shown is spelled anew. Both must be the same word. */
    @Test
    void theHashOfAWordIsThatOfItsSpelling() {
        long seed = 17;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = random(random);
            Words words = Words.of(text);
            for (int w = 0; w < words.size(); w++) {
                String word = words.get(w);
                assertThat(words.hash(w))
                        .as("\"%s\" of \"%s\", seed %d", word, text, seed)
                        .isEqualTo(Spelling.hash(word));
                assertThat(words.isNumber(w)).isEqualTo(Character.isDigit(word.codePointAt(0)));
                assertThat(words.isSymbol(w))
                        .isEqualTo(
                                word.length() == 1 ? !word.equals("a") : words.isNumber(w) || word.charAt(0) == '\\');
            }
            assertThat(list(Words.of(Normalizer.normalize(Raised.written(text), Normalizer.Form.NFKC))))
                    .isEqualTo(list(words));
        }
    }

    @Test
    void gramsAreEqualWhereTheirWordsAre() {
        long seed = 18;
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Words words = Words.of(random(random) + " and " + random(random));
            int n = 1 + random.nextInt(6);
            long[] grams = words.grams(n);
            assertThat(grams).hasSize(words.size() == 0 ? 0 : Math.max(1, words.size() - n + 1));
            for (int a = 0; a < grams.length; a++) {
                for (int b = 0; b < a; b++) {
                    int length = Math.min(n, words.size());
                    boolean same = list(words)
                            .subList(a, a + length)
                            .equals(list(words).subList(b, b + length));
                    assertThat(grams[a] == grams[b]).as("seed %d", seed).isEqualTo(same);
                }
            }
        }
    }

    @Test
    void aTextShorterThanAGramIsOne() {
        assertThat(Words.of("two words").grams(8))
                .containsExactly(Words.of("Two words!").key());
        assertThat(Words.of("").grams(8)).isEmpty();
    }

    /** A digit that takes two chars was no end of a word once, so that reading it never ended. */
    @Test
    @Timeout(10)
    void digitsBeyondTheBasicPlaneAreNumbers() {
        Words words = Words.of("a \uD804\uDC66\uD804\uDC67 b");
        assertThat(list(words)).containsExactly("a", "\uD804\uDC66\uD804\uDC67", "b");
        assertThat(words.isNumber(1)).isTrue();
    }

    @Test
    void bracketsAreCountedBetweenWords() {
        Words words = Words.of("a (b + [c]) d \\( e");
        assertThat(list(words)).containsExactly("a", "b", "+", "c", "d", "e");
        assertThat(words.opened(0, 1)).isEqualTo(1);
        assertThat(words.opened(0, 3)).isEqualTo(2);
        assertThat(words.opened(0, 5)).isZero();
    }

    @Test
    void whatTwoSequencesShare() {
        long[] a = Words.of("one two three four five").hashes();
        long[] b = Words.of("two one three five five").hashes();
        assertThat(Sequences.common(a, b)).isEqualTo(3);
        assertThat(Sequences.shared(a, b)).isEqualTo(4);
        assertThat(Sequences.common(a, new long[0])).isZero();
        assertThat(Arrays.stream(a).distinct()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({
        "10² + 5³, 10^2 + 5^3",
        "x⁻¹², x^-12",
        "2¹⁰ ways, 2^10 ways",
        "3½ cups, 3 ½ cups",
        "a₁ and a₁₂, a 1 and a 12",
    })
    void whatIsRaisedStaysApart(String text, String plain) {
        assertThat(Words.of(text).hashes()).isEqualTo(Words.of(plain).hashes());
    }

    @Test
    void aPowerAndAFactorHaveOtherNumbers() {
        assertThat(Words.of("5² apples").numbersKey())
                .isNotEqualTo(Words.of("52 apples").numbersKey());
    }

    @Test
    void whatIsCutIsNotCutThroughACharacter() {
        Words words = Words.of("a".repeat(76) + "\uD801\uDC28".repeat(9)); // a letter of two characters
        String brief = words.brief(0, words.size(), 80);
        assertThat(java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(brief))
                .isTrue();
        assertThat(brief).endsWith("...");
    }

    /** The table that the length is defined by, cell for cell, against 64 cells at a time. */
    @Test
    void theLongestCommonSubsequenceIsThatOfTheWholeTable() {
        long seed = 19;
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            int different = 1 + random.nextInt(60);
            long[] a = hashes(random, random.nextInt(i % 10 == 0 ? 400 : 90), different);
            long[] b = hashes(random, random.nextInt(i % 10 == 0 ? 400 : 90), different);
            int[][] table = new int[a.length + 1][b.length + 1];
            for (int x = 1; x <= a.length; x++) {
                for (int y = 1; y <= b.length; y++) {
                    table[x][y] =
                            a[x - 1] == b[y - 1] ? table[x - 1][y - 1] + 1 : Math.max(table[x - 1][y], table[x][y - 1]);
                }
            }
            assertThat(Sequences.common(a, b))
                    .as("%d and %d of %d, seed %d", a.length, b.length, different, seed)
                    .isEqualTo(table[a.length][b.length]);
        }
    }

    private static long[] hashes(Random random, int count, int different) {
        return random.ints(count, 0, different).mapToLong(Words::mixed).toArray();
    }

    @Test
    void theLongestNumberIsTheOneThatIsSpelledLongest() {
        long seed = 20;
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String text = random(random);
            Words words = Words.of(text);
            int longest = 0;
            for (int w = 0; w < words.size(); w++) {
                assertThat(words.isLongNumber(w))
                        .isEqualTo(words.isNumber(w) && words.get(w).length() > 1);
                longest = words.isNumber(w) ? Math.max(longest, words.get(w).length()) : longest;
            }
            assertThat(words.longestNumber()).as("\"%s\", seed %d", text, seed).isEqualTo(longest);
        }
    }
}
