package dev.distill.data.answer;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

    private static final Set<String> SHORTEST = Set.of(
            "no", "is", "it", "in", "on", "at", "to", "of", "up", "by", "or", "an", "as", "we", "he", "my", "do", "so",
            "go", "if", "be");

    private static final Pattern CONNECTIVE = Pattern.compile(", (?:(?:and|or) )?| (?:and|or) ");

    private static final Pattern NOTHING =
            Pattern.compile("(?:there (?:is|are) )?no (?:real )?(?:solutions?|roots?)(?: exists?)?|(?:the )?empty set");
    private static final Pattern HALF = Pattern.compile("(?<![\\d.,/])(\\d{1,9}) and (?:a|one)[ -]half(?![A-Za-z])");
    private static final Pattern HALF_DAY = Pattern.compile("(?<![A-Za-z.])([APap])\\.\\s?[Mm]\\.(?![A-Za-z])");

    private Looks() {}

    /**
     * Letters and digits in mathematical fonts or of full width as plain ones, raised and lowered ones behind the sign for it, and no
     * marks of bold or italic type.
     */
    static String plain(String text) {
        String letters = text;
        for (int i = 0; i < letters.length(); i++) {
            if (isInAnotherFont(letters.codePointAt(i))) {
                letters = inOneFont(text);
                break;
            }
        }
        if (letters.indexOf(" half") >= 0) {
            letters = HALF.matcher(letters).replaceAll("$1.5");
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
        return isShifted(c)
                || (c >= 0x1D400 && c <= 0x1D7FF)
                || (c >= 0xFF21 && c <= 0xFF5A)
                || (c >= 0x210A && c <= 0x2134);
    }

    /** Raised or lowered digits and signs. */
    private static boolean isShifted(int c) {
        return isRaised(c) || (c >= 0x2080 && c <= 0x208E);
    }

    private static boolean isRaised(int c) {
        return c == '²' || c == '³' || c == '¹' || (c >= 0x2070 && c <= 0x207F);
    }

    private static String inOneFont(String text) {
        StringBuilder plain = new StringBuilder();
        int[] shift = {0};
        text.codePoints().forEach(c -> {
            int here = isRaised(c) ? '^' : isShifted(c) ? '_' : 0;
            if (here != shift[0]) {
                plain.append(shift[0] != 0 ? "}" : "").append(here != 0 ? (char) here + "{" : "");
                shift[0] = here;
            }
            String one = Character.toString(c);
            String normal = isInAnotherFont(c) ? Normalizer.normalize(one, Normalizer.Form.NFKC) : one;
            plain.append(normal.length() == 1 ? normal : one);
        });
        return plain.append(shift[0] != 0 ? "}" : "").toString();
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
     * questions. A hyphen joins two letters beside a word of four; every other one is a minus.
     */
    static boolean isWords(String text) {
        int longest = 0;
        int words = 0;
        int start = 0;
        boolean hyphens = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            if (Character.isLetter(c) || Character.isSurrogate(c)) {
                continue;
            }
            String run = text.substring(start, i);
            start = i + 1;
            words += run.length() > 2 || SHORTEST.contains(run.toLowerCase(Locale.ROOT)) || isForeign(run) ? 1 : 0;
            longest = Math.max(longest, run.length());
            boolean hyphen =
                    c == '-' && !run.isEmpty() && i + 1 < text.length() && Character.isLetter(text.charAt(i + 1));
            hyphens |= hyphen;
            if (Vocabulary.isMathematics(run) || (!hyphen && !Character.isWhitespace(c) && "'’,.".indexOf(c) < 0)) {
                return false;
            }
        }
        return longest >= 4
                || (words >= 2 && !hyphens)
                || SHORT_WORD.matcher(folded(text)).matches();
    }

    /** Two letters or more that are no ASCII. */
    private static boolean isForeign(String run) {
        return run.length() > 1 && run.charAt(0) > 127;
    }

    /**
     * Whether two answers in words are the same. {@code Alice and Bob} is {@code Bob and Alice}; whether the order of more
     * names, or of names with nothing but commas between them, counts, the question says.
     */
    static Match sameWords(String gold, String prediction) {
        String g = folded(gold);
        String p = folded(prediction);
        if (g.equals(p)) {
            return Match.SAME;
        }
        List<String> wanted = items(g);
        List<String> given = items(p);
        boolean either = g.contains(" or ") == p.contains(" or ");
        if (wanted.size() > 1 && either && wanted.equals(given)) {
            return Match.SAME;
        }
        boolean pair = wanted.size() == 2 && g.indexOf(',') < 0 && p.indexOf(',') < 0;
        if (wanted.size() > 1 && either && sorted(wanted).equals(sorted(given))) {
            return pair ? Match.SAME : Match.UNKNOWN;
        }
        return g.replace(",", "").equals(p.replace(",", "")) ? Match.UNKNOWN : Match.DIFFERENT;
    }

    private static List<String> items(String folded) {
        return Stream.of(CONNECTIVE.split(folded))
                .map(item -> item.replaceFirst("^(?:the|an|a) ", ""))
                .toList();
    }

    private static List<String> sorted(List<String> items) {
        return items.stream().sorted().toList();
    }

    /** Words for the empty set. */
    static boolean isNothing(String text) {
        return text.length() <= 40 && NOTHING.matcher(folded(text)).matches();
    }

    /** Words as they are compared: without case, punctuation other than commas, and a leading article. */
    static String folded(String words) {
        return words.toLowerCase(Locale.ROOT)
                .replaceAll("[\\s.’'-]+", " ")
                .replaceAll(" ?,[ ,]*", ", ")
                .replaceAll("^[ ,]+|[ ,]+$", "")
                .replaceFirst("^(?:the|an|a) ", "");
    }
}
