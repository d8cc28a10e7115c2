package dev.distill.data.tokenize;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Turns token ids into text while they arrive, one by one. A token may end in the middle of a character; its bytes are
 * held back until the next tokens complete it, so that no piece holds half a character. All pieces together are exactly
 * {@link Tokenizer#decode} of all ids, and what they cost grows with their number, not with its square.
 *
 * <p>Two kinds of tokens hold parts of characters. Those of a byte-level BPE hold any bytes; a cut character at the end of
 * a text is one U+FFFD, which the next bytes may change. Those of SentencePiece's byte fallback ({@code <0xE4>}) hold one
 * byte each, and a run of them is text only as a whole: one byte that does not fit makes all of the run U+FFFD. So a run
 * is held back until a token that is no byte ends it.
 *
 * <p>For one stream and one thread.
 */
public final class StreamDecoder {
    private static final char REPLACEMENT = '\uFFFD';
    /** A character has four bytes at most: so many tokens, and the one before them, are not enough to be broken for sure. */
    private static final int BEGINNING_OF_A_CHARACTER = 4;
    /** From this many undecided tokens on, look for a place to cut, so that garbage does not cost quadratic time. */
    private static final int LONG_WINDOW = 16;

    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final BitSet bytes;
    /**
     * The last {@code count} ids. Their text begins with {@code given} characters that were handed out: decoders look at
     * the token before (SentencePiece drops the space of the first word), so one settled token stays as context.
     */
    private int[] window = new int[LONG_WINDOW];

    private int count;
    private int given;

    public StreamDecoder(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        this.bytes = byteTokens(tokenizer);
    }

    /** The ids of the byte fallback; none where the decoder does not put their bytes together. */
    private static BitSet byteTokens(Tokenizer tokenizer) {
        BitSet found = new BitSet();
        for (int b = 0; b < 0x100; b++) {
            tokenizer.id("<0x%02X>".formatted(b)).ifPresent(found::set);
            if (found.isEmpty()) {
                return found; // a byte-level BPE: one question is enough
            }
        }
        int[] letter = {found.nextSetBit(0)};
        return tokenizer.decode(letter, false).startsWith("<0x") ? new BitSet() : found;
    }

    /** The text that this id completes; empty where it ends inside a character. */
    public String add(int id) {
        String alone = text(id);
        if (alone.isEmpty() && text(id, id).isEmpty()) {
            return ""; // left out before the decoder sees it: a special token, or none of the vocabulary
        }
        append(id);
        if (bytes.get(id)) {
            return "";
        }
        String text = text(Arrays.copyOf(window, count));
        // Only the last character can change with what follows: one cut-off sequence of bytes gives one U+FFFD.
        boolean open = bytes.isEmpty() && !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
        int decided = !open ? text.length() : count <= BEGINNING_OF_A_CHARACTER ? given : text.length() - 1;
        int end = Math.max(given, decided);
        String piece = text.substring(given, end);
        given = end;
        if (!open && !piece.isEmpty()) {
            window[0] = id;
            count = 1;
            given = alone.length();
        } else if (count > LONG_WINDOW) {
            cut(text);
        }
        return piece;
    }

    /** What is still held back: at the end of the stream, bytes that are no character. */
    public String finish() {
        String rest = text(Arrays.copyOf(window, count)).substring(given);
        count = 0;
        given = 0;
        return rest;
    }

    private void append(int id) {
        if (count == window.length) {
            window = Arrays.copyOf(window, 2 * count);
        }
        window[count++] = id;
    }

    /** Drops the front of the window at a place where the text of both parts is the text of the whole. */
    private void cut(String text) {
        for (int at = count - 1; at > 0; at--) {
            String front = text(Arrays.copyOf(window, at));
            int[] back = Arrays.copyOfRange(window, at, count);
            if (front.length() <= given && text.equals(front + text(back))) {
                System.arraycopy(back, 0, window, 0, back.length);
                count = back.length;
                given -= front.length();
                return;
            }
        }
    }

    private String text(int... ids) {
        return ids.length == 0 ? "" : tokenizer.decode(ids, skipSpecialTokens);
    }
}
