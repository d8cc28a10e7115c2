package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What language a reply should be in: the question's. One that cannot say its own (48 + 7 = ?) leaves it to the reasoning, and the
 * answer must agree with that.
 *
 * @param question its words, which are never foreign
 * @param scripts of the question; of the reasoning where the question has no word
 * @param language null where it is not known, or not in Latin letters
 * @param said whether the question said it
 */
record AskedLanguage(
        LanguageCount question,
        Set<UnicodeScript> scripts,
        @Nullable Language language,
        boolean said) {
    static AskedLanguage of(TraceWords words) {
        LanguageCount question = words.question().languages();
        LanguageCount reasoning = words.reasoning().languages();
        LanguageCount telling = question.words() > 0
                ? question
                : reasoning.words() > 0 ? reasoning : words.answer().languages();
        Set<UnicodeScript> scripts = telling == question ? question.scripts() : EnumSet.of(telling.mainScript());
        if (!scripts.contains(UnicodeScript.LATIN)) {
            return new AskedLanguage(question, scripts, null, true);
        }
        Language said = question.language();
        said = said == null ? ofTask(question, reasoning) : said;
        return new AskedLanguage(question, scripts, said == null ? reasoning.language() : said, said != null);
    }

    /** Of a question that is a formula and a word; a word of several languages is of the reasoning's, if that is among them. */
    private static @Nullable Language ofTask(LanguageCount question, LanguageCount reasoning) {
        int languages = TaskWords.languages(question);
        Language replied = languages == 0 ? null : reasoning.language();
        if (replied != null && (languages & replied.bit()) != 0) {
            return replied;
        }
        return languages == 0 ? null : Language.values()[Integer.numberOfTrailingZeros(languages)];
    }

    boolean isLatin() {
        return scripts.contains(UnicodeScript.LATIN);
    }
}
