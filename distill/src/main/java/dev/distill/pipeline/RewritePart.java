package dev.distill.pipeline;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code rewrite:} how the prompts are written anew.
 *
 * @param how what the teacher is to do with a question
 * @param count new questions of each prompt
 * @param template a file that says it in other words; null for ours. {@code {question}} stands for the question
 */
public record RewritePart(How how, int count, @Nullable Path template) {
    /** What becomes of a question. */
    enum How {
        /** The same question in other words: it keeps its answer. */
        PARAPHRASE,
        /** Another question of the same kind. */
        VARY,
        /** A harder one that grows out of it. */
        HARDER;

        /** Why a new question has no reference answer; null where it keeps its own. */
        @Nullable
        String lost() {
            return switch (this) {
                case PARAPHRASE -> null;
                case VARY -> "another question has another answer";
                case HARDER -> "a harder question has another answer";
            };
        }
    }

    static RewritePart read(Section section) {
        RewritePart part = new RewritePart(
                section.choice("how", How.class, How.PARAPHRASE),
                section.whole("count", 1, 1, 1024),
                section.path("template"));
        section.done();
        return part;
    }
}
