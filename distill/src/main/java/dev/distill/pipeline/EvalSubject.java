package dev.distill.pipeline;

import dev.distill.hub.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who answers an evaluation's questions. */
public sealed interface EvalSubject {
    /** The recipe's student, as it was trained. */
    record Trained() implements EvalSubject {}

    /** A model that this program runs: {@code eval.model}. */
    record Model(ModelSource source) implements EvalSubject {}

    /** A model behind an API: {@code eval.endpoint}. */
    record Endpoint(EndpointPart part) implements EvalSubject {}

    /** Nobody any more: {@code eval.answers}, a file that was made elsewhere. */
    record Answers(Path file) implements EvalSubject {}

    static EvalSubject read(Section section) {
        List<String> given = new ArrayList<>();
        for (String key : List.of("model", "endpoint", "answers")) {
            if (section.has(key)) {
                given.add(key);
            }
        }
        if (given.size() > 1) {
            section.problem(
                    given.getLast(),
                    "stands beside " + String.join(", ", given.subList(0, given.size() - 1))
                            + "; one of them alone can answer: leave the others out");
        }
        ModelSource model = section.model("model");
        Path answers = section.path("answers");
        Section endpoint = section.section("endpoint");
        if (model != null) {
            return new Model(model);
        }
        if (answers != null) {
            return new Answers(answers);
        }
        return given.contains("endpoint") ? new Endpoint(EndpointPart.read(endpoint)) : new Trained();
    }
}
