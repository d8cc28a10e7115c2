package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies that are caught in a loop: the same span of words again and again with nothing between, a character or a
 * syllable without end, or the same long spans all over the text. {@link Loop} says how often a span may stand.
 *
 * @param maxRounds how many times in a row a phrase may stand, 2 to 100
 * @param maxShare largest share of words in spans of {@link #SPAN} words that stand three times or more, 0 to 1
 * @param maxTwice the same for spans that stand twice: a derivation that is written out again, 0 to 1
 */
public record Repetition(int maxRounds, double maxShare, double maxTwice) implements TraceFilter {
    public static final String NAME = "repetition";
    public static final Repetition STANDARD = new Repetition(3, 0.3, 0.5);

    /** Words that must agree before a span counts as standing again. */
    static final int SPAN = 12;

    /** In a shorter text nothing long enough can stand again. */
    private static final int MIN_WORDS = 3 * SPAN;

    private static final int MAX_DIGITS = 20;

    /** Largest share of spans of any kind that stand exactly twice. */
    private static final double MAX_FORMULAS_TWICE = 0.6;

    /** Seen again at this distance, so many words make a loop's beginning. */
    private static final int SEED = 4;

    public Repetition {
        if (maxRounds < 2 || maxRounds > 100) {
            throw new IllegalArgumentException("curate.repetition: max_rounds must be 2 to 100; got " + maxRounds);
        }
        if (!(maxShare >= 0 && maxShare <= 1 && maxTwice >= 0 && maxTwice <= 1)) {
            throw new IllegalArgumentException(
                    "curate.repetition: max_share and max_twice must be 0 to 1; got " + maxShare + ", " + maxTwice);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        String text = trace.reasoning() == null ? "" : trace.reasoning();
        Words reasoning = Words.of(text);
        Words answer = Words.of(trace.answer());
        int digits = Math.max(
                longestNumber(Words.of(trace.question())), Math.max(longestNumber(reasoning), longestNumber(answer)));
        Verdict verdict = check("reasoning", text, reasoning, digits);
        return verdict.outcome() == Verdict.Outcome.FAIL ? verdict : check("answer", trace.answer(), answer, digits);
    }

    /** Digits of the longest number, but no more than {@link #MAX_DIGITS}. */
    private static int longestNumber(Words words) {
        int longest = 0;
        for (int i = 0; i < words.size(); i++) {
            longest = words.isNumber(i) ? Math.max(longest, words.get(i).length()) : longest;
        }
        return Math.min(longest, MAX_DIGITS);
    }

    private Verdict check(String part, String text, Words words, int digits) {
        String stutter = Stutter.find(text);
        if (stutter != null) {
            return Verdict.fail(NAME, part + ": \"" + stutter + "\" without end");
        }
        Loop loop = longestLoop(words, digits);
        if (loop != null) {
            return Verdict.fail(NAME, part + ": \"" + loop.text() + "\" " + loop.rounds() + " times in a row");
        }
        if (words.size() < MIN_WORDS) {
            return Verdict.pass(NAME, "nothing repeated");
        }
        Spans spans = Spans.of(words, SPAN);
        double thrice = spans.share(3);
        double twice = spans.share(2);
        if (thrice > maxShare) {
            return Verdict.fail(NAME, part + ": " + percent(thrice) + " of words in spans that stand 3 times");
        }
        return twice > maxTwice || spans.exactlyTwice() > MAX_FORMULAS_TWICE
                ? Verdict.fail(NAME, part + ": " + percent(Math.max(twice, spans.exactlyTwice())) + " stands twice")
                : Verdict.pass(NAME, percent(thrice) + " repeated");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /**
     * One pass: each group of {@link #SEED} words is looked up where it last stood. While that distance stays the same
     * from word to word, the text repeats itself with this period.
     */
    private @Nullable Loop longestLoop(Words words, int digits) {
        long[] grams = words.grams(SEED);
        Map<Long, Integer> last = HashMap.newHashMap(grams.length);
        Loop longest = null;
        int period = 0;
        int run = 0;
        for (int i = 0; i < grams.length; i++) {
            Integer before = last.put(grams[i], i);
            int distance = before == null ? 0 : i - before;
            run = distance > 0 && distance == period ? run + 1 : distance > 0 ? 1 : 0;
            period = distance;
            int covered = run == 0 ? 0 : run + SEED - 1 + period;
            if (run > 0 && covered >= 2 * period && (longest == null || covered > longest.covered())) {
                Loop loop = new Loop(words, Math.min(words.size(), i + SEED), period, covered);
                longest = loop.rounds() > loop.allowed(maxRounds, digits) ? loop : longest;
            }
        }
        return longest;
    }
}
