package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code failed.jsonl}: the units of a harvest that have no reply, with their cause; of many the newest. */
final class FailedUnitsFile {
    static final String FILE = "failed.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1000;
    private static final int QUESTION = 300;

    private final Path file;
    private final Map<String, ObjectNode> units = new LinkedHashMap<>();
    private boolean changed = true; // an earlier run's file is no longer true

    FailedUnitsFile(Path folder) {
        file = folder.resolve(FILE);
    }

    void put(LedgerAccount.Failed unit, Prompt prompt) {
        String question = prompt.question();
        units.remove(unit.unit()); // the newest is the last
        units.put(
                unit.unit(),
                JSON.createObjectNode()
                        .put("unit", unit.unit())
                        .put("question", question.substring(0, Math.min(QUESTION, question.length())))
                        .put("reason", unit.reason())
                        .put("detail", unit.detail())
                        .put("attempts", unit.attempts())
                        .put("asked_again", unit.again())
                        .put("at", unit.at().truncatedTo(ChronoUnit.MILLIS).toString()));
        if (units.size() > MOST) {
            units.remove(units.keySet().iterator().next());
        }
        changed = true;
    }

    void remove(String unit) {
        changed |= units.remove(unit) != null;
    }

    /** Writes it if it is not as it was; where there is none, there is no file. */
    void write() throws IOException {
        if (!changed) {
            return;
        }
        if (units.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            Path temporary = file.resolveSibling("." + FILE + ".tmp");
            Files.writeString(
                    temporary, units.values().stream().map(unit -> unit + "\n").collect(Collectors.joining()));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
        changed = false;
    }
}
