package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops traces whose parts are of absurd length, by themselves or beside one another: reasoning that never ends, answers as
 * long as a book, a long answer behind a stub of reasoning, an hour's thought on a line. All lengths in words ({@link
 * TextLength}).
 *
 * @param maxReasoning longest reasoning, 100 to 1,000,000
 * @param maxAnswer longest answer, 100 to 1,000,000
 * @param longAnswer from this length on an answer needs a thought, 20 to 100,000
 * @param minShare least length of the reasoning before such an answer, as a share of the answer, 0 to 1
 * @param maxTimes how many words of reasoning one of question and answer may cost, 10 to 100,000
 * @param freeThought reasoning so short is never too long for its question, 0 to 100,000
 */
public record LengthOutlier(
        int maxReasoning, int maxAnswer, int longAnswer, double minShare, int maxTimes, int freeThought)
        implements TraceFilter {
    public static final String NAME = "length";
    public static final LengthOutlier STANDARD = new LengthOutlier(25_000, 4_000, 150, 0.05, 150, 600);

    /** A question of so many words that asks for more than a number cannot be answered in half as many. */
    private static final int LONG_QUESTION = 14;

    private static final Pattern ASKS_FOR_MUCH = Pattern.compile(
            "\\b(?:prov(?:e|ing)|proof|explain|compare|derive|assess|discuss|describe|analy[sz]e|justify|evaluate|outline|contrast|essay|in detail)\\b|证明|解释|比较|分析|论述|说明|详细",
            Pattern.CASE_INSENSITIVE);

    public LengthOutlier {
        within("max_reasoning", maxReasoning, 100, 1_000_000);
        within("max_answer", maxAnswer, 100, 1_000_000);
        within("long_answer", longAnswer, 20, 100_000);
        within("max_times", maxTimes, 10, 100_000);
        within("free_thought", freeThought, 0, 100_000);
        if (!(minShare >= 0 && minShare <= 1)) {
            throw new IllegalArgumentException("curate.length: min_share must be 0 to 1; got " + minShare);
        }
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "curate.length: " + key + " must be " + least + " to " + most + "; got " + value);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        int question = TextLength.words(trace.question());
        int answer = TextLength.words(trace.answer());
        if (answer > maxAnswer) {
            return Verdict.fail(NAME, "answer [long_answer]: " + answer + " words, more than " + maxAnswer);
        }
        if (trace.reasoning() == null || trace.reasoning().isBlank()) {
            return Verdict.pass(NAME, "no reasoning");
        }
        int reasoning = TextLength.words(trace.reasoning());
        String fault = fault(trace.question(), question, reasoning, answer);
        return fault == null
                ? Verdict.pass(NAME, reasoning + " words of reasoning")
                : Verdict.fail(NAME, "reasoning " + fault);
    }

    private @Nullable String fault(String asked, int question, int reasoning, int answer) {
        if (reasoning > maxReasoning) {
            return "[long_reasoning]: " + reasoning + " words, more than " + maxReasoning;
        }
        if (answer >= longAnswer && reasoning < minShare * answer) {
            return "[stub]: " + reasoning + " words before an answer of " + answer;
        }
        if (question >= LONG_QUESTION
                && 2 * (reasoning + answer) < question
                && ASKS_FOR_MUCH.matcher(asked).find()) {
            return "[terse]: " + (reasoning + answer) + " words on a question of " + question;
        }
        long honest = Math.max(freeThought, (long) maxTimes * (question + answer));
        return reasoning > honest
                ? "[overthought]: " + reasoning + " words on " + (question + answer) + " of question and answer"
                : null;
    }
}
