package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.pay.Tariff;
import java.time.Instant;

/**
 * What one exchange cost.
 *
 * @param usage its tokens
 * @param estimated whether the provider gave no usage, so that tokens were counted from the text
 * @param cost by the tariff
 * @param atMost what it may have cost: the same, or where the provider gave no usage what was set aside for it
 */
record Paid(Usage usage, boolean estimated, Money cost, Money atMost) {
    /** Characters of text in one token, for estimates that are rather too high. */
    private static final int CHARACTERS_PER_TOKEN = 3;

    /** @param reserved what was set aside for it */
    static Paid of(TeacherRequest request, Exchange exchange, Tariff tariff, Instant at, Money reserved) {
        Received received = exchange.received();
        Usage told = received.usage();
        if (told != null) {
            return told(told, tariff.cost(told, at));
        }
        if (received.isEmpty() && isFree(exchange.outcome())) {
            return told(Usage.NONE, Money.zero(tariff.currency()));
        }
        Usage usage = received.isEmpty() ? Usage.NONE : estimate(request, received);
        return new Paid(usage, true, tariff.cost(usage, at), reserved);
    }

    /** As the provider counted. */
    static Paid told(Usage usage, Money cost) {
        return new Paid(usage, false, cost, cost);
    }

    /** Whether the provider has not begun to work: it was not reached, or it refused the request. A connection that was lost before the status line counts as not reached. */
    private static boolean isFree(Outcome outcome) {
        return switch (outcome) {
            case Outcome.RateLimited _, Outcome.Unreachable _, Outcome.Unauthorized _, Outcome.OutOfBalance _ -> true;
            case Outcome.NotFound _, Outcome.BadRequest _ -> true;
            case Outcome.Overloaded overloaded -> overloaded.status() != 0;
            case Outcome.CutStream(Outcome.Cut why, String _) -> why == Outcome.Cut.CANCELLED;
            case Outcome.Completed _, Outcome.Refused _, Outcome.EmptyReply _, Outcome.OutOfResources _ -> false;
        };
    }

    /** Whether the ledger must know of it. */
    boolean isNothing() {
        return atMost.amount().signum() == 0 && tokens() == 0;
    }

    private static Usage estimate(TeacherRequest request, Received received) {
        long reasoning = received.reasoning().length() / CHARACTERS_PER_TOKEN;
        long all = reasoning + received.content().length() / CHARACTERS_PER_TOKEN;
        return new Usage(
                request.promptTokensAtMost() / CHARACTERS_PER_TOKEN, 0, Math.max(all, received.deltas()), reasoning);
    }

    long tokens() {
        return usage.promptTokens() + usage.completionTokens();
    }
}
