package dev.distill.teacher.harvest;

import dev.distill.data.journal.Journal;
import dev.distill.data.trace.Money;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a harvest's ledger says, read without disturbing a harvest that writes it.
 *
 * @param completed units
 * @param attempts that cost something and completed nothing, by reason
 * @param spent by day (UTC); a ledger has one currency
 * @param atMost that may have been spent in all: more than that where the provider did not say, and for what is unanswered
 * @param unanswered requests without an end; empty where all have one
 * @param failed units that were given up and not completed later
 */
public record LedgerAccount(
        int completed,
        SortedMap<String, Integer> attempts,
        SortedMap<LocalDate, Money> spent,
        List<Money> atMost,
        Optional<Unanswered> unanswered,
        List<Failed> failed) {
    /**
     * A unit without a reply.
     *
     * @param reason a word to count by
     * @param detail for a person
     * @param again whether the next harvest asks for it again
     */
    public record Failed(String unit, String reason, String detail, boolean again) {}

    public LedgerAccount {
        attempts = Collections.unmodifiableSortedMap(attempts);
        spent = Collections.unmodifiableSortedMap(spent);
        atMost = List.copyOf(atMost);
        failed = List.copyOf(failed);
    }

    /** @throws IOException if it cannot be read, or is damaged */
    public static LedgerAccount read(Path ledger) throws IOException {
        Reader reader = new Reader();
        Journal.read(ledger, record -> reader.take(LedgerCodec.decode(record)));
        return reader.account();
    }

    private static final class Reader {
        private final Set<String> completed = new HashSet<>();
        private final SortedMap<String, Integer> attempts = new TreeMap<>();
        private final SortedMap<LocalDate, Money> spent = new TreeMap<>();
        private final Map<String, Money> atMost = new TreeMap<>();
        private final Map<String, Failed> failed = new LinkedHashMap<>();
        private @Nullable AskedRequests asked;

        void take(LedgerEntry entry) {
            switch (entry) {
                case LedgerEntry.Completed done -> {
                    completed.add(done.unit());
                    failed.remove(done.unit());
                    pay(done.paid(), done.at());
                }
                case LedgerEntry.Attempt attempt -> {
                    attempts.merge(attempt.reason(), 1, Integer::sum);
                    pay(attempt.paid(), attempt.at());
                }
                case LedgerEntry.GivenUp up -> {
                    if (!completed.contains(up.unit())) {
                        failed.put(up.unit(), new Failed(up.unit(), up.reason(), up.detail(), !up.forGood()));
                    }
                }
                case LedgerEntry.Asked request -> begin(request.atMost());
                case LedgerEntry.Lost lost -> begin(lost.atMost());
                case LedgerEntry.Free _ -> {}
                case LedgerEntry.BatchBegun _, LedgerEntry.BatchSent _, LedgerEntry.BatchOver _ -> {}
            }
            if (asked != null) {
                asked.take(entry);
            }
        }

        private void begin(Money first) {
            asked = asked == null ? new AskedRequests(first.currency()) : asked;
        }

        private void pay(Paid paid, Instant at) {
            spent.merge(LocalDate.ofInstant(at, ZoneOffset.UTC), paid.cost(), Money::plus);
            atMost.merge(paid.atMost().currency(), paid.atMost(), Money::plus);
        }

        LedgerAccount account() {
            Optional<Unanswered> unanswered =
                    Optional.ofNullable(asked).map(AskedRequests::unanswered).filter(all -> all.requests() > 0);
            unanswered.ifPresent(all -> atMost.merge(all.atMost().currency(), all.atMost(), Money::plus));
            return new LedgerAccount(
                    completed.size(),
                    attempts,
                    spent,
                    List.copyOf(atMost.values()),
                    unanswered,
                    List.copyOf(failed.values()));
        }
    }
}
