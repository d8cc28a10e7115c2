package dev.distill.data.curate;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import dev.distill.data.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one trace, read when a filter first asks for them and then kept for the others: reading is most of what
 * comparing texts costs. For one thread at a time.
 */
public final class TraceWords {
    private final String questionText;
    private final String reasoningText;
    private final String answerText;
    private final List<Message> earlier;
    private @Nullable List<Reading> askedEarlier;
    private @Nullable List<Reading> repliedEarlier;
    private @Nullable Reading question;
    private @Nullable Reading reasoning;
    private @Nullable Reading answer;

    public TraceWords(Trace trace) {
        this.questionText = trace.question();
        this.reasoningText = trace.reasoning() == null ? "" : trace.reasoning();
        this.answerText = trace.answer();
        this.earlier = trace.earlier();
    }

    /** What the user said before, and the system message. */
    List<Reading> askedEarlier() {
        askedEarlier = askedEarlier == null ? said(false) : askedEarlier;
        return askedEarlier;
    }

    /** What was replied before. */
    List<Reading> repliedEarlier() {
        repliedEarlier = repliedEarlier == null ? said(true) : repliedEarlier;
        return repliedEarlier;
    }

    private List<Reading> said(boolean byAssistant) {
        return earlier.stream()
                .filter(message -> (message.role() == Role.ASSISTANT) == byAssistant)
                .map(message -> Reading.of(message.content()))
                .toList();
    }

    /** Reads the words of all texts now, so that no filter is the one that has to. */
    public void read() {
        question().words();
        reasoning().words();
        answer().words();
    }

    Reading question() {
        question = question == null ? Reading.of(questionText) : question;
        return question;
    }

    Reading reasoning() {
        reasoning = reasoning == null ? Reading.of(reasoningText) : reasoning;
        return reasoning;
    }

    Reading answer() {
        answer = answer == null ? Reading.of(answerText) : answer;
        return answer;
    }
}
