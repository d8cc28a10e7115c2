package dev.distill.data.curate;

/** Tells letters without sense from words of any language by pairs of letters that none of them has. */
final class LetterPairs {
    /** Pairs of letters in words, outside formulas, in one stretch. */
    static final int WINDOW = 40;

    /** Shorter runs of letters, ab, xyz and ABC, are formulas. */
    private static final int WORD = 4;

    private LetterPairs() {}

    /** The largest share of pairs of letters that no language has, in any stretch of {@link #WINDOW} pairs. */
    static double mostUnusual(char[] text) {
        double most = 0;
        int pairs = 0;
        int unusual = 0;
        for (int start = 0; start < text.length; ) {
            if (!isLatin(text[start])) {
                start++;
                continue;
            }
            int end = start + 1;
            while (end < text.length && isLatin(text[end])) {
                end++;
            }
            boolean command = start > 0 && text[start - 1] == '\\';
            for (int i = start + 1; i < end && end - start >= WORD && !command; i++) {
                char first = lower(text[i - 1]);
                char second = lower(text[i]);
                boolean capitals = text[i - 1] != first && text[i] != second;
                if (Language.isPlain(first) && Language.isPlain(second) && !capitals) {
                    pairs++;
                    unusual += Language.isUsual(first, second) ? 0 : 1;
                    if (pairs == WINDOW) {
                        most = Math.max(most, (double) unusual / pairs);
                        pairs = 0;
                        unusual = 0;
                    }
                }
            }
            start = end;
        }
        return most;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 'À' && c <= 'ɏ' && c != '×' && c != '÷');
    }
}
