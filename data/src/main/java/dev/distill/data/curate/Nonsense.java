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

    private static final int ASCII = 128;
    private static final boolean[] PART = new boolean[ASCII];

    static {
        for (char c = 0; c < ASCII; c++) {
            PART[c] = Character.isLetterOrDigit(c) || c == '\'' || c == '_' || c == '\\';
        }
    }

    private final char[] text;

    /** Of the word that was read last: {@link Language#hash}, and how many letters and digits. */
    private long hash;

    private int length;

    private Nonsense(char[] text) {
        this.text = text;
    }

    /**
     * The strongest evidence in any stretch of an English text, in nats; 0 where the text is in another language. Words of
     * the question are no evidence.
     */
    static double evidence(char[] text, LanguageCount question) {
        return new Nonsense(text).evidence(question);
    }

    private double evidence(LanguageCount question) {
        int english = 0;
        int other = 0;
        double sum = 0;
        double most = 0;
        Set<Long> seen = new HashSet<>();
        for (int start = 0; start < text.length; start++) {
            if (!isPart(text[start])) {
                continue;
            }
            int end = start;
            while (end < text.length && isPart(text[end])) {
                end++;
            }
            if (isWord(start, end) && !question.has(hash)) {
                int owners = Language.owners(hash);
                english += (owners & ENGLISH) != 0 ? 1 : 0;
                other += owners == 0 || (owners & ENGLISH) != 0 ? 0 : 1;
                boolean nothing = owners != 0 && sum == 0; // what a known word says is never above nothing
                double says = nothing ? 0 : says(spelling(start, end), owners != 0);
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

    private static double says(String word, boolean known) {
        if (hasDigit(word)) {
            return WITHOUT_VOWEL + word.length() / PER_NAT;
        }
        if (word.length() >= GLUED) {
            return MOST + word.length() - GLUED;
        }
        double says = Math.clamp(Letters.randomness(word), -MOST, known ? 0 : MOST);
        boolean honest = known || hasAny(word, "aeiouy") || SHORT_FORMS.contains(word);
        return honest ? says : Math.max(says, WITHOUT_VOWEL);
    }

    private static boolean hasDigit(String word) {
        return hasAny(word, "0123456789");
    }

    private static boolean hasAny(String word, String characters) {
        for (int i = 0; i < word.length(); i++) {
            if (characters.indexOf(word.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPart(char c) {
        return c < ASCII ? PART[c] : Character.isLetterOrDigit(c) || c == '’';
    }

    /** Reads a word; false for numbers, formulas, names of variables, initials, other alphabets. */
    private boolean isWord(int start, int end) {
        boolean small = false;
        boolean digit = false;
        int count = 0;
        long read = Language.HASH_START;
        for (int i = start; i < end; i++) {
            char c = text[i];
            if (Language.isPlain(c)) {
                read = Language.hash(read, c);
                small = true;
                count++;
            } else if (c >= 'A' && c <= 'Z') {
                read = Language.hash(read, (char) (c + 32));
                count++;
            } else if (c >= '0' && c <= '9') {
                read = Language.hash(read, c);
                digit = true;
                count++;
            } else if (c != '\'' && c != '’') {
                return false;
            }
        }
        hash = read;
        length = count;
        boolean formula = count <= 3 && (isOperator(start - 1, -1) || isOperator(end, 1));
        return count >= 2
                && small
                && !formula
                && !(digit && !DIGIT_INSIDE.matcher(spelling(start, end)).find());
    }

    /** The word that was read last in lower case, without apostrophes. */
    private String spelling(int start, int end) {
        char[] spelling = new char[length];
        int count = 0;
        for (int i = start; i < end; i++) {
            char c = text[i];
            if (c != '\'' && c != '’') {
                spelling[count++] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            }
        }
        return new String(spelling);
    }

    /** Whether the next character on that side, spaces left out, is an operator. */
    private boolean isOperator(int from, int step) {
        int at = from;
        while (at >= 0 && at < text.length && text[at] == ' ') {
            at += step;
        }
        return at >= 0 && at < text.length && OPERATORS.indexOf(text[at]) >= 0;
    }
}
