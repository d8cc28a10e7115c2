package dev.distill.train.teach;

import dev.distill.data.tokenize.Tokenizer;
import java.util.Arrays;

/**
 * Tokens of a text, and between which of its characters each lies. A token that begins or ends inside a character has no such place.
 *
 * @param ends where in the text each token ends; {@link #INSIDE} where it ends inside a character
 */
record TokenText(int[] ids, int[] ends) {
    /** In the place of a position that lies inside a character. */
    static final int INSIDE = -1;

    private static final String BROKEN = "\uFFFD";

    /** The ids, whose texts in their order are the whole. */
    static TokenText of(int[] ids, Tokenizer tokenizer) {
        return of(ids, tokenizer, false);
    }

    /** @param withoutSpecial whether special tokens are written as nothing, and take no characters */
    static TokenText of(int[] ids, Tokenizer tokenizer, boolean withoutSpecial) {
        int[] ends = new int[ids.length];
        int end = 0; // of whole characters
        int open = 0; // tokens that together are not yet one
        for (int i = 0; i < ids.length; i++) {
            open++;
            int[] last = Arrays.copyOfRange(ids, i + 1 - open, i + 1);
            String text = tokenizer.decode(last, withoutSpecial);
            if (text.contains(BROKEN)) {
                ends[i] = INSIDE;
            } else {
                end += text.length();
                ends[i] = end;
                open = 0;
            }
        }
        return new TokenText(ids, ends);
    }

    /** Where the token begins. */
    int start(int token) {
        return token == 0 ? 0 : ends[token - 1];
    }

    int length() {
        return ids.length;
    }
}
