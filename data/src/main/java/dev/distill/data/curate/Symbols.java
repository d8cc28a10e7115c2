package dev.distill.data.curate;

/** Which characters beyond ASCII a text about anything may hold, besides letters of all scripts. */
final class Symbols {
    /** First and last of each range: punctuation, mathematics, boxes and shapes, ticks, full-width forms. */
    private static final int[] USUAL = {
        0x00A0, 0x00BF, // signs of Latin-1
        0x00D7, 0x00D7,
        0x00F7, 0x00F7,
        0x02B9, 0x02DD, // primes and accents that stand alone
        0x2000, 0x206F, // punctuation
        0x2070, 0x20CF, // superscripts, subscripts, currencies
        0x2100, 0x23FF, // letter-like, fractions, arrows, mathematics, technical
        0x2460, 0x257F, // circled numbers, boxes
        0x25A0, 0x25FF, // shapes
        0x2605, 0x2606,
        0x2610, 0x2612,
        0x2640, 0x2642,
        0x2660, 0x2667, // suits
        0x2680, 0x2685, // dice
        0x2705, 0x2705,
        0x2713, 0x2718, // ticks and crosses
        0x274C, 0x274C,
        0x2776, 0x2793, // circled numbers
        0x27C0, 0x2AFF, // more arrows and mathematics
        0x3000, 0x303F, // Chinese and Japanese punctuation
        0xFE0E, 0xFE0F, // how an emoji is shown
        0xFE30, 0xFE4F,
        0xFF00, 0xFFEF, // full-width forms
    };

    private Symbols() {}

    /** Whether the character here is a symbol that working out a problem has no use for, or an accent on an accent. */
    static boolean isOdd(char[] text, int at) {
        int c = text[at];
        if (Character.isSurrogate((char) c)) {
            return Character.isHighSurrogate((char) c) && !isLetterOrDigit(Character.codePointAt(text, at));
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return at > 0 && isAccent(c) && isAccent(text[at - 1]);
        }
        if (isLetterOrDigit(c) || type == Character.COMBINING_SPACING_MARK) {
            return false;
        }
        for (int i = 0; i < USUAL.length; i += 2) {
            if (c >= USUAL[i] && c <= USUAL[i + 1]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(int c) {
        return Character.isLetterOrDigit(c) || Character.getType(c) == Character.OTHER_NUMBER;
    }

    /** An accent of Latin letters; those of other scripts may well stand in pairs. */
    private static boolean isAccent(int c) {
        return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1DC0 && c <= 0x20FF);
    }
}
