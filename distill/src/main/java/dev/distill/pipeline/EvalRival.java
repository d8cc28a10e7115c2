package dev.distill.pipeline;

import dev.distill.eval.report.GradedTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is compared with the one that is evaluated, question by question. */
public sealed interface EvalRival {
    /** The recipe's student before its training: what the training has done. */
    record Base() implements EvalRival {}

    /** Another run, whose answers to the same tasks are there. @param run its folder */
    record Run(Path run) implements EvalRival {}

    /** These answers under a name that is not the subject's: a model that is compared with what it answered elsewhere is called alike. */
    default List<GradedTask> named(List<GradedTask> rival, List<GradedTask> subject) {
        Set<String> taken = subject.stream().map(GradedTask::model).collect(Collectors.toSet());
        return rival.stream()
                .map(graded -> taken.contains(graded.model())
                        ? new GradedTask(
                                graded.task(), graded.model() + " " + origin(), graded.questions(), graded.asked())
                        : graded)
                .toList();
    }

    /** Where its answers come from, behind a name. */
    private String origin() {
        return switch (this) {
            case Base base -> "before";
            case Run(Path run) -> "in " + run.toAbsolutePath().normalize().getFileName();
        };
    }

    /** {@code eval.against}: {@code base}, or the folder of a run. */
    static Optional<EvalRival> read(Section section) {
        @Nullable String word = section.text("against");
        if (word == null) {
            return Optional.empty();
        }
        return Optional.of(word.equals("base") ? new Base() : new Run(section.path("against", word)));
    }
}
