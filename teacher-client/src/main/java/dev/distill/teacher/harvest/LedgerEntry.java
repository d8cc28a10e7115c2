package dev.distill.teacher.harvest;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Money;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record of the ledger: of a unit, or of several. */
sealed interface LedgerEntry {
    /** The unit, or the batch, that it is about: 32 hex digits; all 0 where it is neither. */
    String unit();

    /**
     * A request is about to be sent: written before the provider hears of it. The unit's next {@link Completed}, {@link Attempt} or
     * {@link Free} is its end.
     *
     * @param atMost what is set aside for it
     */
    record Asked(String unit, Money atMost, int attempt, Instant at) implements LedgerEntry {}

    /** A request has ended and cost nothing. */
    record Free(String unit, String reason, Instant at) implements LedgerEntry {}

    /**
     * Requests whose end nobody has seen, and nobody will: all that were on their way when the process ended that sent them.
     *
     * @param atMost what was set aside for them
     */
    record Lost(int requests, Money atMost, Instant at) implements LedgerEntry {
        /** In place of a unit. */
        private static final String OF_MANY = "0".repeat(32);

        @Override
        public String unit() {
            return OF_MANY;
        }
    }

    /**
     * A unit is complete: bought, never to be asked for again.
     *
     * @param seconds from sending the request that was answered to the end of its reply; 0 where nobody measured
     */
    record Completed(String unit, Paid paid, Reply reply, int attempts, double seconds, Instant at)
            implements LedgerEntry {
        /** One that nobody measured: of a batch. */
        Completed(String unit, Paid paid, Reply reply, int attempts, Instant at) {
            this(unit, paid, reply, attempts, 0, at);
        }
    }

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

    /**
     * A batch is about to be sent: written before the provider hears of it.
     *
     * @param atMost what is set aside for each of the units; empty where it is not known
     */
    record BatchBegun(String unit, List<String> units, List<Money> atMost, Instant at) implements LedgerEntry {
        public BatchBegun {
            units = List.copyOf(units);
            atMost = List.copyOf(atMost);
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
