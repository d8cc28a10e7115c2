package dev.distill.teacher.harvest;

import dev.distill.data.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** How long each reply of a ledger took: it stands in no shard, for nothing is trained on it. */
public final class ReplySeconds {
    private final Map<String, Double> byUnit;

    private ReplySeconds(Map<String, Double> byUnit) {
        this.byUnit = byUnit;
    }

    /**
     * Reads a ledger.
     *
     * @param accounts the folder that it lies in
     * @throws IOException if it is damaged
     */
    public static ReplySeconds read(Path accounts) throws IOException {
        Map<String, Double> byUnit = new HashMap<>();
        Path ledger = accounts.resolve("ledger.journal");
        if (Files.exists(ledger)) {
            Journal.read(ledger, entry -> {
                if (LedgerCodec.isCompleted(entry)
                        && LedgerCodec.decodeWithoutTexts(entry) instanceof LedgerEntry.Completed completed) {
                    byUnit.putIfAbsent(completed.unit(), completed.seconds());
                }
            });
        }
        return new ReplySeconds(byUnit);
    }

    /** From sending the request to the end of its reply; 0 where nobody measured. @param trace its id */
    public double of(String trace) {
        return byUnit.getOrDefault(trace, 0.0);
    }
}
