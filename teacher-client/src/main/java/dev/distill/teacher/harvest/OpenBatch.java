package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch that the ledger knows to be begun, and not to be over.
 *
 * @param name ours
 * @param units in it
 * @param atMost what was set aside for each of them; empty in ledgers that do not say it
 * @param file the provider's name for the file of requests; null where it had not gone up for sure
 * @param id the provider's name for the batch; null where that was not known yet
 */
record OpenBatch(
        String name,
        List<String> units,
        List<Money> atMost,
        @Nullable String file,
        @Nullable String id,
        Instant begunAt) {
    OpenBatch {
        units = List.copyOf(units);
        atMost = List.copyOf(atMost);
    }

    OpenBatch with(String sentFile, @Nullable String providers) {
        return new OpenBatch(name, units, atMost, sentFile, providers, begunAt);
    }
}
