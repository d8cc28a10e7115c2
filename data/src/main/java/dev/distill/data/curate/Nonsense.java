package dev.distill.data.curate;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells letters without sense from English words: shuffled letters, mashed keys, words without vowels or written
 * backwards; and words without spaces between them. Each word says by how much it is likelier to be random letters than English ({@link Letters}); what
 * neighbouring words say adds up and never falls below nothing, so that an outburst of a few words is found in a text of
 * any length (cumulative sum test, Page 1954). Random letters hold that evidence of s nats by chance with odds of about
 * e^s to 1.
 */
final class Nonsense {
    /** What one word may say at most, in nats: names of people and places are odd too, but seldom three in a row. */
    private static final double MOST = 4;

    /** English words have fewer letters; what has more is several words without spaces, the surer the longer. */
    private static final int GLUED = 22;

    /** What a word without vowels says at least, and one with digits among its letters, more if it is long. */
    private static final double WITHOUT_VOWEL = 2.5;

    private static final double PER_NAT = 8;

    /** w0rd, 48plus24; but not 2nd, 3xy, x12, 3x4, 25cm. */
    private static final Pattern DIGIT_INSIDE =
            Pattern.compile("[a-z]\\d+[a-z]|\\d[a-wyz]\\d|\\d[a-z]{4,}|[a-z]{4,}\\d");

    private static final Set<String> SHORT_FORMS = Set.of(
            "km cm mm dm kg mg ml kl lb lbs ft mph kph hr hrs mr mrs ms dr st nd rd th vs pm tv gcd lcm cdf pdf hmm hm nth kth mth ith jth rhs lhs sqrt ln lg cf pts pcs qt pt tbsp tsp yd sq std str fn ctr wlog xth"
                    .split(" "));

    /** A short word beside one of these is a part of a formula. */
    private static final String OPERATORS = "+-−*/=<>≤≥^$&|()·×÷[]{}_\\";

    /** Fewest words of the languages of {@link Language} that tell what a text is written in. */
    private static final int MIN_KNOWN = 2;

    private Nonsense() {}

    /**
     * The strongest evidence in any stretch of an English text, in nats; 0 where the text is in another language. Words of
     * the question are no evidence.
     */
    static double evidence(String text, LanguageCount question) {
        int english = 0;
        int other = 0;
        double sum = 0;
        double most = 0;
        Set<String> seen = new HashSet<>();
        for (int start = 0; start < text.length(); start++) {
            if (!isPart(text.charAt(start))) {
                continue;
            }
            int end = start;
            while (end < text.length() && isPart(text.charAt(end))) {
                end++;
            }
            String word = word(text, start, end);
            if (!word.isEmpty() && !question.has(word)) {
                Set<Language> owners = Language.owners(word);
                english += owners.contains(Language.ENGLISH) ? 1 : 0;
                other += owners.isEmpty() || owners.contains(Language.ENGLISH) ? 0 : 1;
                double says = says(word, owners);
                sum = Math.max(0, sum + (says > 0 && !seen.add(word) ? 0 : says));
                most = Math.max(most, sum);
            }
            start = end;
        }
        return other >= MIN_KNOWN && other > english ? 0 : most;
    }

    /** Whether a question is in English or about formulas alone. */
    static boolean isEnglish(LanguageCount question) {
        return question.words() <= MIN_KNOWN || question.language() == Language.ENGLISH;
    }

    private static double says(String word, Set<Language> owners) {
        if (hasDigit(word)) {
            return WITHOUT_VOWEL + word.length() / PER_NAT;
        }
        if (word.length() >= GLUED) {
            return MOST + word.length() - GLUED;
        }
        double says = Math.clamp(Letters.randomness(word), -MOST, owners.isEmpty() ? MOST : 0);
        boolean honest = !owners.isEmpty() || hasAny(word, "aeiouy") || SHORT_FORMS.contains(word);
        return honest ? says : Math.max(says, WITHOUT_VOWEL);
    }

    private static boolean hasDigit(CharSequence word) {
        return hasAny(word, "0123456789");
    }

    private static boolean hasAny(CharSequence word, String characters) {
        for (int i = 0; i < word.length(); i++) {
            if (characters.indexOf(word.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '\'' || c == '’' || c == '_' || c == '\\';
    }

    /**
     * The word in lower case, without apostrophes; empty for numbers, formulas, names of variables, initials, other
     * alphabets.
     */
    private static String word(String text, int start, int end) {
        StringBuilder word = new StringBuilder(end - start);
        boolean small = false;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            if (Language.isPlain(lower)) {
                word.append(lower);
                small |= lower == c;
            } else if (c >= '0' && c <= '9') {
                word.append(c);
            } else if (c != '\'' && c != '’') {
                return "";
            }
        }
        boolean formula = word.length() <= 3 && (isOperator(text, start - 1, -1) || isOperator(text, end, 1));
        boolean name = hasDigit(word) && !DIGIT_INSIDE.matcher(word).find();
        return word.length() < 2 || !small || formula || name ? "" : word.toString();
    }

    /** Whether the next character on that side, spaces left out, is an operator. */
    private static boolean isOperator(String text, int from, int step) {
        int at = from;
        while (at >= 0 && at < text.length() && text.charAt(at) == ' ') {
            at += step;
        }
        return at >= 0 && at < text.length() && OPERATORS.indexOf(text.charAt(at)) >= 0;
    }
}
