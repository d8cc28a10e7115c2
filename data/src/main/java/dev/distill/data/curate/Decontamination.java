package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drops traces that hold a question of one held-out set, or its solution, in any turn of the conversation. Word n-grams after {@link Words}' folding, as in
 * GPT-3 (13), DeepSeek-R1 (10), s1 and open-r1 (8), with three refinements, since two problems that differ in a number are
 * two problems:
 *
 * <ul>
 *   <li>a question made mainly of numbers and signs, or shorter than n words, matches as a whole (or in its formula) only;
 *   <li>an n-gram that many questions of the set share is a template's phrase and proves nothing;
 *   <li>two questions with an n-gram in common do not match if a number of one stands changed in the other.
 * </ul>
 *
 * A question whose words were changed here and there is found by its longest common subsequence of words. In the trace's
 * reasoning and answer a question counts only where most of it stands, its numbers included, and a solution likewise.
 */
public final class Decontamination implements TraceFilter {
    /** Verdicts carry this and the set's name, for example {@code contamination:math500}. */
    public static final String PREFIX = "contamination:";

    /** Bounds of {@link Settings}. */
    public static final int MIN_N = 4;

    public static final int MAX_N = 32;

    public static final double MIN_FUZZY = 0.5;

    /**
     * How much in common is too much.
     *
     * @param n words of an n-gram, 4 to 32; 8 as s1 and open-r1, 10 as DeepSeek-R1, 13 as GPT-3
     * @param fuzzy share of two questions' words that stand in the same order in both, from which they match, 0.5 to 1
     * @param coverage share of a held-out text's words that must lie in common n-grams for reasoning and answer to match,
     *     0 to 1
     */
    public record Settings(int n, double fuzzy, double coverage) implements Serializable {
        public static final Settings STANDARD = new Settings(8, 0.85, 0.6);

        public Settings {
            if (n < MIN_N || n > MAX_N || !(fuzzy >= MIN_FUZZY && fuzzy <= 1) || !(coverage >= 0 && coverage <= 1)) {
                throw new IllegalArgumentException("decontamination: n must be " + MIN_N + " to " + MAX_N + ", fuzzy "
                        + MIN_FUZZY + " to 1, coverage 0 to 1; got " + n + ", " + fuzzy + ", " + coverage);
            }
        }
    }

    private final HeldOutSets sets;
    private final int which;
    private final String name;
    private final transient HeldOutIndex questions;
    private final transient GramIndex grams;

    /** For one set alone. */
    public Decontamination(HeldOutSet set, Settings settings) {
        this(new HeldOutSets(List.of(set), settings), 0);
    }

    /** For one of several, which are looked for together. */
    Decontamination(HeldOutSets sets, int which) {
        this.sets = sets;
        this.which = which;
        this.name = PREFIX + sets.set(which).name();
        this.questions = sets.questions(which);
        this.grams = sets.grams(which);
    }

    /** What it looks for. */
    public HeldOutSet set() {
        return sets.set(which);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict check(Trace trace) {
        return check(trace, new TraceWords(trace));
    }

    @Override
    public Verdict check(Trace trace, TraceWords words) {
        Verdict found = asked(words.question());
        found = found != null ? found : replied(words.reasoning());
        found = found != null ? found : replied(words.answer());
        for (Reading earlier : words.askedEarlier()) {
            found = found != null ? found : asked(earlier);
        }
        for (Reading earlier : words.repliedEarlier()) {
            found = found != null ? found : replied(earlier);
        }
        return found != null ? found : Verdict.pass(name, "nothing in common");
    }

    /** A held-out question that somebody asks there; null for none. */
    private @Nullable Verdict asked(Reading text) {
        List<GramIndex.Hit> hits =
                grams.hits(text, sets.all()).stream().filter(grams::isQuestion).toList();
        HeldOutMatch match = QuestionMatch.find(questions, hits, text, sets.settings());
        return match == null ? null : found(Contamination.QUESTION, match);
    }

    /** A held-out question that is quoted there, or a solution that is followed; null for none. */
    private @Nullable Verdict replied(Reading text) {
        List<GramIndex.Hit> hits = grams.hits(text, sets.all());
        HeldOutMatch match = quoted(hits, true);
        match = match != null ? match : Quotation.find(questions, sets.longNumbers(), text);
        if (match != null) {
            return found(Contamination.QUOTED, match);
        }
        match = quoted(hits, false);
        return match == null ? null : found(Contamination.SOLUTION, match);
    }

    /** The held-out question or solution that stands there in large part, with all its numbers; null for none. */
    private @Nullable HeldOutMatch quoted(List<GramIndex.Hit> hits, boolean question) {
        for (GramIndex.Hit hit : hits) {
            if (grams.isQuestion(hit) == question && hit.distinctive() && isQuoted(hit)) {
                return new HeldOutMatch(hit.document(), false);
            }
        }
        return null;
    }

    private boolean isQuoted(GramIndex.Hit hit) {
        Words heldOut = grams.text(hit.document());
        boolean quoted = hit.covered().cardinality() >= sets.settings().coverage() * heldOut.size();
        for (int i = 0; i < heldOut.size() && quoted; i++) {
            quoted = !heldOut.isNumber(i) || hit.covered().get(i);
        }
        return quoted;
    }

    private Verdict found(Contamination kind, HeldOutMatch match) {
        Words text = grams.text(match.document());
        return Verdict.fail(name, kind.reason(text.brief(0, text.size(), 80), match.nearly()));
    }

    /** The indices are not written; they are found again in what holds all sets. */
    private record Shipped(HeldOutSets sets, int which) implements Serializable {
        private Object readResolve() {
            return new Decontamination(sets, which);
        }
    }

    private Object writeReplace() {
        return new Shipped(sets, which);
    }
}
