package dev.distill.data.curate;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How surely a text changes from its language into another one in Latin letters. Each word says by how much it is likelier
 * in the other language; what neighbouring words say adds up and never falls below nothing (cumulative sum test, Page
 * 1954), so that a clause is found in a text of any length and a foreign name is not. Longer words of one language that
 * stand far apart add up too.
 */
final class ForeignWords {
    /** By how many nats a word of the other language's list is likelier there, by its length: up to 3 letters, 4, more. */
    private static final double[] SAYS = {1.2, 2.5, 3};

    /** Two letters of English are a word of several languages. */
    private static final double SHORT_ENGLISH = 0.6;

    /** A word of the text's own language. */
    private static final double OWN = -2.5;

    /** A word with accents that no list has; one in another script, which interrupts. */
    private static final double ACCENTED = 1;

    private static final double INTERRUPTS = -1;

    /** Words of this length that only one language has count wherever they stand. */
    private static final int LONG = 5;

    private final LanguageCount text;
    private final LanguageCount question;
    private final @Nullable Language main;

    /** @param main the language that the text should be in; null where it is not known */
    ForeignWords(LanguageCount text, LanguageCount question, @Nullable Language main) {
        this.text = text;
        this.question = question;
        this.main = main;
    }

    /** The languages besides the main one of which the text has words that the question lacks. */
    Set<Language> candidates() {
        Set<Language> candidates = EnumSet.noneOf(Language.class);
        for (LanguageCount.Word word : text.list()) {
            if (main == null || !word.owners().contains(main)) {
                candidates.addAll(word.owners());
            }
        }
        return candidates;
    }

    /** The evidence for a language, in nats. Words that stand in the question are nobody's. */
    double evidence(Language other) {
        double sum = 0;
        double most = 0;
        double scattered = 0;
        Set<String> seen = new HashSet<>();
        for (LanguageCount.Word word : text.list()) {
            double says = question.has(word.text()) ? 0 : says(word, other);
            if (says > 0 && !seen.add(word.text())) {
                says = 0;
            }
            boolean sure =
                    says > 0 && word.text().length() >= LONG && word.owners().equals(Set.of(other)) && !word.name();
            scattered += sure ? says : 0;
            sum = Math.max(0, sum + says);
            most = Math.max(most, sum);
        }
        return Math.max(most, scattered);
    }

    private double says(LanguageCount.Word word, Language other) {
        if (word == LanguageCount.OTHER_SCRIPT) {
            return INTERRUPTS;
        }
        Set<Language> owners = word.owners();
        boolean own = main != null && owners.contains(main);
        if (!owners.contains(other)) {
            return own ? OWN : owners.isEmpty() && word.accented() && !word.name() ? ACCENTED : 0;
        }
        int length = word.text().length();
        if (own || (length <= 4 && word.name())) {
            return 0;
        }
        return other == Language.ENGLISH && length < 3 ? SHORT_ENGLISH : SAYS[Math.clamp(length - 3, 0, 2)];
    }

    /** The words that speak for a language, for a message. */
    List<String> examples(Language other) {
        return text.list().stream()
                .filter(word -> word.owners().contains(other)
                        && (main == null || !word.owners().contains(main)))
                .map(LanguageCount.Word::text)
                .distinct()
                .limit(3)
                .toList();
    }
}
