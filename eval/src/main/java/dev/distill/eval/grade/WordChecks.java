package dev.distill.eval.grade;

import dev.distill.data.curate.WrittenLanguage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Instructions about words, letters and their language. */
final class WordChecks {
    private static final Pattern WORD = Pattern.compile("\\w+", Arguments.PYTHON);
    private static final Pattern SPACE = Pattern.compile("\\s+", Arguments.PYTHON);
    private static final Pattern EDGES = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

    private WordChecks() {}

    static boolean keywords(Arguments arguments, String text) {
        return arguments.texts("keywords").stream()
                .allMatch(word -> Arguments.word(word, false).matcher(text).find());
    }

    static boolean keywordFrequency(Arguments arguments, String text) {
        int found = Arguments.count(Arguments.word(arguments.text("keyword").strip(), false), text);
        return arguments.holds(found, "relation", "frequency");
    }

    static boolean forbidden(Arguments arguments, String text) {
        return arguments.texts("forbidden_words").stream()
                .noneMatch(word -> Arguments.word(word, true).matcher(text).find());
    }

    static boolean letterFrequency(Arguments arguments, String text) {
        String letter = arguments.text("letter").strip().toLowerCase(Locale.ROOT);
        int found = Arguments.count(Pattern.compile(Pattern.quote(letter)), text.toLowerCase(Locale.ROOT));
        return arguments.holds(found, "let_relation", "let_frequency");
    }

    static boolean words(Arguments arguments, String text) {
        return arguments.holds(Arguments.count(WORD, text), "relation", "num_words");
    }

    static boolean sentences(Arguments arguments, String text) {
        return arguments.holds(Sentences.count(text), "relation", "num_sentences");
    }

    /** A text whose language cannot be told obeys, as in the published check. */
    static boolean language(Arguments arguments, String text) {
        Optional<String> found = WrittenLanguage.of(text);
        String wanted = arguments.text("language").replaceFirst("-.*", "");
        return found.isEmpty() || found.get().equals(wanted);
    }

    static boolean capitalWords(Arguments arguments, String text) {
        int found = (int) Arrays.stream(SPACE.split(text))
                .map(word -> EDGES.matcher(word).replaceAll(""))
                .filter(word -> isCased(word, false))
                .count();
        return arguments.holds(found, "capital_relation", "capital_frequency");
    }

    static boolean capitals(String text) {
        return isCased(text, false) && isEnglish(text);
    }

    static boolean smallLetters(String text) {
        return isCased(text, true) && isEnglish(text);
    }

    private static boolean isEnglish(String text) {
        return WrittenLanguage.of(text).map("en"::equals).orElse(true);
    }

    /** Whether a text has letters with a case, and all of them in this one. */
    private static boolean isCased(String text, boolean small) {
        boolean any = false;
        for (int c : (Iterable<Integer>) text.codePoints()::iterator) {
            boolean lower = Character.isLowerCase(c);
            boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
            if (small ? upper : lower) {
                return false;
            }
            any |= lower || upper;
        }
        return any;
    }
}
