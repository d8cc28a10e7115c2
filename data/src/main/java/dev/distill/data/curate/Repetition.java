package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies that are caught in a loop: the same span of words again and again with nothing between, or the same long
 * spans all over the text. Structured working repeats short phrases too, but its numbers move on from step to step; so a
 * span without numbers counts sooner as a loop than one with numbers, and a long span sooner than a short one. A step of
 * working can stand as often as the numbers have digits (0 + 0 = 0, write 0, carry 0), hardly more often.
 *
 * @param minRounds how many times in a row a span must stand, 3 to 100; spans with numbers shorter than {@link
 *     #LONG_SPAN} words must stand more often than this and the digits of the trace's longest number together
 * @param minWords how many words the loop must cover, 8 to 10,000; twice as many for those short spans with numbers
 * @param maxShare largest share of words in spans of {@link #SPAN} words that stand three times or more, 0 to 1
 */
public record Repetition(int minRounds, int minWords, double maxShare) implements TraceFilter {
    public static final String NAME = "repetition";
    public static final Repetition STANDARD = new Repetition(4, 16, 0.3);

    /** From this many words on a span is no phrase of working. */
    static final int LONG_SPAN = 12;

    /** Words that must agree before a span counts as standing again. */
    static final int SPAN = 16;

    private static final int MAX_DIGITS = 20;

    /** Seen again at this distance, so many words make a loop's beginning. */
    private static final int SEED = 4;

    public Repetition {
        if (minRounds < 3
                || minRounds > 100
                || minWords < 8
                || minWords > 10_000
                || !(maxShare >= 0 && maxShare <= 1)) {
            throw new IllegalArgumentException(
                    "curate.repetition: min_rounds must be 3 to 100, min_words 8 to 10000, max_share 0 to 1; got "
                            + minRounds + ", " + minWords + ", " + maxShare);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        Words reasoning = Words.of(trace.reasoning() == null ? "" : trace.reasoning());
        Words answer = Words.of(trace.answer());
        int digits = Math.max(
                longestNumber(Words.of(trace.question())), Math.max(longestNumber(reasoning), longestNumber(answer)));
        Verdict verdict = check("reasoning", reasoning, digits);
        return verdict.outcome() == Verdict.Outcome.FAIL ? verdict : check("answer", answer, digits);
    }

    /** Digits of the longest number, but no more than {@link #MAX_DIGITS}. */
    private static int longestNumber(Words words) {
        int longest = 0;
        for (String number : words.numbers()) {
            longest = Math.max(longest, number.length());
        }
        return Math.min(longest, MAX_DIGITS);
    }

    private Verdict check(String part, Words words, int digits) {
        Loop loop = longestLoop(words, digits);
        if (loop != null) {
            return Verdict.fail(NAME, part + ": \"" + loop.text(words) + "\" " + loop.rounds() + " times in a row");
        }
        double share = repeatedShare(words);
        return share > maxShare
                ? Verdict.fail(
                        NAME,
                        String.format(
                                Locale.ROOT, "%s: %.0f %% of words in spans that stand 3 times", part, 100 * share))
                : Verdict.pass(NAME, String.format(Locale.ROOT, "%.0f %% repeated", 100 * share));
    }

    /** A span of {@code period} words that stands {@code rounds} times in a row, the last time ending before {@code end}. */
    private record Loop(int end, int period, int rounds) {
        String text(Words words) {
            String text = String.join(" ", words.list().subList(end - period, end));
            return text.length() <= 60 ? text : text.substring(0, 57) + "...";
        }
    }

    /**
     * One pass: each group of {@link #SEED} words is looked up where it last stood. While that distance stays the same
     * from word to word, the text repeats itself with this period.
     */
    private @Nullable Loop longestLoop(Words words, int digits) {
        long[] grams = words.grams(SEED);
        Map<Long, Integer> last = new HashMap<>();
        Loop longest = null;
        int period = 0;
        int run = 0;
        for (int i = 0; i < grams.length; i++) {
            Integer before = last.put(grams[i], i);
            int distance = before == null ? 0 : i - before;
            run = distance > 0 && distance == period ? run + 1 : distance > 0 ? 1 : 0;
            period = distance;
            int covered = run == 0 ? 0 : run + SEED - 1 + period;
            if (run > 0 && covered / period >= minRounds && isLoop(words, i + SEED, period, covered, digits)) {
                Loop loop = new Loop(Math.min(words.size(), i + SEED), period, covered / period);
                longest = longest == null || loop.rounds() * loop.period() > longest.rounds() * longest.period()
                        ? loop
                        : longest;
            }
        }
        return longest;
    }

    private boolean isLoop(Words words, int end, int period, int covered, int digits) {
        boolean numbers = false;
        boolean prose = false;
        for (int i = Math.max(0, Math.min(end, words.size()) - period); i < Math.min(end, words.size()); i++) {
            numbers |= words.isNumber(i);
            prose |= !words.isSymbol(i);
        }
        if (!prose) {
            return covered >= 16 * minWords; // a long row of numbers and signs may be honest: 0.333..., 1 + 1 + 1
        }
        boolean working = numbers && period < LONG_SPAN;
        return working ? covered / period > minRounds + digits && covered >= 2 * minWords : covered >= minWords;
    }

    /** Share of words that lie in spans which stand three times or more; words of the first time count too. */
    private static double repeatedShare(Words words) {
        if (words.size() < 4 * SPAN) {
            return 0;
        }
        long[] grams = words.grams(SPAN);
        Map<Long, Integer> counts = new HashMap<>();
        for (long gram : grams) {
            counts.merge(gram, 1, Integer::sum);
        }
        int covered = 0;
        int until = 0;
        for (int i = 0; i < grams.length; i++) {
            if (counts.getOrDefault(grams[i], 0) >= 3 && isProse(words, i, i + SPAN)) {
                covered += i + SPAN - Math.max(until, i);
                until = i + SPAN;
            }
        }
        return (double) covered / words.size();
    }

    /** Half of the words or more are words, not parts of a formula that is carried along from line to line. */
    private static boolean isProse(Words words, int from, int to) {
        int prose = 0;
        for (int i = from; i < to; i++) {
            prose += words.isSymbol(i) ? 0 : 1;
        }
        return 2 * prose >= to - from;
    }
}
