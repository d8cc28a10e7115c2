package dev.distill.data.answer;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What only changes how an answer looks, and how answers in words are told from formulas. */
final class Looks {
    private static final Pattern EMPHASIS =
            Pattern.compile("(?<![^\\s(\\[{$\"'“:])(\\*{1,3})(?=[^\\s*])([^*]*+)(?<=\\S)\\1(?![^\\s)\\]}.,;:!?$\"'”])");
    private static final Pattern LAYOUT =
            Pattern.compile("\\\\(?:left|right|displaystyle)(?![A-Za-z])|\\\\[,!;: ()\\[\\]]|[$\"“”]");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern LOOSE_SPACE =
            Pattern.compile("(?<![\\p{L}\\p{Nd}]) | (?![\\p{L}\\p{Nd}])|(?<![. ])[. ]++$");
    private static final Pattern TEXT_COMMAND =
            Pattern.compile("\\\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox)\\s*+\\{([^{}]*+)\\}");

    /** Words of fewer than four letters that answer a question by themselves. */
    private static final Pattern SHORT_WORD = Pattern.compile(
            "(?i)yes|no|odd|all|any|one|two|six|ten|red|man|boy|day|sun|mon|tue|wed|thu|fri|sat|may|jan|feb|mar|apr|jun|jul|aug"
                    + "|sep|oct|nov|dec");

    private static final Pattern NOTHING =
            Pattern.compile("(?:there (?:is|are) )?no (?:real )?(?:solutions?|roots?)(?: exists?)?|(?:the )?empty set");
    private static final Pattern HALF_DAY = Pattern.compile("(?<![A-Za-z.])([APap])\\.\\s?[Mm]\\.(?![A-Za-z])");

    private Looks() {}

    /** Letters and digits in mathematical fonts or of full width as plain ones, and no marks of bold or italic type. */
    static String plain(String text) {
        String letters = text;
        for (int i = 0; i < letters.length(); i++) {
            if (isInAnotherFont(letters.codePointAt(i))) {
                letters = inOneFont(text);
                break;
            }
        }
        if (letters.indexOf(".m.") >= 0 || letters.indexOf(".M.") >= 0) {
            letters = HALF_DAY.matcher(letters).replaceAll("$1m");
        }
        if (letters.indexOf('*') < 0) {
            return letters;
        }
        String plain = EMPHASIS.matcher(letters).replaceAll("$2");
        int start = 0;
        int end = plain.length();
        while (start < end && isStarOrSpace(plain.charAt(start))) {
            start++;
        }
        while (end > start && isStarOrSpace(plain.charAt(end - 1))) {
            end--;
        }
        return plain.substring(start, end);
    }

    private static boolean isStarOrSpace(char c) {
        return c == '*' || Character.isWhitespace(c);
    }

    private static boolean isInAnotherFont(int c) {
        return (c >= 0x1D400 && c <= 0x1D7FF) || (c >= 0xFF21 && c <= 0xFF5A) || (c >= 0x210A && c <= 0x2134);
    }

    private static String inOneFont(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            String normal = isInAnotherFont(c) ? Normalizer.normalize(one, Normalizer.Form.NFKC) : one;
            plain.append(normal.length() == 1 ? normal : one);
        });
        return plain.toString();
    }

    /** The text without spaces and signs that mean nothing; equal texts mean the same. */
    static String tight(String text) {
        String spaced = withoutLayout(text);
        return spaced.indexOf(' ') < 0 && !spaced.endsWith(".")
                ? spaced
                : LOOSE_SPACE.matcher(spaced).replaceAll("");
    }

    /** The text with the words of its text commands, and without the commands. */
    static String words(String text) {
        if (text.indexOf('\\') < 0) {
            return withoutLayout(text).strip();
        }
        String plain =
                TEXT_COMMAND.matcher(text).replaceAll(match -> Matcher.quoteReplacement(" " + match.group(1) + " "));
        return withoutLayout(plain).strip();
    }

    /** Layout as spaces, and one space for several. */
    private static String withoutLayout(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isLetterOrDigit(text.charAt(i)) && ".,+-=()".indexOf(text.charAt(i)) < 0) {
                return SPACES.matcher(LAYOUT.matcher(text).replaceAll(" ")).replaceAll(" ");
            }
        }
        return text;
    }

    /**
     * Letters and spaces alone that make no formula: a word of four letters, several words, or a short word that answers
     * questions. A hyphen joins two letters; every other one is a minus.
     */
    static boolean isWords(String text) {
        int longest = 0;
        int words = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            if (Character.isLetter(c) || Character.isSurrogate(c)) {
                continue;
            }
            String run = text.substring(start, i);
            start = i + 1;
            words += run.length() >= 2 ? 1 : 0;
            longest = Math.max(longest, run.length());
            boolean hyphen =
                    c == '-' && !run.isEmpty() && i + 1 < text.length() && Character.isLetter(text.charAt(i + 1));
            if (Vocabulary.isMathematics(run) || (!hyphen && !Character.isWhitespace(c) && "'’,.".indexOf(c) < 0)) {
                return false;
            }
        }
        return longest >= 4 || words >= 2 || SHORT_WORD.matcher(folded(text)).matches();
    }

    /** The sign of money in an answer; 0 where there is none, or only a dollar that may be LaTeX's. */
    static int currency(String text) {
        return text.contains("\\$")
                ? '$'
                : text.codePoints()
                        .filter(c -> "€£¥₹".indexOf(c) >= 0)
                        .findFirst()
                        .orElse(0);
    }

    /** Words for the empty set. */
    static boolean isNothing(String text) {
        return text.length() <= 40 && NOTHING.matcher(folded(text)).matches();
    }

    /** Words as they are compared: without case, punctuation and a leading article. */
    static String folded(String words) {
        return words.toLowerCase(Locale.ROOT)
                .replaceAll("[\\s,.’'-]+", " ")
                .strip()
                .replaceFirst("^(?:the|an|a) ", "");
    }
}
