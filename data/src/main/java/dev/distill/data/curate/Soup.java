package dev.distill.data.curate;

import java.util.HashSet;
import java.util.Set;

/**
 * Tells random characters from language and formulas. Each word that no text has (signs inside it, letters and digits at
 * random, cAsE aT rAnDoM, symbols of no use) adds to a sum, more if it is long; each honest word takes from it, so that an
 * outburst is found in a text of any length and single odd words are not.
 */
final class Soup {
    /** What an odd word adds; and again for each so many characters of it. */
    private static final double ODD = 3;

    private static final int LENGTH = 12;

    /** What a word that may be a formula takes away; an honest word takes 1. */
    private static final double FORMULA_WORD = -0.25;

    /** Single letters in a row, t h e s u m, that are no list of variables or of answers. */
    private static final int SPACED = 8;

    private static final int SPACED_DISTINCT = 6;

    private static final String FORMULA = "+-−*/=^_\\{}()[]|<>≤≥≠×÷·.,:;$%!'’\"“”°√π∞&~–—?→⇒`";
    private static final String OPERATORS = "+-−*/=^_(){}[]<>|$%.:,";

    /** Signs that stand beside any other: brackets, quotes, markup. */
    private static final String LOOSE = "()[]{}$\\|\"'*_`&";

    /** Signs that may end a word, but hardly stand inside one; and what each one there adds. */
    private static final String INNER = "#@~`\";?!&%$";

    private static final double INNER_SIGN = 1.5;

    private static final double INNER_CAPITAL = 0.75;

    /** Other signs that stand side by side, besides a sign and itself. */
    private static final String SIDE_BY_SIDE =
            " -> => <= >= != ?! !? %, %. %; %? %: ., .: .; !. !, ?, ?. :- =- +- -+ -. =. #. /. ./ ~- <- ,- -, :/ /- -/ ,. =# +. <. >. =? =< >- <- +< *< ";

    private static final int ASCII = 128;

    /** What each character of ASCII is; looking it up in the strings above would take most of the time. */
    private static final byte[] KINDS = new byte[ASCII];

    private static final boolean[] OF_FORMULA = table(FORMULA);
    private static final boolean[] OPERATOR = table(OPERATORS);
    private static final boolean[] INSIDE = table(INNER);

    /** By first and second sign, which of ASCII's stand side by side. */
    private static final boolean[] USUAL = new boolean[ASCII * ASCII];

    static {
        for (char first = 0; first < ASCII; first++) {
            KINDS[first] = (byte) kindOfAny(first);
            for (char second = 0; second < ASCII; second++) {
                USUAL[first * ASCII + second] = first == second
                        || LOOSE.indexOf(first) >= 0
                        || LOOSE.indexOf(second) >= 0
                        || SIDE_BY_SIDE.contains(" " + first + second + " ");
            }
        }
    }

    private Soup() {}

    private static boolean[] table(String signs) {
        boolean[] table = new boolean[ASCII];
        for (char c : signs.toCharArray()) {
            if (c < ASCII) {
                table[c] = true;
            }
        }
        return table;
    }

    /**
     * How much a text's worst stretch adds up to: 3 a short odd word, and again for each 12 characters of it.
     *
     * @param text its formulas are blank afterwards
     */
    static double most(char[] text) {
        LatexFormulas.blank(text);
        double sum = 0;
        double most = 0;
        int spaced = 0;
        Set<String> seen = new HashSet<>();
        for (int at = 0; at < text.length; ) {
            if (Character.isWhitespace(text[at])) {
                at++;
                continue;
            }
            int end = at;
            boolean unspaced = isUnspaced(text[at]);
            while (end < text.length && !Character.isWhitespace(text[end]) && isUnspaced(text[end]) == unspaced) {
                end++;
            }
            spaced = end - at == 1 && Character.isLetter(text[at]) ? spaced + 1 : 0;
            if (spaced >= SPACED && isSpacedText(text, at, spaced)) {
                return Double.POSITIVE_INFINITY;
            }
            double says = isWord(text, at, end) ? -1 : weight(text, at, end);
            boolean again = says > 0 && !seen.add(new String(text, at, end - at));
            sum = Math.max(0, sum + (again ? 0 : says));
            most = Math.max(most, sum);
            at = end;
        }
        return most;
    }

    /** Chinese and Japanese have no spaces: what stands between their characters is a word of its own. */
    private static boolean isUnspaced(char c) {
        return c >= 0x2E80 && (Scripts.isUnspaced(c) || c <= 0x303F || c >= 0xFF00);
    }

    /** Whether the single letters that end here differ and do not just go through the alphabet. */
    private static boolean isSpacedText(char[] text, int last, int count) {
        int distinct = 0;
        int backwards = 0;
        char after = 0;
        for (int at = last, left = count; left > 0; at--) {
            char c = text[at];
            if (!Character.isWhitespace(c)) {
                distinct |= Character.toLowerCase(c) < 128 ? 1 << (Character.toLowerCase(c) & 31) : 0;
                backwards += after != 0 && c > after ? 1 : 0;
                after = c;
                left--;
            }
        }
        return Integer.bitCount(distinct) >= SPACED_DISTINCT && backwards >= 2;
    }

    /** Small letters or digits alone, perhaps with a capital before and punctuation behind them: nearly every word. */
    private static boolean isWord(char[] text, int from, int to) {
        int last = to - from > 2 && ".,:;!?)".indexOf(text[to - 1]) >= 0 ? to - 1 : to;
        boolean digits = text[from] >= '0' && text[from] <= '9';
        for (int i = from + 1; i < last; i++) {
            char c = text[i];
            if (digits ? c < '0' || c > '9' : c < 'a' || c > 'z') {
                return false;
            }
        }
        char first = text[from];
        return digits || (last - from > 1 && (Language.isPlain(first) || (first >= 'A' && first <= 'Z')));
    }

    /** What one word adds or takes. */
    private static double weight(char[] text, int from, int to) {
        int odd = 0;
        for (int i = from; i < to; i++) {
            odd += text[i] >= 0x80 && Symbols.isOdd(text, i) ? 1 : 0;
        }
        if (odd >= 3 || odd == to - from) {
            return ODD / 2 + odd;
        }
        if (isOdd(text, from, to)) {
            return ODD * (1 + (to - from) / LENGTH);
        }
        double inner = inner(text, from, to);
        return inner > 0 ? inner : isPlain(text, from, to) ? -1 : FORMULA_WORD;
    }

    /** What signs, brackets and capitals inside a word add that hardly stand there. */
    private static double inner(char[] text, int from, int to) {
        double inner = 0;
        int open = 0;
        for (int i = from; i < to - 1; i++) {
            char c = text[i];
            int next = kind(text[i + 1]);
            open += c == '(' || c == '[' || c == '{' ? 1 : 0;
            boolean closes = c == ')' || c == ']' || c == '}';
            open -= closes ? 1 : 0;
            boolean odd = (i > from && c < ASCII && INSIDE[c]) || (closes && open < 0 && next < 3);
            open = Math.max(0, open);
            inner += odd ? INNER_SIGN : kind(c) == 0 && next == 1 ? INNER_CAPITAL : 0;
        }
        return inner;
    }

    /** A word or a number, perhaps in brackets or with punctuation behind it. */
    private static boolean isPlain(char[] text, int from, int to) {
        for (int i = from + 1; i < to - 1; i++) {
            if (kind(text[i]) == 3) {
                return false;
            }
        }
        return to - from > 1 || Character.isLetterOrDigit(text[from]);
    }

    private static boolean isOdd(char[] text, int from, int to) {
        if (to - from < 2 || to - from > 400) {
            return false;
        }
        int strange = 0;
        int jumps = 0;
        int pairs = 0;
        int lower = 0;
        int upper = 0;
        int digits = 0;
        boolean formula = false;
        for (int i = from; i < to; i++) {
            char c = text[i];
            if ((c == '\\' && i + 2 < to && kind(text[i + 1]) < 2 && kind(text[i + 2]) < 2)
                    || (c == ':' && (i + 2 < text.length && text[i + 1] == '/' && text[i + 2] == '/'))) {
                return false;
            }
            int kind = kind(c);
            lower += kind == 0 ? 1 : 0;
            upper += kind == 1 ? 1 : 0;
            digits += kind == 2 ? 1 : 0;
            formula |= (c < ASCII ? OPERATOR[c] : OPERATORS.indexOf(c) >= 0) && i < to - 1;
            strange += kind < 3 || c >= ASCII || OF_FORMULA[c] ? 0 : 1;
            if (i > from) {
                int before = kind(text[i - 1]);
                jumps += kind == before ? 0 : 1;
                pairs += kind == 3 && before == 3 && !isUsual(text[i - 1], c) ? 1 : 0;
            }
        }
        int letters = lower + upper;
        boolean cases = lower > 0 && upper > 0;
        boolean onlyLetters = letters == to - from;
        return strange >= 2
                || (strange == 1 && jumps >= 3)
                || pairs >= 1
                || (!formula
                        && cases
                        && letters >= 3
                        && jumps >= 4
                        && 9 * jumps >= 4 * (to - from - 1)
                        && (digits > 0 || letters >= 6))
                || (onlyLetters && cases && jumps >= 3 && 2 * jumps >= letters)
                || (onlyLetters && letters <= 3 && Character.isLowerCase(text[from]) && upper > 0);
    }

    private static boolean isUsual(char first, char second) {
        return first >= ASCII || second >= ASCII || USUAL[first * ASCII + second];
    }

    /** Lower case, upper case, digit, or sign. */
    private static int kind(char c) {
        return c < ASCII ? KINDS[c] : kindOfAny(c);
    }

    private static int kindOfAny(char c) {
        return Character.isLowerCase(c) ? 0 : Character.isUpperCase(c) ? 1 : Character.isDigit(c) ? 2 : 3;
    }
}
