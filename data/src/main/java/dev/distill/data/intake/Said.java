package dev.distill.data.intake;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a row says of one reply. Who taught, where nobody says it by an option, and what else the row has is read by {@link TraceMaker}.
 *
 * @param messages up to the question
 * @param finish as the data set states it; null where it does not
 * @param teacher as the row states it; null where it does not
 */
record Said(
        List<Message> messages,
        Reply reply,
        @Nullable FinishReason finish,
        @Nullable String reference,
        @Nullable String teacher,
        List<Verdict> verdicts) {
    Said {
        messages = List.copyOf(messages);
        verdicts = List.copyOf(verdicts);
    }

    /** A reply to these messages of which the row says no more than the usual columns do. */
    static Said of(List<Message> messages, Reply reply, Columns row) {
        return new Said(messages, reply, row.finish(), row.reference(), row.teacher(), row.verdicts());
    }

    /** The question alone, behind the row's system message where it has one. */
    static List<Message> asked(@Nullable String system, String question) {
        List<Message> messages = new ArrayList<>();
        if (system != null && !system.isBlank()) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(question));
        return messages;
    }

    Said withReference(@Nullable String other) {
        return new Said(messages, reply, finish, other, teacher, verdicts);
    }

    Said withTeacher(@Nullable String other) {
        return new Said(messages, reply, finish, reference, other, verdicts);
    }

    Said withFinish(@Nullable FinishReason other) {
        return new Said(messages, reply, other, reference, teacher, verdicts);
    }

    Said with(List<Verdict> findings) {
        List<Verdict> all = new ArrayList<>(verdicts);
        all.addAll(findings);
        return new Said(messages, reply, finish, reference, teacher, all);
    }
}
