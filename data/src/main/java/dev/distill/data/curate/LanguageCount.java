package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words of a text by script, and those in Latin letters one by one. LaTeX commands, letters that stand alone and
 * identifiers with digits are formulas, not words; so are Greek letters unless they make a longer word.
 */
final class LanguageCount {
    /** Shorter runs of Greek letters are names of angles and sides. */
    private static final int GREEK_WORD = 4;

    /**
     * A word in Latin letters.
     *
     * @param text in lower case
     * @param name whether it begins with a capital inside a sentence
     */
    record Word(String text, boolean name) {
        Set<Language> owners() {
            return Language.owners(text);
        }

        /** Whether it has letters beyond a to z. */
        boolean accented() {
            return !text.chars().allMatch(c -> c < 128 || c == '’');
        }
    }

    /** Stands in the list of words for a word in another script. */
    static final Word OTHER_SCRIPT = new Word("", false);

    private final Map<UnicodeScript, Integer> byScript = new EnumMap<>(UnicodeScript.class);
    private final List<Word> list = new ArrayList<>();
    private final Set<String> latin = new HashSet<>();
    private boolean sentenceStarts = true;
    private int words;

    private LanguageCount() {}

    static LanguageCount of(String text) {
        LanguageCount count = new LanguageCount();
        count.read(text);
        return count;
    }

    /** Words in all; one a character where the script writes without spaces. */
    int words() {
        return words;
    }

    Map<UnicodeScript, Integer> byScript() {
        return byScript;
    }

    /** The words in Latin letters, and {@link #OTHER_SCRIPT} for each other one. */
    List<Word> list() {
        return list;
    }

    boolean has(String lowerCase) {
        return latin.contains(lowerCase);
    }

    Set<UnicodeScript> scripts() {
        return byScript.keySet().isEmpty() ? EnumSet.of(UnicodeScript.LATIN) : EnumSet.copyOf(byScript.keySet());
    }

    UnicodeScript mainScript() {
        UnicodeScript main = UnicodeScript.LATIN;
        for (Map.Entry<UnicodeScript, Integer> count : byScript.entrySet()) {
            main = count.getValue() > byScript.getOrDefault(main, 0) ? count.getKey() : main;
        }
        return main;
    }

    /** The language that most words are of; null where fewer than two words speak for it. A tie is no language either. */
    @Nullable
    Language language() {
        double[] weights = new double[Language.values().length];
        for (Word word : list) {
            Set<Language> owners = word.owners();
            owners.forEach(owner -> weights[owner.ordinal()] += 1.0 / owners.size());
        }
        Language main = Language.ENGLISH;
        for (Language language : Language.values()) {
            main = weights[language.ordinal()] > weights[main.ordinal()] ? language : main;
        }
        double second = 0;
        for (Language language : Language.values()) {
            second = language == main ? second : Math.max(second, weights[language.ordinal()]);
        }
        double first = weights[main.ordinal()];
        return first > 1 && first > second ? main : null;
    }

    private void read(String text) {
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (c == '\\') {
                at = skipCommand(text, at + 1);
            } else if (Character.isLetter(c)) {
                at = word(text, at);
            } else {
                sentenceStarts |= ".!?\n。！？:;\"“".indexOf(c) >= 0;
                at += Character.charCount(c);
            }
        }
    }

    private static int skipCommand(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) < 128 && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return Math.max(at, Math.min(start + 1, text.length()));
    }

    private int word(String text, int start) {
        int first = text.codePointAt(start);
        UnicodeScript script = UnicodeScript.of(first);
        int at = start + Character.charCount(first);
        if (Words.isUnspaced(first)) {
            count(script);
            list.add(OTHER_SCRIPT);
            return at;
        }
        while (at < text.length() && continues(text, at, script)) {
            at += Character.charCount(text.codePointAt(at));
        }
        boolean identifier = (start > 0 && isCodeBefore(text.charAt(start - 1)))
                || (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '_'));
        if (!identifier && isWord(text, start, at, script)) {
            count(script);
            list.add(script == UnicodeScript.LATIN ? latin(text, start, at) : OTHER_SCRIPT);
        }
        sentenceStarts = false;
        return at;
    }

    private Word latin(String text, int start, int end) {
        String lower = text.substring(start, end).replace('’', '\'').toLowerCase(Locale.ROOT);
        latin.add(lower);
        return new Word(lower, !sentenceStarts && Character.isUpperCase(text.charAt(start)));
    }

    private static boolean isWord(String text, int start, int end, UnicodeScript script) {
        return switch (script) {
            case COMMON, INHERITED -> false;
            case LATIN -> end - start >= 2;
            case GREEK ->
                end - start >= GREEK_WORD && !text.substring(start, end).equals(upper(text, start, end));
            default -> end - start >= 2 || isBesideLatin(text, start, end); // one letter in a Latin word looks like it
        };
    }

    private static String upper(String text, int start, int end) {
        return text.substring(start, end).toUpperCase(Locale.ROOT);
    }

    private static boolean isBesideLatin(String text, int start, int end) {
        return (start > 0 && Language.isPlain(text.charAt(start - 1)))
                || (end < text.length() && Language.isPlain(text.charAt(end)));
    }

    private static boolean isCodeBefore(char c) {
        return Character.isDigit(c) || c == '_';
    }

    private static boolean continues(String text, int at, UnicodeScript script) {
        int c = text.codePointAt(at);
        if (c == '\'' || c == '’') {
            return at + 1 < text.length() && Character.isLetter(text.charAt(at + 1));
        }
        boolean mark = Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
        return mark || (Character.isLetter(c) && UnicodeScript.of(c) == script);
    }

    private void count(UnicodeScript script) {
        byScript.merge(script, 1, Integer::sum);
        words++;
    }
}
