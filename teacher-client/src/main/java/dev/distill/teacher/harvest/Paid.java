package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
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
 */
record Paid(Usage usage, boolean estimated, Money cost) {
    /** Characters of text in one token, for estimates that are rather too high. */
    private static final int CHARACTERS_PER_TOKEN = 3;

    static Paid of(TeacherRequest request, Exchange exchange, Tariff tariff, Instant at) {
        Received received = exchange.received();
        if (received.isEmpty()) {
            return new Paid(Usage.NONE, false, Money.zero(tariff.currency()));
        }
        Usage told = received.usage();
        Usage usage = told == null ? estimate(request, received) : told;
        return new Paid(usage, told == null, tariff.cost(usage, at));
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
