package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick ways to a text's forms give what Java's own ways do. */
class TextFormsTest {
    /** What joins with its neighbours, or is written in several ways: accents, Korean letters, ligatures, digits, halves of pairs. */
    private static final String TRICKY =
            "ae\u0301\u0300\u0327\u0323i\u0307\u0131\u0130\u03A3\u03C3\u03C2\u1100\u1161\u11A8\uAC00\u3131\uFF76\uFF9E\u30AB\u3099\uFB01\u00B2\u00BD\u2026\u00A0"
                    + "\u2460\uFF21\u0928\u093C\u0BC6\u0BBE\u09C7\u09BE\u1025\u102E\u0915\u094D\u212B\u1E9B\u0340\u0344\u037E\u2126\uD835\uDCB3\uD834\uDD5E\uD800\uDC00\uDFFF \n1x'\u2019Z";

    private static String nfkc(String text) {
        return Normalizer.normalize(Raised.written(text), Normalizer.Form.NFKC);
    }

    private static String ours(String text) {
        return new String(NormalForm.of(text.toCharArray()));
    }

    @Test
    void theNormalFormOfEachCharacterBetweenOthersIsThatOfJava() {
        String[] around = {"", "a", "e\u0301", "\uAC00", "\u1100", "\u0928", "\u0BC6", "\u30AB", " ", "\u0338"};
        for (int c = 0; c <= 0xFFFF; c++) {
            for (String before : around) {
                String text = before + (char) c + around[(c + before.length()) % around.length] + "b";
                if (!ours(text).equals(nfkc(text))) {
                    assertThat(ours(text)).as("U+%04X behind \"%s\"", c, before).isEqualTo(nfkc(text));
                }
            }
        }
    }

    @Test
    void theNormalFormOfAnyRowOfThemIsThatOfJava() {
        long seed = 21;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            String text = row(random);
            if (!ours(text).equals(nfkc(text))) {
                assertThat(ours(text)).as("\"%s\", seed %d", text, seed).isEqualTo(nfkc(text));
            }
        }
    }

    @Test
    void aTextInTheFormIsNotCopied() {
        char[] text = "x \u2264 \u03C0, \u00E9t\u00E9 \u2192 \u4E09".toCharArray();
        assertThat(NormalForm.of(text)).isSameAs(text);
    }

    @Test
    void phrasesAreLookedForInLowerCase() {
        long seed = 22;
        Random random = new Random(seed);
        for (int i = 0; i < 1 << 17; i++) {
            String text = i < 1 << 16 ? "A" + (char) i + "B" : row(random);
            String straight = text.replace('\u2019', '\'');
            String lower = straight.toLowerCase(Locale.ROOT);
            PhraseText folded = PhraseText.of(text);
            if (!new String(folded.lower()).equals(lower)) {
                assertThat(new String(folded.lower()))
                        .as("\"%s\", seed %d", text, seed)
                        .isEqualTo(lower);
            }
            assertThat(folded.text()).isEqualTo(lower.length() == straight.length() ? straight : lower);
        }
    }

    private static String row(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(12); length > 0; length--) {
            text.append(TRICKY.charAt(random.nextInt(TRICKY.length())));
        }
        return text.toString();
    }
}
