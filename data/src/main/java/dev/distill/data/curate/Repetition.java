package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
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

    /** So many characters of Chinese or Japanese are a word. */
    private static final int UNSPACED = 2;

    private static final int MAX_DIGITS = 20;

    /** Largest share of spans of any kind that stand exactly twice. */
    private static final double MAX_FORMULAS_TWICE = 0.6;

    /** Seen again at this distance, so many words make a loop's beginning. */
    private static final int SEED = 4;

    /** So many rounds that differ in their numbers alone are no table and no search, but a counter. */
    private static final int COUNTED_ROUNDS = 50;

    /** Words of prose in a round from which on it is no row of a table. */
    private static final int COUNTED_PROSE = 3;

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
        return check(trace, new TraceWords(trace));
    }

    @Override
    public Verdict check(Trace trace, TraceWords words) {
        int digits = 0;
        for (Reading part : List.of(words.question(), words.reasoning(), words.answer())) {
            digits = Math.max(digits, Math.min(MAX_DIGITS, part.words().longestNumber()));
        }
        Verdict verdict = check("reasoning", words.reasoning(), digits);
        return verdict.outcome() == Verdict.Outcome.FAIL ? verdict : check("answer", words.answer(), digits);
    }

    private Verdict check(String part, Reading reading, int digits) {
        Words words = reading.words();
        String stutter = Stutter.find(reading.chars());
        if (stutter != null) {
            return Verdict.fail(NAME, part + ": \"" + stutter + "\" without end");
        }
        Loop loop = longestLoop(reading, digits);
        if (loop != null) {
            return Verdict.fail(NAME, part + ": \"" + loop.text() + "\" " + loop.rounds() + " times in a row");
        }
        Loop counted = longestCount(words);
        if (counted != null) {
            return Verdict.fail(
                    NAME, part + ": \"" + counted.text() + "\" " + counted.rounds() + " times with other numbers");
        }
        int span = !reading.isAscii() && isUnspaced(words) ? UNSPACED * SPAN : SPAN;
        if (words.size() < 3 * span) {
            return Verdict.pass(NAME, "nothing repeated");
        }
        Spans spans = Spans.of(reading, span);
        double thrice = spans.share(3);
        double twice = spans.share(2);
        if (thrice > maxShare) {
            return Verdict.fail(NAME, part + ": " + percent(thrice) + " of words in spans that stand 3 times");
        }
        return twice > maxTwice || spans.exactlyTwice() > MAX_FORMULAS_TWICE
                ? Verdict.fail(NAME, part + ": " + percent(Math.max(twice, spans.exactlyTwice())) + " stands twice")
                : Verdict.pass(NAME, percent(thrice) + " repeated");
    }

    /** Whether more than half of the words are characters of a script without spaces. */
    private static boolean isUnspaced(Words words) {
        int unspaced = 0;
        for (int i = 0; i < words.size(); i++) {
            unspaced += words.isUnspaced(i) ? 1 : 0;
        }
        return 2 * unspaced > words.size();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /**
     * One pass: each group of {@link #SEED} words is looked up where it last stood. While that distance stays the same
     * from word to word, the text repeats itself with this period, wherever it does and to the end.
     */
    private @Nullable Loop longestLoop(Reading reading, int digits) {
        return longest(reading.words(), reading.grams(SEED), loop -> loop.rounds() > loop.allowed(maxRounds, digits));
    }

    /** A span of prose that stands again and again with other numbers in it: a counter that never stops. */
    private static @Nullable Loop longestCount(Words words) {
        long[] hashes = words.hashes();
        int numbers = 0;
        for (int i = 0; i < hashes.length; i++) {
            numbers += words.isNumber(i) ? 1 : 0;
            hashes[i] = words.isNumber(i) ? 0 : hashes[i];
        }
        if (numbers < COUNTED_ROUNDS || hashes.length < SEED) {
            return null;
        }
        return longest(
                words,
                Words.grams(hashes, hashes.length, SEED),
                loop -> loop.rounds() > COUNTED_ROUNDS && loop.prose() >= COUNTED_PROSE);
    }

    private static @Nullable Loop longest(Words words, long[] grams, Predicate<Loop> counts) {
        LongIntTable last = new LongIntTable(grams.length);
        Loop longest = null;
        int period = 0;
        int run = 0;
        for (int i = 0; i < grams.length; i++) {
            int before = last.put(grams[i], i);
            int distance = before < 0 ? 0 : i - before;
            run = distance > 0 && distance == period ? run + 1 : distance > 0 ? 1 : 0;
            period = distance;
            int covered = run == 0 ? 0 : run + SEED - 1 + period;
            if (run > 0 && covered >= 2 * period && (longest == null || covered > longest.covered())) {
                Loop loop = new Loop(words, Math.min(words.size(), i + SEED), period, covered);
                longest = counts.test(loop) ? loop : longest;
            }
        }
        return longest;
    }
}
