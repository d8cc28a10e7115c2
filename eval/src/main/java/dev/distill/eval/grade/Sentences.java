package dev.distill.eval.grade;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts sentences as a reader would: one ends with {@code .}, {@code !} or {@code ?}, perhaps a quote or bracket, and white space; a full stop behind an
 * abbreviation or an initial, or before a small letter, ends none. What follows the last is one too. A new line alone ends nothing, as in NLTK's Punkt, which
 * the published check uses.
 */
final class Sentences {
    private static final Pattern END = Pattern.compile("([.!?。！？]+)[\"'”’)\\]*_]*(?:\\s+|$|(?<=[。！？]))");
    private static final Set<String> SHORT = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "e.g", "i.e", "no", "fig", "inc", "ltd",
            "co", "u.s", "u.k", "p.s", "p.p.s", "a.m", "p.m", "approx", "dept", "gen", "rev", "jan", "feb", "mar",
            "apr", "aug", "sept", "oct", "nov", "dec");

    private Sentences() {}

    static int count(String text) {
        int count = 0;
        int begin = 0;
        Matcher end = END.matcher(text);
        while (end.find()) {
            if (ends(text, end) && hasWord(text.substring(begin, end.end()))) {
                count++;
                begin = end.end();
            }
        }
        return hasWord(text.substring(begin)) ? count + 1 : count;
    }

    private static boolean ends(String text, Matcher end) {
        if (!end.group(1).equals(".") || end.end() == text.length()) {
            return true;
        }
        boolean small = Character.isLowerCase(text.codePointAt(end.end()));
        int from = end.start();
        while (from > 0 && !Character.isWhitespace(text.charAt(from - 1)) && text.charAt(from - 1) != '(') {
            from--;
        }
        String word = text.substring(from, end.start());
        boolean initial = word.length() == 1 && Character.isUpperCase(word.charAt(0)) && !word.equals("I");
        boolean numbered = word.matches("\\d{1,3}") && (from == 0 || text.charAt(from - 1) == '\n');
        return !small && !initial && !numbered && !SHORT.contains(word.toLowerCase(Locale.ROOT));
    }

    private static boolean hasWord(String text) {
        return text.codePoints().anyMatch(Character::isLetterOrDigit);
    }
}
