package dev.distill.data.tokenize;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.BitSet;

/**
 * Unicode's normal form C as Hugging Face's library has it. Its tables are of Unicode 9 (crate unicode-normalization-alignments
 * 0.1.12), Java's of Unicode 16. Normal forms of old characters never change, so only the newer ones that combine must be left
 * alone, and nothing combines across them. A test compares all code points.
 */
final class ComposedForm {
    /** No character before U+0300 changes or takes part in a change of what stands before it. */
    private static final int FIRST_COMBINING = 0x300;

    /** Characters that combine, or are composed, and are newer than Unicode 9: first and last of each run. */
    private static final int[] NEWER = {
        0x7FD, 0x7FD, 0x897, 0x89F, 0x8CA, 0x8D3, 0x9FE, 0x9FE, 0xC3C, 0xC3C, 0xD3B, 0xD3C, 0xEBA, 0xEBA, 0x1715,
        0x1715, 0x1ABF, 0x1ACE, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C9, 0x105C9, 0x105D2, 0x105D2, 0x105DA, 0x105DA,
        0x105E4, 0x105E4, 0x10D24, 0x10D27, 0x10D69, 0x10D6D, 0x10EAB, 0x10EAC, 0x10EFD, 0x10EFF, 0x10F46, 0x10F50,
        0x10F82, 0x10F85, 0x11070, 0x11070, 0x1133B, 0x1133B, 0x11380, 0x113D0, 0x1145E, 0x1145E, 0x11839, 0x1183A,
        0x11930, 0x11938, 0x1193D, 0x1193E, 0x11943, 0x11943, 0x119E0, 0x119E0, 0x11A34, 0x11A34, 0x11A47, 0x11A47,
        0x11A99, 0x11A99, 0x11D42, 0x11D45, 0x11D97, 0x11D97, 0x11F41, 0x11F42, 0x1611E, 0x1612F, 0x16D63, 0x16D6A,
        0x16FF0, 0x16FF1, 0x1E08F, 0x1E08F, 0x1E130, 0x1E136, 0x1E2AE, 0x1E2AE, 0x1E2EC, 0x1E2EF, 0x1E4EC, 0x1E4EF,
        0x1E5EE, 0x1E5EF
    };

    private static final BitSet INERT = inert();

    private ComposedForm() {}

    private static BitSet inert() {
        BitSet inert = new BitSet();
        for (int i = 0; i < NEWER.length; i += 2) {
            inert.set(NEWER[i], NEWER[i + 1] + 1);
        }
        return inert;
    }

    /** Whether all of this part is in the form for sure, without a closer look. */
    static boolean isPlain(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] >= FIRST_COMBINING) {
                return false;
            }
        }
        return true;
    }

    /** This text in the form; the same object where it is already. It has no lone surrogates. */
    static String of(String text) {
        int at = nextInert(text, 0);
        if (at == text.length()) {
            return composed(text);
        }
        StringBuilder result = new StringBuilder(text.length());
        int begin = 0;
        while (at < text.length()) {
            int behind = at + Character.charCount(text.codePointAt(at));
            result.append(composed(text.substring(begin, at))).append(text, at, behind);
            begin = behind;
            at = nextInert(text, begin);
        }
        return result.append(composed(text.substring(begin))).toString();
    }

    private static String composed(String text) {
        return Normalizer.isNormalized(text, Form.NFC) ? text : Normalizer.normalize(text, Form.NFC);
    }

    private static int nextInert(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (c >= NEWER[0] && INERT.get(c)) {
                return at;
            }
            at += Character.charCount(c);
        }
        return at;
    }
}
