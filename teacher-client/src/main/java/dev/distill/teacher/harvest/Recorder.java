package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what became of a unit into the ledger, and counts it. */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    /** In nanoseconds. */
    private static final double SECOND = 1e9;

    private final Ledger ledger;
    private final Tally tally;
    private final Acceptance acceptance;

    Recorder(Ledger ledger, Tally tally, Acceptance acceptance) {
        this.ledger = ledger;
        this.tally = tally;
        this.acceptance = acceptance;
    }

    /** A request is about to be sent: returns when the ledger has it. */
    void asking(Unit unit, Money atMost, int attempt) {
        ledger.asking(unit.id(), atMost, attempt);
    }

    /** An exchange, and what it cost. Says whether a right answer came. */
    boolean record(Unit unit, Exchange exchange, Paid paid, int attempt) {
        if (exchange.outcome() instanceof Outcome.Completed(var reply)) {
            double seconds = Math.round(1000.0 * exchange.took().toNanos() / SECOND) / 1000.0;
            LedgerEntry.Completed entry =
                    new LedgerEntry.Completed(unit.id(), paid, reply, attempt, seconds, Instant.now());
            boolean hadFailed = ledger.standing(unit.id()).givenUp() != null;
            ledger.append(entry);
            if (hadFailed) {
                tally.recovered(unit.id());
            }
            return acceptance.isRight(unit, entry);
        }
        if (!paid.isNothing()) {
            ledger.append(new LedgerEntry.Attempt(
                    unit.id(),
                    paid,
                    exchange.outcome().word(),
                    exchange.outcome().describe(),
                    exchange.received(),
                    Instant.now()));
        } else if (!isCutOff(exchange.outcome())) {
            ledger.free(unit.id(), exchange.outcome().word());
        }
        return false;
    }

    /** We did not wait for its first word: it stays without an end, as after a kill. */
    private static boolean isCutOff(Outcome outcome) {
        return outcome instanceof Outcome.CutStream(Outcome.Cut why, String _) && why == Outcome.Cut.CANCELLED;
    }

    void giveUp(Unit unit, Outcome outcome, int attempts, boolean forGood) {
        LOG.warn("unit {} given up after {} requests: {}", unit.id(), attempts, outcome.describe());
        LedgerEntry.GivenUp entry = new LedgerEntry.GivenUp(
                unit.id(), outcome.word(), outcome.describe(), attempts, forGood, Instant.now());
        ledger.append(entry);
        tally.failed(LedgerAccount.Failed.of(entry), unit.prompt());
    }
}
