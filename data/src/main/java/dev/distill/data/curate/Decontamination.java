package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops traces that hold a question of one held-out set, or its solution. Word n-grams after {@link Words}' folding, as in
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
            if (n < 4 || n > 32 || !(fuzzy >= 0.5 && fuzzy <= 1) || !(coverage >= 0 && coverage <= 1)) {
                throw new IllegalArgumentException(
                        "curate.decontaminate: n must be 4 to 32, fuzzy 0.5 to 1, coverage 0 to 1; got " + n + ", "
                                + fuzzy + ", " + coverage);
            }
        }
    }

    private final HeldOutSet set;
    private final String name;
    private final Settings settings;
    private final transient HeldOutIndex questions;
    private final transient HeldOutIndex solutions;

    public Decontamination(HeldOutSet set, Settings settings) {
        this.set = set;
        this.name = PREFIX + set.name();
        this.settings = settings;
        Set<List<String>> seen = new LinkedHashSet<>();
        List<Words> questions = new ArrayList<>();
        List<Words> solutions = new ArrayList<>();
        for (HeldOutSet.Question question : set.questions()) {
            Words words = Words.of(question.text());
            if (seen.add(words.list())) {
                questions.add(words);
            }
            if (question.solution() != null) {
                solutions.add(Words.of(question.solution()));
            }
        }
        this.questions = new HeldOutIndex(questions, settings.n());
        this.solutions = new HeldOutIndex(solutions, settings.n());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict check(Trace trace) {
        Words question = Words.of(trace.question());
        int match = QuestionMatch.find(questions, question, settings);
        if (match >= 0) {
            return found("the question is", match, questions);
        }
        Words reasoning = Words.of(trace.reasoning() == null ? "" : trace.reasoning());
        Words answer = Words.of(trace.answer());
        for (Words text : List.of(reasoning, answer)) {
            match = quoted(questions, text);
            match = match >= 0 ? match : Quotation.find(questions, text);
            if (match >= 0) {
                return found("the reply quotes", match, questions);
            }
            match = quoted(solutions, text);
            if (match >= 0) {
                return found("the reply follows the solution", match, solutions);
            }
        }
        return Verdict.pass(name, "nothing in common");
    }

    /** The held-out text that stands here in large part, with all its numbers; -1 for none. */
    private int quoted(HeldOutIndex index, Words text) {
        for (HeldOutIndex.Hit hit : index.hits(text)) {
            Words heldOut = index.text(hit.document());
            boolean all = hit.covered().cardinality() >= settings.coverage() * heldOut.size();
            boolean numbers = true;
            for (int i = 0; i < heldOut.size(); i++) {
                numbers &= !heldOut.isNumber(i) || hit.covered().get(i);
            }
            if (all && numbers && hit.distinctive()) {
                return hit.document();
            }
        }
        return -1;
    }

    private Verdict found(String what, int document, HeldOutIndex index) {
        String text = String.join(" ", index.text(document).list());
        return Verdict.fail(name, what + ": " + (text.length() <= 80 ? text : text.substring(0, 77) + "..."));
    }

    /** What travels is the set; the index is made again where it arrives. */
    private Object writeReplace() {
        return new Shipped(set, settings);
    }

    private record Shipped(HeldOutSet set, Settings settings) implements Serializable {
        private Object readResolve() {
            return new Decontamination(set, settings);
        }
    }
}
