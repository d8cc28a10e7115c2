package dev.distill.data.answer;

import dev.distill.data.answer.AnswerComparer.Comparison;
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
        Optional<Extracted> gold = extractor.extractReference(reference);
        if (gold.isEmpty()) {
            return Verdict.undecided(NAME, "no answer in the reference");
        }
        Optional<Extracted> given = extractor.extract(answer);
        if (given.isEmpty()) {
            return Verdict.undecided(NAME, "no answer that can be read");
        }
        Comparison comparison = comparer.compare(gold.get().text(), given.get().text());
        return switch (comparison.outcome()) {
            case EQUAL -> Verdict.pass(NAME, comparison.reason());
            case DIFFERENT -> Verdict.fail(NAME, comparison.reason());
            case UNDECIDED -> Verdict.undecided(NAME, comparison.reason());
        };
    }
}
