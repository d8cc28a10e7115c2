package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies that mix languages or are in another language than their question, as DeepSeek-R1's curation did (Guo et
 * al. 2025, section 2.3.3). Its reward measures the share of words in the target language (section 2.3.2), which lets a
 * foreign sentence pass in a long text; here a word in another script is enough, and in Latin letters a clause, whatever
 * stands around it. Scripts and words that stand in the question are never foreign. A question without a word of any language
 * (48 + 7 = ?) cannot say its own: then the answer must be in the reasoning's.
 *
 * @param minForeign fewest words (characters, in Chinese or Japanese) in another script that count as mixing, at least 1
 * @param minEvidence evidence for words of another language in Latin letters that counts as mixing, in nats, above 0; a
 *     short word of its list says 1.2, one of four letters 2.5, see {@link ForeignWords}. Twice as much is asked for where the
 *     text's own language is not in Latin letters, not known, or the other one is English, whose list has other languages'
 *     words too (also, so, was); three times where neither of the two is English, since neighbours (Spanish and Catalan) share
 *     their words
 */
public record LanguageConsistency(int minForeign, double minEvidence) implements TraceFilter {
    public static final String NAME = "language";
    public static final LanguageConsistency STANDARD = new LanguageConsistency(1, 3.5);

    private static final String NAMES =
            "english|chinese|mandarin|cantonese|spanish|french|german|italian|portuguese|dutch|polish|russian|turkish|japanese|korean|arabic|hindi|sanskrit|latin|greek|swedish|danish|norwegian|czech|romanian|hungarian|finnish|vietnamese|indonesian|hebrew|persian|thai|ukrainian";

    /** A question that asks for another language. */
    private static final Pattern ABOUT_LANGUAGE = Pattern.compile(
            "翻译|译成|译为|(?:英|法|德|日|俄|韩|西班牙|意大利|葡萄牙|阿拉伯|拉丁|希腊|中|汉)(?:语|文)|外语|怎么说|(?<!\\p{L})(?:" + NAMES
                    + ")(?:'s)? (?:words?|letters?|characters?|names?|terms?|phrases?|sentences?|verbs?|nouns?|adjectives?|alphabet|grammar|script|proverbs?|idioms?|spelling|pronunciation|equivalents?|roots?|prefix|suffix|articles?|poem|haiku|song|version|loanwords?|expressions?|greetings?)(?!\\p{L})|\\b(?:pronounc\\w+|etymolog\\w+|loanwords?|transliterat\\w+|kanji|hiragana|katakana|pinyin|hangul|cyrillic|umlauts?)\\b|übersetz\\w*|auf (?:englisch|deutsch|französisch|spanisch)|tradui\\w*|en (?:anglais|français|inglés|español|francés|alemán)|traduc\\w*|перевед\\w*|по-(?:английски|русски|немецки)|"
                    + "\\b(?:translat\\w*|languages?|(?:in|into|to|from) (?:" + NAMES + "))\\b",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** Fewer words in Latin letters are names and formulas. */
    private static final int MIN_WORDS = 6;

    public LanguageConsistency {
        if (minForeign < 1 || !(minEvidence > 0)) {
            throw new IllegalArgumentException(
                    "curate.language: min_foreign must be at least 1 and min_evidence above 0; got " + minForeign + ", "
                            + minEvidence);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        return check(trace, new TraceWords(trace));
    }

    @Override
    public Verdict check(Trace trace, TraceWords words) {
        AskedLanguage asked = AskedLanguage.of(words);
        Verdict verdict = checkTwice(asked, words.reasoning(), "reasoning: ");
        if (verdict.outcome() != Verdict.Outcome.FAIL) {
            Verdict answer = checkTwice(asked, words.answer(), "answer: ");
            boolean silent = verdict.outcome() == Verdict.Outcome.UNDECIDED; // there is no reasoning, or none in words
            verdict = silent || answer.outcome() == Verdict.Outcome.FAIL ? answer : verdict;
        }
        return verdict.outcome() == Verdict.Outcome.FAIL && isAboutLanguages(trace.question())
                ? Verdict.pass(NAME, "the question is about languages")
                : verdict;
    }

    /** What is only quoted or named in brackets mixes nothing: a text fails if it does without that too. */
    private Verdict checkTwice(AskedLanguage asked, Reading text, String where) {
        Verdict verdict = check(asked, text.languages(), where);
        if (verdict.outcome() != Verdict.Outcome.FAIL) {
            return verdict;
        }
        String said = Mentions.without(text.text());
        return said.length() == text.text().length() ? verdict : check(asked, LanguageCount.of(said), where);
    }

    /** Whether a question asks for words of another language than its own. */
    static boolean isAboutLanguages(String question) {
        return ABOUT_LANGUAGE.matcher(question).find();
    }

    private Verdict check(AskedLanguage asked, LanguageCount text, String where) {
        if (text.words() == 0) {
            return Verdict.undecided(NAME, where + "no words");
        }
        String found = scripts(asked.scripts(), text);
        found = found == null ? latin(asked, text) : found;
        return found == null ? Verdict.pass(NAME, "in " + asked.scripts()) : Verdict.fail(NAME, where + found);
    }

    private @Nullable String scripts(Set<UnicodeScript> target, LanguageCount text) {
        EnumSet<UnicodeScript> allowed = EnumSet.copyOf(target);
        if (allowed.contains(UnicodeScript.HIRAGANA) || allowed.contains(UnicodeScript.KATAKANA)) {
            allowed.addAll(EnumSet.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HAN));
        }
        // Letters and names in formulas are Latin in every language; whole sentences are looked at below.
        boolean latinOnlyInFormulas = !allowed.contains(UnicodeScript.LATIN);
        int inScript = 0;
        int foreign = 0;
        for (Map.Entry<UnicodeScript, Integer> count : text.byScript().entrySet()) {
            boolean ignored = latinOnlyInFormulas && count.getKey() == UnicodeScript.LATIN;
            inScript += allowed.contains(count.getKey()) ? count.getValue() : 0;
            foreign += allowed.contains(count.getKey()) || ignored ? 0 : count.getValue();
        }
        if (latinOnlyInFormulas && inScript == 0 && text.words() >= MIN_WORDS) {
            return "none of " + text.words() + " words in the question's script " + target;
        }
        return foreign >= minForeign ? foreign + " of " + text.words() + " words are not in " + target : null;
    }

    private @Nullable String latin(AskedLanguage asked, LanguageCount text) {
        Language main = asked.language() == null && asked.isLatin() ? text.language() : asked.language();
        ForeignWords words = new ForeignWords(text, asked.question(), main);
        for (Language other : Language.values()) {
            double evidence = words.evidence(other);
            if (other != main
                    && evidence >= needed(asked, main, other, text)
                    && !speaks(asked.question(), main, other)) {
                String examples = String.join(", ", words.examples(other));
                return String.format(
                        Locale.ROOT, "%s words, evidence of %.1f nats: %s", word(other), evidence, examples);
            }
        }
        return null;
    }

    /** The evidence asked for. */
    private double needed(AskedLanguage asked, @Nullable Language main, Language other, LanguageCount text) {
        boolean answeredInEnglish = !asked.said() && other == Language.ENGLISH && text.language() == other;
        if (main == Language.ENGLISH || (main != null && answeredInEnglish)) {
            return minEvidence;
        }
        return (main == null || other == Language.ENGLISH ? 2 : 3) * minEvidence;
    }

    /** Whether the question itself has a clause in this language. */
    private boolean speaks(LanguageCount question, @Nullable Language main, Language other) {
        return new ForeignWords(question, LanguageCount.of(""), main).evidence(other) >= 2 * minEvidence;
    }

    private static String word(Language language) {
        String lower = language.name().toLowerCase(Locale.ROOT);
        return lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1);
    }
}
