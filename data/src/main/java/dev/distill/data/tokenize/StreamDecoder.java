package dev.distill.data.tokenize;

import java.util.Arrays;

/**
 * Turns token ids into text while they arrive, one by one. A token may end in the middle of a character; its bytes are
 * held back until the next tokens complete it, so that no piece holds half a character. All pieces together are exactly
 * {@link Tokenizer#decode} of all ids.
 *
 * <p>For one stream and one thread.
 */
public final class StreamDecoder {
    private static final char REPLACEMENT = '\uFFFD';
    /** From this many undecided tokens on, look for a place to cut, so that garbage does not cost quadratic time. */
    private static final int LONG_WINDOW = 16;

    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    /**
     * The last ids. Their text begins with {@code given} characters that were handed out: decoders look at the token
     * before (SentencePiece drops the space of the first word), so one settled token stays as context.
     */
    private int[] window = {};

    private int given;

    public StreamDecoder(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
    }

    /** The text that this id completes; empty where it ends inside a character. */
    public String add(int id) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = id;
        String text = text(window);
        // Only the last character can change with what follows: one cut-off sequence of bytes gives one U+FFFD.
        boolean open = !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
        int end = Math.max(given, open ? text.length() - 1 : text.length());
        String piece = text.substring(given, end);
        given = end;
        if (!open && !piece.isEmpty()) {
            window = new int[] {id};
            given = text(window).length();
        } else if (window.length > LONG_WINDOW) {
            cut(text);
        }
        return piece;
    }

    /** What is still held back: at the end of the stream, bytes that are no character. */
    public String finish() {
        String rest = text(window).substring(given);
        window = new int[0];
        given = 0;
        return rest;
    }

    /** Drops the front of the window at a place where the text of both parts is the text of the whole. */
    private void cut(String text) {
        for (int at = window.length - 1; at > 0; at--) {
            String front = text(Arrays.copyOf(window, at));
            int[] back = Arrays.copyOfRange(window, at, window.length);
            if (front.length() <= given && text.equals(front + text(back))) {
                window = back;
                given -= front.length();
                return;
            }
        }
    }

    private String text(int[] ids) {
        return ids.length == 0 ? "" : tokenizer.decode(ids, skipSpecialTokens);
    }
}
