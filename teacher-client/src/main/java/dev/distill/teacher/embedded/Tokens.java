package dev.distill.teacher.embedded;

/**
 * How this teacher counts tokens: up to four ASCII letters are one, anything else one each, white space goes with what
 * follows. Close to what byte-pair tokenizers give for such text, and the same everywhere.
 */
final class Tokens {
    private static final int LETTERS = 4;

    private Tokens() {}

    static int count(String text) {
        int tokens = 0;
        for (int at = 0; at < text.length(); at = end(text, at)) {
            tokens++;
        }
        return tokens;
    }

    /** The first {@code limit} tokens of the text. */
    static String first(String text, int limit) {
        int at = 0;
        for (int i = 0; i < limit && at < text.length(); i++) {
            at = end(text, at);
        }
        return text.substring(0, at);
    }

    /** Where the token that begins at {@code start} ends. */
    private static int end(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        if (at == text.length()) {
            return at;
        }
        int letters = 0;
        while (at < text.length() && letters < LETTERS && isLetter(text.charAt(at))) {
            at++;
            letters++;
        }
        return letters > 0 ? at : at + Character.charCount(text.codePointAt(at));
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
