package dev.distill.pipeline;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is compared with the one that is evaluated, question by question. */
public sealed interface EvalRival {
    /** The recipe's student before its training: what the training has done. */
    record Base() implements EvalRival {}

    /** Another run, whose answers to the same tasks are there. @param run its folder */
    record Run(Path run) implements EvalRival {}

    /** {@code eval.against}: {@code base}, or the folder of a run. */
    static Optional<EvalRival> read(Section section) {
        @Nullable String word = section.text("against");
        if (word == null) {
            return Optional.empty();
        }
        return Optional.of(word.equals("base") ? new Base() : new Run(section.path("against", word)));
    }
}
