package dev.distill.data.answer;

import dev.distill.data.answer.AnswerComparer.Comparison;
import dev.distill.data.answer.AnswerComparer.Outcome;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.Optional;

/**
 * Checks a trace's final answer against its reference by rules: the answer is taken out of {@link Trace#answer()},
 * compared as mathematics, and the finding is a verdict with one line of reason.
 */
public final class MathVerifier implements Verifier, Serializable {
    public static final String NAME = "math";

    /** Of a multiple choice. */
    private static final String LETTERS = "ABCDEFGHIJ";

    private final AnswerExtractor extractor;
    private final AnswerComparer comparer;

    public MathVerifier() {
        this(AnswerExtractor.standard(), AnswerComparer.standard());
    }

    public MathVerifier(AnswerExtractor extractor, AnswerComparer comparer) {
        this.extractor = extractor;
        this.comparer = comparer;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict verify(Trace trace) {
        return trace.reference() == null
                ? Verdict.undecided(NAME, "no reference")
                : verify(trace.reference(), trace.answer());
    }

    /** The same for a reference and a completion's answer alone. */
    public Verdict verify(String reference, String answer) {
        Comparison comparison = AnswerComparer.guarded(() -> compared(reference, answer));
        return switch (comparison.outcome()) {
            case EQUAL -> Verdict.pass(NAME, comparison.reason());
            case DIFFERENT -> Verdict.fail(NAME, comparison.reason());
            case UNDECIDED -> Verdict.undecided(NAME, comparison.reason());
        };
    }

    private Comparison compared(String reference, String answer) {
        Optional<Extracted> gold = extractor.extractReference(reference);
        if (gold.isEmpty()) {
            return new Comparison(Outcome.UNDECIDED, "no answer in the reference");
        }
        Comparison comparison = extractor
                .extract(answer)
                .map(found -> comparer.compare(gold.get().text(), found.text()))
                .orElse(new Comparison(Outcome.UNDECIDED, "no answer that can be read"));
        return comparison.outcome() == Outcome.EQUAL
                ? comparison
                : choice(gold.get().text(), answer, comparison);
    }

    /** Where the reference is a letter, the one that the completion chooses counts; what was found before, where it names none. */
    private static Comparison choice(String reference, String answer, Comparison before) {
        Optional<String> wanted = ChoiceLetter.alone(reference);
        Optional<String> chosen = wanted.isEmpty() ? Optional.empty() : ChoiceLetter.in(answer, LETTERS);
        if (wanted.isEmpty() || chosen.isEmpty()) {
            return before;
        }
        return wanted.equals(chosen)
                ? new Comparison(Outcome.EQUAL, "choice " + chosen.get())
                : new Comparison(Outcome.DIFFERENT, "choice " + chosen.get() + ", the reference is " + wanted.get());
    }
}
