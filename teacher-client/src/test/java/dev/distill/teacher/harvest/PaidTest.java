package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Received;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prompt tokens cost a thousandth, those of the reply a hundredth; 1.5 were set aside. */
class PaidTest {
    private static final TeacherRequest REQUEST =
            new TeacherRequest(List.of(Message.user("1 + 1?")), Sampling.R1.withMaxTokens(100), 0);
    private static final Money RESERVED = new Money(new BigDecimal("1.5"), "USD");
    private static final Outcome CUT = new Outcome.CutStream(Cut.CONNECTION_LOST, "gone");

    private static Paid paid(Outcome outcome, Received received, boolean free) {
        Exchange exchange = new Exchange(outcome, received, Duration.ZERO, free);
        return Paid.of(REQUEST, exchange, HarvestScene.TARIFF, Instant.EPOCH, RESERVED);
    }

    @Test
    void usageOfTheWholeReplyIsTheBill() {
        Paid paid = paid(CUT, new Received("", "x".repeat(3000), 1, new Usage(20, 0, 50, 40), true), false);
        assertThat(paid.usage()).isEqualTo(new Usage(20, 0, 50, 40));
        assertThat(paid.estimated()).isFalse();
        assertThat(paid.cost().amount()).isEqualByComparingTo("0.52");
        assertThat(paid.atMost()).isEqualTo(paid.cost());
    }

    /** Anthropic's first event counts a token; 300 characters have come since. */
    @Test
    void usageOfTheBeginningIsNoBill() {
        Paid paid = paid(CUT, new Received("x".repeat(150), "y".repeat(60), 7, new Usage(20, 5, 1, 0), false), false);
        assertThat(paid.usage()).isEqualTo(new Usage(20, 5, 70, 50));
        assertThat(paid.estimated()).isTrue();
        assertThat(paid.cost().amount()).isEqualByComparingTo("0.72");
        assertThat(paid.atMost()).isEqualTo(RESERVED);
    }

    /** Of reasoning that is not told there is no text: what was counted is more. */
    @Test
    void anEstimateIsNotLessThanWhatWasCounted() {
        Paid paid = paid(CUT, new Received("", "y".repeat(60), 7, new Usage(20, 0, 90, 80), false), false);
        assertThat(paid.usage()).isEqualTo(new Usage(20, 0, 90, 80));
        assertThat(paid.atMost()).isEqualTo(RESERVED);
    }

    /** A guess stays within what was set aside; a provider's own count need not. */
    @Test
    void anEstimateIsNotMoreThanWhatWasSetAside() {
        Paid guessed = paid(CUT, new Received("", "y".repeat(3000), 7, null), false);
        assertThat(guessed.cost()).isEqualTo(RESERVED);
        assertThat(guessed.atMost()).isEqualTo(RESERVED);
        Paid counted = paid(CUT, new Received("", "y", 7, new Usage(0, 0, 200, 0), false), false);
        assertThat(counted.cost().amount()).isEqualByComparingTo("2");
        assertThat(counted.atMost()).isEqualTo(counted.cost());
    }

    @Test
    void whatMayHaveBegunCountsAtItsReservationThoughNothingCame() {
        Outcome error = new Outcome.Overloaded(500, "worker died", RetryAdvice.NONE);
        assertThat(paid(error, Received.NOTHING, false).atMost()).isEqualTo(RESERVED);
        assertThat(paid(error, Received.NOTHING, false).tokens()).isZero();
        assertThat(paid(new Outcome.Unreachable("reset"), Received.NOTHING, false)
                        .atMost())
                .isEqualTo(RESERVED);
        assertThat(paid(error, Received.NOTHING, true).isNothing()).isTrue();
        // cut off by ourselves: it stays unanswered in the ledger, and counts there
        assertThat(paid(new Outcome.CutStream(Cut.CANCELLED, ""), Received.NOTHING, false)
                        .isNothing())
                .isTrue();
    }
}
