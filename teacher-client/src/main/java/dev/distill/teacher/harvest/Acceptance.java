package dev.distill.teacher.harvest;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which replies count as right, where that is asked: those that the ledger holds, and each one as it comes. */
final class Acceptance {
    private final @Nullable UntilRight until;
    private final ShardExport traces;
    private final Ledger ledger;
    private final Map<String, Integer> rightOf = new ConcurrentHashMap<>();

    Acceptance(HarvestConfig config, Ledger ledger) {
        this.until = config.asking().untilRight();
        this.traces = new ShardExport(config, ledger, Storage.local());
        this.ledger = ledger;
    }

    boolean isAsked() {
        return until != null;
    }

    /** Right answers by prompt that earlier runs have brought. */
    Map<String, Integer> inLedger(List<Unit> units) throws IOException {
        if (!isAsked()) {
            return Map.of();
        }
        Map<String, Unit> open = new HashMap<>();
        units.forEach(unit -> open.put(unit.id(), unit));
        ledger.completions(open::containsKey, entry -> {
            Unit unit = open.remove(entry.unit()); // of two completions the first counts
            if (unit != null) {
                isRight(unit, entry);
            }
        });
        return Map.copyOf(rightOf);
    }

    /** Whether this reply is right, and counts it then; never where that is not asked. */
    boolean isRight(Unit unit, LedgerEntry.Completed entry) {
        boolean right = until != null && until.accepts(traces.trace(unit, entry));
        if (right) {
            rightOf.merge(unit.prompt().id(), 1, Integer::sum);
        }
        return right;
    }

    /** Right answers so far, those of earlier runs among them. */
    int accepted() {
        return rightOf.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Prompts of these units that have fewer right answers than were wanted. */
    int shortPrompts(List<Unit> units) {
        int wanted = until == null ? 0 : until.right();
        return (int) units.stream()
                .map(unit -> unit.prompt().id())
                .distinct()
                .filter(prompt -> rightOf.getOrDefault(prompt, 0) < wanted)
                .count();
    }
}
