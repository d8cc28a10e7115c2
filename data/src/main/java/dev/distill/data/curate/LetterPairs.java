package dev.distill.data.curate;

/** Tells letters without sense from words of any language by pairs of letters that none of them has. */
final class LetterPairs {
    /** Pairs of letters in words, outside formulas, in one stretch. */
    static final int WINDOW = 40;

    private LetterPairs() {}

    /** The largest share of pairs of letters that no language has, in any stretch of {@link #WINDOW} pairs. */
    static double mostUnusual(String text) {
        double most = 0;
        int pairs = 0;
        int unusual = 0;
        for (int i = 1; i < text.length(); i++) {
            char first = Character.toLowerCase(text.charAt(i - 1));
            char second = Character.toLowerCase(text.charAt(i));
            if (first == '\\') {
                i = endOfCommand(text, i);
            } else if (Language.isPlain(first)
                    && Language.isPlain(second)
                    && isInWord(text, i)
                    && !(Character.isUpperCase(text.charAt(i - 1)) && Character.isUpperCase(text.charAt(i)))) {
                pairs++;
                unusual += Language.isUsual(first, second) ? 0 : 1;
                if (pairs == WINDOW) {
                    most = Math.max(most, (double) unusual / pairs);
                    pairs = 0;
                    unusual = 0;
                }
            }
        }
        return most;
    }

    /** Whether the pair that ends here is part of a run of at least four letters: ab, xyz and ABC are formulas. */
    private static boolean isInWord(String text, int end) {
        int from = end - 1;
        while (from > end - 4 && from > 0 && isLatin(text.charAt(from - 1))) {
            from--;
        }
        int to = end + 1;
        while (to < end + 4 && to < text.length() && isLatin(text.charAt(to))) {
            to++;
        }
        return to - from >= 4;
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 'À' && c <= 'ɏ' && c != '×' && c != '÷');
    }

    private static int endOfCommand(String text, int start) {
        int at = start;
        while (at < text.length() && isLatin(text.charAt(at))) {
            at++;
        }
        return Math.max(at, start);
    }
}
