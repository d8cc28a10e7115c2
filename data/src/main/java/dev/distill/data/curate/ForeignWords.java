package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How surely a text changes from its language into another one in Latin letters. Each word says by how much it is likelier
 * in the other language; what neighbouring words say adds up and never falls below nothing (cumulative sum test, Page
 * 1954), so that a clause is found in a text of any length and a foreign name is not. Longer words of one language that
 * stand far apart add up too. One pass for all languages: of most, the sum is nothing most of the time.
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

    private static final int LANGUAGES = Language.values().length;
    private static final int ALL = (1 << LANGUAGES) - 1;

    private final LanguageCount text;
    private final LanguageCount question;
    private final int main;
    private final double[] sum = new double[LANGUAGES];
    private final double[] most = new double[LANGUAGES];
    private final double[] scattered = new double[LANGUAGES];

    /** Languages whose sum is above nothing, as bits. */
    private int active;

    /** A word speaks once. */
    private final Set<Long> spoken = new HashSet<>();

    /** @param main the language that the text should be in; null where it is not known */
    ForeignWords(LanguageCount text, LanguageCount question, @Nullable Language main) {
        this.text = text;
        this.question = question;
        this.main = main == null ? 0 : main.bit();
        for (int i = 0; i < text.size(); i++) {
            listen(i);
        }
    }

    /** The evidence for a language, in nats. Words that stand in the question are nobody's. */
    double evidence(Language other) {
        return Math.max(most[other.ordinal()], scattered[other.ordinal()]);
    }

    private void listen(int index) {
        if (text.isOtherScript(index)) {
            lower(active, INTERRUPTS);
            return;
        }
        long hash = text.hash(index);
        int owners = Language.owners(hash);
        boolean own = (owners & main) != 0;
        boolean nobodys = owners == 0 && text.isAccented(index) && !text.isName(index);
        int speaksFor = own ? 0 : nobodys ? ALL : text.length(index) <= 4 && text.isName(index) ? 0 : owners;
        int speaksAgainst = own ? active & ~owners : 0;
        if ((speaksFor == 0 && speaksAgainst == 0) || question.has(hash)) {
            return;
        }
        lower(speaksAgainst, OWN);
        if (speaksFor == 0) {
            return;
        }
        if (spoken.add(hash)) {
            raise(index, speaksFor, owners, nobodys);
        }
    }

    private void lower(int languages, double by) {
        for (int left = languages; left != 0; left &= left - 1) {
            int language = Integer.numberOfTrailingZeros(left);
            sum[language] = Math.max(0, sum[language] + by);
            active &= sum[language] > 0 ? ALL : ~(1 << language);
        }
    }

    private void raise(int index, int languages, int owners, boolean nobodys) {
        int length = text.length(index);
        for (int left = languages; left != 0; left &= left - 1) {
            int language = Integer.numberOfTrailingZeros(left);
            double says = nobodys
                    ? ACCENTED
                    : language == Language.ENGLISH.ordinal() && length < 3
                            ? SHORT_ENGLISH
                            : SAYS[Math.clamp(length - 3, 0, 2)];
            sum[language] += says;
            most[language] = Math.max(most[language], sum[language]);
            active |= 1 << language;
            if (length >= LONG && owners == 1 << language && !text.isName(index)) {
                scattered[language] += says;
            }
        }
    }

    /** The words that speak for a language, for a message. */
    List<String> examples(Language other) {
        List<String> examples = new ArrayList<>();
        for (int i = 0; i < text.size() && examples.size() < 3; i++) {
            int owners = text.isOtherScript(i) ? 0 : Language.owners(text.hash(i));
            String word = text.spelling(i).toLowerCase(Locale.ROOT);
            if ((owners & other.bit()) != 0 && (owners & main) == 0 && !examples.contains(word)) {
                examples.add(word);
            }
        }
        return examples;
    }
}
