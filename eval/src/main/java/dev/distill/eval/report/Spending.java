package dev.distill.eval.report;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the responses to a task took, those that the infrastructure failed left out.
 *
 * @param responses that are counted
 * @param solved right ones among them
 * @param tokens new tokens; 0 where nobody counted
 * @param seconds each from its request to its last token; 0 unless they are known of every response that came
 * @param cost null unless every response has a cost, all in one currency
 */
public record Spending(
        int responses,
        int solved,
        long tokens,
        double seconds,
        @Nullable Money cost) {
    static Spending of(List<Graded> valid, int solved) {
        long tokens = 0;
        double seconds = 0;
        boolean timed = true;
        for (Graded one : valid) {
            tokens += one.response().usage().completionTokens();
            seconds += one.response().seconds();
            timed &= one.response().seconds() > 0 || isWithheld(one.response());
        }
        return new Spending(valid.size(), solved, tokens, timed ? seconds : 0, cost(valid));
    }

    /** The provider's filter left nothing, and nobody waited for it. */
    private static boolean isWithheld(Response response) {
        return response.finish() == FinishReason.CONTENT_FILTER
                && response.answer().isBlank();
    }

    private static @Nullable Money cost(List<Graded> valid) {
        Money sum = null;
        for (Graded one : valid) {
            Response response = one.response();
            if (response.cost() == null
                    || (sum != null && !sum.currency().equals(response.cost().currency()))) {
                return null;
            }
            sum = sum == null ? response.cost() : sum.plus(response.cost());
        }
        return sum;
    }

    /** NaN where not known. */
    public double tokensPerResponse() {
        return per(tokens, responses);
    }

    /** All tokens, those of wrong responses too, for each right response; NaN where none is right, or nobody counted. */
    public double tokensPerSolved() {
        return per(tokens, solved);
    }

    /** NaN where not known. */
    public double secondsPerResponse() {
        return per(seconds, responses);
    }

    /** As {@link #tokensPerSolved}. */
    public double secondsPerSolved() {
        return per(seconds, solved);
    }

    /** Null where not known. */
    public @Nullable Money costPerResponse() {
        return cost == null ? null : cost.dividedBy(responses);
    }

    /** As {@link #tokensPerSolved}; null where not known. */
    public @Nullable Money costPerSolved() {
        return cost == null || solved == 0 ? null : cost.dividedBy(solved);
    }

    private static double per(double amount, int count) {
        return amount == 0 || count == 0 ? Double.NaN : amount / count;
    }
}
