package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the entries of a ledger, in their order, say of requests that were sent: which of them have no end. */
final class AskedRequests {
    private final Map<String, Money> open = new HashMap<>();
    private Optional<Unanswered> lost = Optional.empty();

    void take(LedgerEntry entry) {
        switch (entry) {
            case LedgerEntry.Asked asked -> {
                Money before = open.put(asked.unit(), asked.atMost());
                if (before != null) { // a unit is asked once at a time
                    lose(new Unanswered(1, before));
                }
            }
            case LedgerEntry.Completed _, LedgerEntry.Attempt _, LedgerEntry.Free _ -> open.remove(entry.unit());
            case LedgerEntry.Lost all -> {
                open.clear();
                lose(new Unanswered(all.requests(), all.atMost()));
            }
            case LedgerEntry.GivenUp _, LedgerEntry.KeyUsed _ -> {}
            case LedgerEntry.BatchBegun _, LedgerEntry.BatchSent _, LedgerEntry.BatchOver _ -> {}
        }
    }

    private void lose(Unanswered more) {
        lost = Optional.of(lost.map(more::plus).orElse(more));
    }

    boolean isOpen(String unit) {
        return open.containsKey(unit);
    }

    /** Those that are on their way, unless the process that sent them has ended; empty for none. */
    Optional<Unanswered> open() {
        return open.values().stream().map(atMost -> new Unanswered(1, atMost)).reduce(Unanswered::plus);
    }

    /** These and those that were lost; empty for none. */
    Optional<Unanswered> unanswered() {
        return Stream.concat(lost.stream(), open().stream()).reduce(Unanswered::plus);
    }
}
