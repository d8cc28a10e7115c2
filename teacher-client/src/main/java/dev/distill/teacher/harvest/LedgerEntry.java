package dev.distill.teacher.harvest;

import dev.distill.data.trace.Hash;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record of the ledger: of a unit, or of a batch of them. */
sealed interface LedgerEntry {
    /** The unit, or the batch, that it is about: 32 hex digits. */
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

    /**
     * Another key pays from here on.
     *
     * @param unit a hash of the label
     * @param key its label ({@link dev.distill.teacher.ApiKey#label}), never the key; empty for none
     */
    record KeyUsed(String unit, String key, Instant at) implements LedgerEntry {
        static KeyUsed of(String key, Instant at) {
            return new KeyUsed(Hash.of(List.of("key", key)), key, at);
        }
    }

    /** A batch is about to be sent: written before the provider hears of it. */
    record BatchBegun(String unit, List<String> units, Instant at) implements LedgerEntry {
        public BatchBegun {
            units = List.copyOf(units);
        }
    }

    /**
     * A batch is at the provider.
     *
     * @param file the provider's name for its requests
     * @param batch the provider's name for it; null while it only has the file
     */
    record BatchSent(String unit, String file, @Nullable String batch, Instant at) implements LedgerEntry {}

    /** All that came of a batch is in the ledger, or nothing can come of it. */
    record BatchOver(String unit, String how, Instant at) implements LedgerEntry {}
}
