package dev.distill.teacher.harvest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch that the ledger knows to be begun, and not to be over.
 *
 * @param name ours
 * @param units in it
 * @param file the provider's name for the file of requests; null where it had not gone up for sure
 * @param id the provider's name for the batch; null where that was not known yet
 */
record OpenBatch(
        String name,
        List<String> units,
        @Nullable String file,
        @Nullable String id,
        Instant begunAt) {
    OpenBatch {
        units = List.copyOf(units);
    }

    OpenBatch with(String sentFile, @Nullable String providers) {
        return new OpenBatch(name, units, sentFile, providers, begunAt);
    }
}
