package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drops reasoning that mixes languages or is in another language than its question. The measure is that of DeepSeek-R1's
 * language consistency reward (Guo et al. 2025, section 2.3.2): the share of the reasoning's words that are in the target
 * language. Scripts tell most languages apart; those in Latin letters are told apart sentence by sentence.
 *
 * @param minScriptShare least share of words in the question's script, 0 to 1; a script that stands in the question is
 *     never foreign
 * @param minLanguageShare least share of words in sentences that are not in another Latin-letter language, 0 to 1
 * @param minForeign fewest words (characters, in Chinese or Japanese) that count as mixing, at least 1
 */
public record LanguageConsistency(double minScriptShare, double minLanguageShare, int minForeign)
        implements TraceFilter {
    public static final String NAME = "language";
    public static final LanguageConsistency STANDARD = new LanguageConsistency(0.99, 0.95, 2);

    public LanguageConsistency {
        if (!(minScriptShare >= 0 && minScriptShare <= 1 && minLanguageShare >= 0 && minLanguageShare <= 1)) {
            throw new IllegalArgumentException("curate.language: shares must be 0 to 1; got min_script_share "
                    + minScriptShare + ", min_language_share " + minLanguageShare);
        }
        if (minForeign < 1) {
            throw new IllegalArgumentException("curate.language: min_foreign must be at least 1; got " + minForeign);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        LanguageCount question = LanguageCount.of(trace.question());
        LanguageCount reasoning = LanguageCount.of(trace.reasoning() == null ? "" : trace.reasoning());
        if (reasoning.words() == 0) {
            return Verdict.undecided(NAME, "no words in the reasoning");
        }
        Set<UnicodeScript> target = question.words() > 0 ? question.scripts() : EnumSet.of(reasoning.mainScript());
        Verdict scripts = shares(target, reasoning);
        return scripts.outcome() == Verdict.Outcome.FAIL ? scripts : latin(question, reasoning, target);
    }

    private Verdict shares(Set<UnicodeScript> target, LanguageCount reasoning) {
        EnumSet<UnicodeScript> allowed = EnumSet.copyOf(target);
        if (allowed.contains(UnicodeScript.HIRAGANA) || allowed.contains(UnicodeScript.KATAKANA)) {
            allowed.addAll(EnumSet.of(UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HAN));
        }
        // Letters and names in formulas are Latin in every language; whole sentences are looked at below.
        boolean latinOnlyInFormulas = !allowed.contains(UnicodeScript.LATIN);
        int inScript = 0;
        int foreign = 0;
        for (Map.Entry<UnicodeScript, Integer> count : reasoning.byScript().entrySet()) {
            boolean ignored = latinOnlyInFormulas && count.getKey() == UnicodeScript.LATIN;
            inScript += allowed.contains(count.getKey()) ? count.getValue() : 0;
            foreign += allowed.contains(count.getKey()) || ignored ? 0 : count.getValue();
        }
        if (latinOnlyInFormulas && inScript == 0) {
            return Verdict.fail(NAME, "none of " + reasoning.words() + " words in the question's script " + target);
        }
        double share = (double) inScript / Math.max(1, inScript + foreign);
        return share < minScriptShare && foreign >= minForeign
                ? Verdict.fail(NAME, percent(share) + " of words in " + target + ", " + foreign + " in other scripts")
                : Verdict.pass(NAME, percent(share) + " of words in " + target);
    }

    private Verdict latin(LanguageCount question, LanguageCount reasoning, Set<UnicodeScript> target) {
        Map<Language, Integer> bySentence = reasoning.byLanguage();
        Language asked = target.contains(UnicodeScript.LATIN) ? question.language() : null;
        Language main = asked != null || !target.contains(UnicodeScript.LATIN) ? asked : largest(bySentence);
        int foreign = 0;
        EnumSet<Language> others = EnumSet.noneOf(Language.class);
        for (Map.Entry<Language, Integer> count : bySentence.entrySet()) {
            if (count.getKey() != main && !question.byLanguage().containsKey(count.getKey())) {
                foreign += count.getValue();
                others.add(count.getKey());
            }
        }
        double share = 1 - (double) foreign / reasoning.words();
        String found = percent(share) + " of words in " + (main == null ? target.toString() : word(main));
        return share < minLanguageShare && foreign >= minForeign
                ? Verdict.fail(
                        NAME, found + ", sentences in " + others.toString().toLowerCase(Locale.ROOT))
                : Verdict.pass(NAME, found);
    }

    private static @Nullable Language largest(Map<Language, Integer> counts) {
        Language largest = null;
        for (Map.Entry<Language, Integer> count : new EnumMap<>(counts).entrySet()) {
            largest = largest == null || count.getValue() > counts.getOrDefault(largest, 0) ? count.getKey() : largest;
        }
        return largest;
    }

    private static String word(Language language) {
        return language.name().toLowerCase(Locale.ROOT);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
