package dev.distill.data.curate;

import java.text.Normalizer;
import java.util.BitSet;

/**
 * Unicode's form NFKC ({@code ﬁ} as {@code fi}), with what is {@link Raised} set apart, looked up where it changes nothing: nearly every
 * character of nearly every text is in that form, and no other one can change it.
 */
final class NormalForm {
    private NormalForm() {}

    /** Of the first 65,536 characters those that are in the form and join with none before them; see {@link #isSettled}. */
    private static final class Basic {
        static final BitSet SETTLED = new BitSet(1 << 16);

        static {
            for (int c = 0; c < 1 << 16; c++) {
                SETTLED.set(c, isSettledForm((char) c));
            }
        }

        private static boolean isSettledForm(char c) {
            int type = Character.getType(c);
            boolean joins = type == Character.NON_SPACING_MARK
                    || type == Character.COMBINING_SPACING_MARK
                    || type == Character.ENCLOSING_MARK
                    || (c >= 0x1100 && c <= 0x11FF); // vowels and last letters of Korean
            return !joins
                    && !Character.isSurrogate(c)
                    && Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFKC);
        }
    }

    /**
     * A text in this form: the very characters where they are in it already.
     *
     * @param text not to be changed afterwards
     */
    static char[] of(char[] text) {
        int at = unsettled(text, 0);
        if (at == text.length) {
            return text;
        }
        StringBuilder form = new StringBuilder(text.length + 16);
        int done = 0;
        while (at < text.length) {
            int from = Math.max(done, at - 1); // what the first one may join with
            int end = at + 1;
            while (end < text.length && !isSettled(text[end])) {
                end++;
            }
            form.append(text, done, from - done)
                    .append(Normalizer.normalize(
                            Raised.written(new String(text, from, end - from)), Normalizer.Form.NFKC));
            done = end;
            at = unsettled(text, end);
        }
        form.append(text, done, text.length - done);
        char[] chars = new char[form.length()];
        form.getChars(0, chars.length, chars, 0);
        return chars;
    }

    private static int unsettled(char[] text, int from) {
        int at = from;
        while (at < text.length && isSettled(text[at])) {
            at++;
        }
        return at;
    }

    /** Whether what stands before this character and what it begins are in the form, together, if each of them is. */
    private static boolean isSettled(char c) {
        return c < 128 || Basic.SETTLED.get(c);
    }
}
