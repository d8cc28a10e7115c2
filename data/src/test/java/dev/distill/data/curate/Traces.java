package dev.distill.data.curate;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Traces for tests: an honest one, and the same with one part changed. */
final class Traces {
    static final String QUESTION =
            "A baker sells 48 loaves on Monday and half as many on Tuesday. How many loaves in all?";
    static final String REASONING = "On Monday the baker sells 48 loaves. Half of 48 is 24, so on Tuesday there are 24."
            + " Together that makes 48 + 24 = 72 loaves. Let me check this: 72 - 24 = 48, which is right.";
    static final String ANSWER = "The baker sells \\boxed{72} loaves.";

    private Traces() {}

    static Trace honest() {
        return trace(QUESTION, REASONING, ANSWER, "72");
    }

    static Trace reasoning(@Nullable String reasoning) {
        return trace(QUESTION, reasoning, ANSWER, "72");
    }

    static Trace answer(String answer) {
        return trace(QUESTION, REASONING, answer, "72");
    }

    static Trace asked(String question, String reasoning) {
        return trace(question, reasoning, ANSWER, "72");
    }

    static Trace question(String question) {
        return trace(question, REASONING, ANSWER, "72");
    }

    static Trace trace(String question, @Nullable String reasoning, String answer, @Nullable String reference) {
        return sample(question, 0, reasoning, answer, reference);
    }

    static Trace sample(
            String question, int sample, @Nullable String reasoning, String answer, @Nullable String reference) {
        Prompt prompt = Prompt.of(List.of(Message.user(question)), reference, "test");
        return new Trace(
                Trace.unitId(prompt.id(), "teacher", new TreeMap<>(), sample) + "-" + (reasoning + answer).hashCode(),
                prompt.id(),
                sample,
                prompt.messages(),
                reasoning,
                answer,
                reasoning + answer,
                FinishReason.STOP,
                reference,
                "test",
                "teacher",
                new TreeMap<>(),
                Usage.NONE,
                Money.zero("USD"),
                1,
                Instant.EPOCH,
                List.of());
    }

    static Trace withMessages(Trace t, List<Message> messages) {
        return new Trace(
                t.id(),
                t.promptId(),
                t.sample(),
                messages,
                t.reasoning(),
                t.answer(),
                t.rawReply(),
                t.finish(),
                t.reference(),
                t.source(),
                t.teacher(),
                t.parameters(),
                t.usage(),
                t.cost(),
                t.attempts(),
                t.completedAt(),
                t.verdicts());
    }

    static Trace ended(FinishReason finish) {
        Trace t = honest();
        return new Trace(
                t.id(),
                t.promptId(),
                t.sample(),
                t.messages(),
                t.reasoning(),
                t.answer(),
                t.rawReply(),
                finish,
                t.reference(),
                t.source(),
                t.teacher(),
                t.parameters(),
                t.usage(),
                t.cost(),
                t.attempts(),
                t.completedAt(),
                t.verdicts());
    }

    /** Column addition, written out digit by digit as a small student would learn it. */
    static String additionByDigits(String a, String b) {
        StringBuilder working = new StringBuilder("We add " + a + " and " + b + " digit by digit from the right.\n");
        StringBuilder result = new StringBuilder();
        int carry = 0;
        for (int i = 1; i <= Math.max(a.length(), b.length()); i++) {
            int x = i <= a.length() ? a.charAt(a.length() - i) - '0' : 0;
            int y = i <= b.length() ? b.charAt(b.length() - i) - '0' : 0;
            int sum = x + y + carry;
            working.append(x)
                    .append(" + ")
                    .append(y)
                    .append(" + ")
                    .append(carry)
                    .append(" = ")
                    .append(sum);
            working.append(", write ")
                    .append(sum % 10)
                    .append(", carry ")
                    .append(sum / 10)
                    .append(".\n");
            result.insert(0, sum % 10);
            carry = sum / 10;
        }
        return working + "The sum is " + (carry > 0 ? "1" : "") + result + ".";
    }
}
