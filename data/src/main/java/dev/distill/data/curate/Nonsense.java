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

    private static final int ENGLISH = Language.ENGLISH.bit();

    private Nonsense() {}

    /**
     * The strongest evidence in any stretch of an English text, in nats; 0 where the text is in another language. Words of
     * the question are no evidence.
     */
    static double evidence(char[] text, LanguageCount question) {
        int english = 0;
        int other = 0;
        double sum = 0;
        double most = 0;
        Set<Long> seen = new HashSet<>();
        StringBuilder word = new StringBuilder();
        for (int start = 0; start < text.length; start++) {
            if (!isPart(text[start])) {
                continue;
            }
            int end = start;
            while (end < text.length && isPart(text[end])) {
                end++;
            }
            long hash = word(text, start, end, word);
            int owners = word.isEmpty() ? 0 : Language.owners(hash);
            if (!word.isEmpty() && !question.has(hash)) {
                english += (owners & ENGLISH) != 0 ? 1 : 0;
                other += owners == 0 || (owners & ENGLISH) != 0 ? 0 : 1;
                boolean nothing = owners != 0 && sum == 0; // what a known word says is never above nothing
                double says = nothing ? 0 : says(word, owners != 0);
                sum = Math.max(0, sum + (says > 0 && !seen.add(hash) ? 0 : says));
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

    private static double says(CharSequence word, boolean known) {
        if (hasDigit(word)) {
            return WITHOUT_VOWEL + word.length() / PER_NAT;
        }
        if (word.length() >= GLUED) {
            return MOST + word.length() - GLUED;
        }
        double says = Math.clamp(Letters.randomness(word), -MOST, known ? 0 : MOST);
        boolean honest = known || hasAny(word, "aeiouy") || SHORT_FORMS.contains(word.toString());
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
        return c < 128
                ? (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '\''
                        || c == '_'
                        || c == '\\'
                : Character.isLetterOrDigit(c) || c == '’';
    }

    /**
     * Puts down the word in lower case, without apostrophes; nothing for numbers, formulas, names of variables, initials, other
     * alphabets.
     *
     * @return its {@link Language#hash}
     */
    private static long word(char[] text, int start, int end, StringBuilder word) {
        word.setLength(0);
        boolean small = false;
        boolean digit = false;
        long hash = Language.HASH_START;
        for (int i = start; i < end; i++) {
            char c = text[i];
            char lower = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            if (Language.isPlain(lower)) {
                word.append(lower);
                hash = Language.hash(hash, lower);
                small |= lower == c;
            } else if (c >= '0' && c <= '9') {
                word.append(c);
                hash = Language.hash(hash, c);
                digit = true;
            } else if (c != '\'' && c != '’') {
                word.setLength(0);
                return hash;
            }
        }
        boolean formula = word.length() <= 3 && (isOperator(text, start - 1, -1) || isOperator(text, end, 1));
        boolean name = digit && !DIGIT_INSIDE.matcher(word).find();
        if (word.length() < 2 || !small || formula || name) {
            word.setLength(0);
        }
        return hash;
    }

    /** Whether the next character on that side, spaces left out, is an operator. */
    private static boolean isOperator(char[] text, int from, int step) {
        int at = from;
        while (at >= 0 && at < text.length && text[at] == ' ') {
            at += step;
        }
        return at >= 0 && at < text.length && OPERATORS.indexOf(text[at]) >= 0;
    }
}
