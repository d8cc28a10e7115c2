package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.util.HashMap;
import java.util.Map;

/** What the entries of a ledger, in their order, say of requests that were sent: which of them have no end. */
final class AskedRequests {
    private final String currency;
    private final Map<String, Money> open = new HashMap<>();
    private Unanswered lost;

    AskedRequests(String currency) {
        this.currency = currency;
        this.lost = Unanswered.none(currency);
    }

    void take(LedgerEntry entry) {
        switch (entry) {
            case LedgerEntry.Asked asked -> {
                Money before = open.put(asked.unit(), asked.atMost());
                if (before != null) { // a unit is asked once at a time
                    lost = lost.plus(new Unanswered(1, before));
                }
            }
            case LedgerEntry.Completed _, LedgerEntry.Attempt _, LedgerEntry.Free _ -> open.remove(entry.unit());
            case LedgerEntry.Lost all -> {
                open.clear();
                lost = lost.plus(new Unanswered(all.requests(), all.atMost()));
            }
            case LedgerEntry.GivenUp _, LedgerEntry.KeyUsed _ -> {}
            case LedgerEntry.BatchBegun _, LedgerEntry.BatchSent _, LedgerEntry.BatchOver _ -> {}
        }
    }

    boolean isOpen(String unit) {
        return open.containsKey(unit);
    }

    /** Those that are on their way, unless the process that sent them has ended. */
    Unanswered open() {
        return new Unanswered(open.size(), open.values().stream().reduce(Money.zero(currency), Money::plus));
    }

    Unanswered unanswered() {
        return lost.plus(open());
    }
}
