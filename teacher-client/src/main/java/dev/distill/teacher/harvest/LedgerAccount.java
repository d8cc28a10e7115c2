package dev.distill.teacher.harvest;

import dev.distill.data.journal.Journal;
import dev.distill.data.trace.Money;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.function.Predicate;

/**
 * What a harvest's ledger says, read without disturbing a harvest that writes it.
 *
 * @param completed units
 * @param attempts that cost something and completed nothing, by reason
 * @param spent by day (UTC); a ledger has one currency
 * @param byKey spent by the label of the key that paid ({@link dev.distill.teacher.ApiKey#label}); the empty one is none, or not known
 * @param prompts tokens of prompts, and those of them that the provider's cache served
 * @param atMost that may have been spent in all: more than that where the provider did not say, and for what is unanswered
 * @param unanswered requests without an end; empty where all have one
 * @param failed units that were given up and not completed later
 */
public record LedgerAccount(
        int completed,
        SortedMap<String, Integer> attempts,
        SortedMap<LocalDate, Money> spent,
        SortedMap<String, Money> byKey,
        Bought.CacheUse prompts,
        List<Money> atMost,
        Optional<Unanswered> unanswered,
        List<Failed> failed) {
    /**
     * A unit without a reply.
     *
     * @param reason a word to count by
     * @param detail for a person
     * @param attempts that were made
     * @param again whether the next harvest asks for it again
     * @param at when it was given up
     */
    public record Failed(String unit, String reason, String detail, int attempts, boolean again, Instant at) {
        static Failed of(LedgerEntry.GivenUp up) {
            return new Failed(up.unit(), up.reason(), up.detail(), up.attempts(), !up.forGood(), up.at());
        }
    }

    public LedgerAccount {
        attempts = Collections.unmodifiableSortedMap(attempts);
        spent = Collections.unmodifiableSortedMap(spent);
        byKey = Collections.unmodifiableSortedMap(byKey);
        atMost = List.copyOf(atMost);
        failed = List.copyOf(failed);
    }

    /** @throws IOException if it cannot be read, or is damaged */
    public static LedgerAccount read(Path ledger) throws IOException {
        Set<String> completed = new HashSet<>();
        Reader reader = new Reader(completed::contains);
        try {
            Journal.read(ledger, new LedgerReplay(ledger, (entry, _, _) -> {
                reader.take(entry);
                if (entry instanceof LedgerEntry.Completed done) {
                    completed.add(done.unit());
                }
            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return reader.account();
    }

    /** Adds up the entries of a ledger, in their order. */
    static final class Reader {
        private final Predicate<String> isCompleted;
        private int completed;
        private String key = "";
        private Bought.CacheUse prompts = Bought.CacheUse.NONE;
        private final SortedMap<String, Integer> attempts = new TreeMap<>();
        private final SortedMap<LocalDate, Money> spent = new TreeMap<>();
        private final Map<String, Money> atMost = new TreeMap<>();
        private final SortedMap<String, Money> byKey = new TreeMap<>();
        private final Map<String, Failed> failed = new LinkedHashMap<>();
        private final AskedRequests asked = new AskedRequests();

        /** @param isCompleted whether an earlier entry has completed a unit */
        Reader(Predicate<String> isCompleted) {
            this.isCompleted = isCompleted;
        }

        void take(LedgerEntry entry) {
            switch (entry) {
                case LedgerEntry.Completed done -> {
                    completed += isCompleted.test(done.unit()) ? 0 : 1;
                    failed.remove(done.unit());
                    pay(done.paid(), done.at());
                }
                case LedgerEntry.Attempt attempt -> {
                    attempts.merge(attempt.reason(), 1, Integer::sum);
                    pay(attempt.paid(), attempt.at());
                }
                case LedgerEntry.GivenUp up -> {
                    if (!isCompleted.test(up.unit())) {
                        failed.put(up.unit(), Failed.of(up));
                    }
                }
                case LedgerEntry.Asked _, LedgerEntry.Lost _, LedgerEntry.Free _ -> {}
                case LedgerEntry.KeyUsed used -> key = used.key();
                case LedgerEntry.BatchBegun _, LedgerEntry.BatchSent _, LedgerEntry.BatchOver _ -> {}
            }
            asked.take(entry);
        }

        /** Requests without an end. */
        AskedRequests asked() {
            return asked;
        }

        private void pay(Paid paid, Instant at) {
            spent.merge(LocalDate.ofInstant(at, ZoneOffset.UTC), paid.cost(), Money::plus);
            byKey.merge(key, paid.cost(), Money::plus);
            if (!paid.estimated()) {
                prompts = prompts.plus(paid.usage().promptTokens(), paid.usage().cacheHitTokens());
            }
            atMost.merge(paid.atMost().currency(), paid.atMost(), Money::plus);
        }

        /** The label of the key that pays. */
        String key() {
            return key;
        }

        List<Failed> failed() {
            return List.copyOf(failed.values());
        }

        Bought bought(Money all, long tokens) {
            return new Bought(completed, tokens, prompts, all, spent, byKey);
        }

        LedgerAccount account() {
            Optional<Unanswered> unanswered = asked.unanswered();
            unanswered.ifPresent(all -> atMost.merge(all.atMost().currency(), all.atMost(), Money::plus));
            return new LedgerAccount(
                    completed, attempts, spent, byKey, prompts, List.copyOf(atMost.values()), unanswered, failed());
        }
    }
}
