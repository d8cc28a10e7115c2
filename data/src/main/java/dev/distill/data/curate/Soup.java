package dev.distill.data.curate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells random characters from language and formulas, stretch by stretch, so that a short outburst is found too. */
final class Soup {
    /** Pairs of letters in words, outside formulas, in one stretch. */
    static final int WINDOW = 40;

    /** Words in one stretch. */
    private static final int WORDS = 12;

    private static final String FORMULA = "+-−*/=^_\\{}()[]|<>≤≥≠×÷·.,:;$%!'’\"“”°√π∞&~–—?→⇒";

    private Soup() {}

    static @Nullable String fault(String text, double maxUnusual, double maxSoup) {
        double unusual = mostUnusual(text);
        if (unusual > maxUnusual) {
            return String.format(Locale.ROOT, "letters without sense, %.0f %% unusual pairs", 100 * unusual);
        }
        double soup = mostSoup(text);
        return soup > maxSoup ? String.format(Locale.ROOT, "%.0f %% of words mix signs at random", 100 * soup) : null;
    }

    /** The largest share of pairs of letters that no language has, in any stretch of {@link #WINDOW} pairs. */
    private static double mostUnusual(String text) {
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

    /** The largest share of soup in any {@link #WORDS} words that follow one another. */
    private static double mostSoup(String text) {
        String[] words = text.strip().split("\\s+");
        int soup = 0;
        double most = 0;
        for (int i = 0; i < words.length; i++) {
            soup += isSoup(words[i]) ? 1 : 0;
            soup -= i >= WORDS && isSoup(words[i - WORDS]) ? 1 : 0;
            if (i >= WORDS - 1) {
                most = Math.max(most, (double) soup / WORDS);
            }
        }
        return most;
    }

    /** A word with signs inside that neither language nor formulas have, or that jumps between kinds of characters. */
    private static boolean isSoup(String word) {
        if (word.length() < 4 || word.length() > 200 || word.indexOf('\\') >= 0 || word.contains("://")) {
            return false;
        }
        int strange = 0;
        int jumps = 0;
        boolean formula = false;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            formula |= "=^_(){}[]".indexOf(c) >= 0;
            boolean plain = Character.isLetterOrDigit(c) || c >= 0x80 || FORMULA.indexOf(c) >= 0;
            strange += plain ? 0 : 1;
            jumps += i > 0 && kind(c) != kind(word.charAt(i - 1)) ? 1 : 0;
        }
        return strange >= 2 || (strange == 1 && jumps >= 3) || (!formula && jumps >= 4 && hasLettersAndDigits(word));
    }

    private static boolean hasLettersAndDigits(String word) {
        long lower = word.chars().filter(Character::isLowerCase).count();
        long upper = word.chars().filter(Character::isUpperCase).count();
        long digits = word.chars().filter(Character::isDigit).count();
        return lower > 0 && upper > 0 && lower + upper >= 3 && (digits > 0 || lower + upper >= 6);
    }

    /** Lower case, upper case, digit, or sign. */
    private static int kind(char c) {
        return Character.isLowerCase(c) ? 0 : Character.isUpperCase(c) ? 1 : Character.isDigit(c) ? 2 : 3;
    }
}
