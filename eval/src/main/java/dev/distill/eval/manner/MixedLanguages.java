package dev.distill.eval.manner;

import dev.distill.data.curate.LanguageConsistency;
import java.util.Optional;

/** Whether reasoning or answer mix languages, or are in another one than the question ({@link LanguageConsistency}). */
public record MixedLanguages() implements Measure {
    @Override
    public String name() {
        return "mixed_languages";
    }

    @Override
    public String title() {
        return "mixes languages";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        return Finding.of(reply.findings(LanguageConsistency.STANDARD));
    }
}
