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
 * @param estimated whether the provider gave no usage of the whole, so that tokens were counted from the text
 * @param cost by the tariff
 * @param atMost what it may have cost: the same, or where the provider gave no usage of the whole what was set aside for it
 */
record Paid(Usage usage, boolean estimated, Money cost, Money atMost) {
    /** Characters of text in one token, for estimates that are rather too high. */
    private static final int CHARACTERS_PER_TOKEN = 3;

    /** @param reserved what was set aside for it */
    static Paid of(TeacherRequest request, Exchange exchange, Tariff tariff, Instant at, Money reserved) {
        Received received = exchange.received();
        Usage told = received.usage();
        if (told != null && received.billed()) {
            return told(told, tariff.cost(told, at));
        }
        if (received.isEmpty() && (exchange.free() || isCutOff(exchange.outcome()))) {
            return told(Usage.NONE, Money.zero(tariff.currency()));
        }
        Usage usage = received.isEmpty() ? Usage.NONE : estimate(request, received);
        Money sure = told == null ? Money.zero(tariff.currency()) : tariff.cost(told, at);
        Money atMost = isLess(sure, reserved) ? reserved : sure;
        Money cost = tariff.cost(usage, at);
        return new Paid(usage, true, isLess(cost, atMost) ? cost : atMost, atMost);
    }

    private static boolean isLess(Money one, Money other) {
        return one.amount().compareTo(other.amount()) < 0;
    }

    /** Of an exchange whose request is no longer known: what the provider counted, or that it is not known. */
    static Paid withoutText(Exchange exchange, Tariff tariff, Money reserved) {
        Received received = exchange.received();
        Usage told = received.usage();
        Money nothing = Money.zero(tariff.currency());
        if (told != null && received.billed()) {
            return told(told, tariff.cost(told, Instant.now()));
        }
        return exchange.free() || isCutOff(exchange.outcome())
                ? told(Usage.NONE, nothing)
                : new Paid(Usage.NONE, true, nothing, reserved);
    }

    /** As the provider counted. */
    static Paid told(Usage usage, Money cost) {
        return new Paid(usage, false, cost, cost);
    }

    /** We did not wait for its first word: it stays without an end, and counts as what is unanswered does. */
    private static boolean isCutOff(Outcome outcome) {
        return outcome instanceof Outcome.CutStream(Outcome.Cut why, String _) && why == Outcome.Cut.CANCELLED;
    }

    /** Whether the ledger must know of it. */
    boolean isNothing() {
        return atMost.amount().signum() == 0 && tokens() == 0;
    }

    /** Counted from the text, and not less than the provider had counted by then. */
    private static Usage estimate(TeacherRequest request, Received received) {
        long reasoning = received.reasoning().length() / CHARACTERS_PER_TOKEN;
        long all = reasoning + received.content().length() / CHARACTERS_PER_TOKEN;
        Usage text = new Usage(
                request.promptTokensAtMost() / CHARACTERS_PER_TOKEN, 0, Math.max(all, received.deltas()), reasoning);
        Usage told = received.usage();
        return told == null
                ? text
                : new Usage(
                        told.promptTokens(),
                        told.cacheHitTokens(),
                        Math.max(told.completionTokens(), text.completionTokens()),
                        Math.max(told.reasoningTokens(), text.reasoningTokens()));
    }

    long tokens() {
        return usage.promptTokens() + usage.completionTokens();
    }
}
