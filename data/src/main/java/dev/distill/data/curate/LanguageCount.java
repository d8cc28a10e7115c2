package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words of a text by script, and of its sentences by language. LaTeX commands, letters that stand alone and identifiers
 * with digits are formulas, not words.
 */
final class LanguageCount {
    private final Map<UnicodeScript, Integer> byScript = new EnumMap<>(UnicodeScript.class);
    private final Map<Language, Integer> byLanguage = new EnumMap<>(Language.class);
    private final List<String> sentence = new ArrayList<>();
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

    /** Words of the sentences whose language is clear. */
    Map<Language, Integer> byLanguage() {
        return byLanguage;
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

    /** The language of most words; null where no sentence's language is clear. */
    @Nullable
    Language language() {
        Language main = null;
        for (Map.Entry<Language, Integer> count : byLanguage.entrySet()) {
            main = main == null || count.getValue() > byLanguage.getOrDefault(main, 0) ? count.getKey() : main;
        }
        return main;
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
                if (".!?\n。！？:;".indexOf(c) >= 0) {
                    endSentence();
                }
                at += Character.charCount(c);
            }
        }
        endSentence();
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
            return at;
        }
        while (at < text.length() && continues(text, at, script)) {
            at += Character.charCount(text.codePointAt(at));
        }
        boolean identifier = (start > 0 && isCodeBefore(text.charAt(start - 1)))
                || (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '_'));
        if (at - start >= 2 && !identifier && script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED) {
            count(script);
            if (script == UnicodeScript.LATIN) {
                sentence.add(text.substring(start, at).replace('’', '\'').toLowerCase(Locale.ROOT));
            }
        }
        return at;
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

    /**
     * A sentence speaks a language if its words say so clearly: weight 2 or more, and twice that of any other. A word of four
     * letters or more that one language alone has weighs 2, any other 1.
     */
    private void endSentence() {
        int[] weights = new int[Language.values().length];
        for (String word : sentence) {
            List<Language> owners = Language.owners(word);
            int weight = owners.size() == 1 && word.length() >= 4 ? 2 : 1;
            owners.forEach(language -> weights[language.ordinal()] += weight);
        }
        Language best = Language.ENGLISH;
        for (Language language : Language.values()) {
            best = weights[language.ordinal()] > weights[best.ordinal()] ? language : best;
        }
        int second = 0;
        for (Language language : Language.values()) {
            second = language == best ? second : Math.max(second, weights[language.ordinal()]);
        }
        int weight = weights[best.ordinal()];
        if (weight >= 2 && weight >= 2 * second) {
            byLanguage.merge(best, sentence.size(), Integer::sum);
        }
        sentence.clear();
    }
}
