package dev.distill.eval.grade;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tests of graders share. */
final class Responses {
    private Responses() {}

    static Response of(String answer) {
        return of(answer, FinishReason.STOP, null);
    }

    static Response of(String answer, FinishReason finish, @Nullable String error) {
        return new Response("p", 0, "thinking", answer, finish, Usage.NONE, 0, null, error);
    }

    static Question question(String reference, String... options) {
        return new Question(
                Prompt.of(List.of(Message.user("?")), reference, "test"),
                Collections.emptySortedMap(),
                List.of(options));
    }
}
