package dev.distill.teacher.harvest;

import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.time.Instant;

/** One record of the ledger. */
sealed interface LedgerEntry {
    String unit();

    /** A unit is complete: bought, never to be asked for again. */
    record Completed(String unit, Paid paid, Reply reply, int attempts, Instant at) implements LedgerEntry {}

    /** An attempt failed after something had arrived: paid for, kept for whoever wants to know why. */
    record Attempt(String unit, Paid paid, String reason, String detail, Received received, Instant at)
            implements LedgerEntry {}

    /**
     * A unit was given up.
     *
     * @param forGood whether asking again in a later run makes no sense either
     */
    record GivenUp(String unit, String reason, String detail, int attempts, boolean forGood, Instant at)
            implements LedgerEntry {}
}
