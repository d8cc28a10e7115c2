package dev.distill.teacher.harvest;

import dev.distill.data.journal.Journal;
import dev.distill.data.journal.RecordFile;
import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Money;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What has been bought, and what was given up: a journal, and in memory where each unit stands. Texts stay on the disk.
 *
 * <p>A record counts once it is on the disk. Should a unit be complete twice (a kill between the disk and the
 * acknowledgement), the first reply is the unit's and both are paid for.
 */
final class Ledger implements Closeable {
    private final Path file;
    private final Map<String, Standing> standings = new HashMap<>();
    private final Map<String, OpenBatch> batches = new LinkedHashMap<>();
    /** Units of open batches whose line has come, and cost something though it brought no reply: by the batch's name. */
    private final Map<String, Set<String>> paidInBatch = new HashMap<>();

    /** The open batch that a unit is in. */
    private final Map<String, String> batchOf = new HashMap<>();

    private int batchesBegun;
    private Money spent;
    private Money estimated;
    private Money atMost;
    private long boughtTokens;
    private final LedgerAccount.Reader account =
            new LedgerAccount.Reader(unit -> standing(unit).isCompleted());
    private final Journal journal;

    private Ledger(Storage storage, Path file, String currency) throws IOException {
        this.file = file;
        this.spent = Money.zero(currency);
        this.estimated = Money.zero(currency);
        this.atMost = Money.zero(currency);
        this.journal = Journal.open(storage, file, new LedgerReplay(file, this::take));
    }

    /**
     * Opens the ledger of a folder, or begins one.
     *
     * @throws dev.distill.data.journal.JournalException if another process has it open
     * @throws IllegalArgumentException if it was kept in another currency
     * @throws IOException if the disk fails, or if a record cannot be understood
     */
    static Ledger open(Path file, String currency) throws IOException {
        return open(Storage.local(), file, currency);
    }

    /** {@link #open(Path, String)} through the given storage. */
    static Ledger open(Storage storage, Path file, String currency) throws IOException {
        Ledger ledger;
        try {
            ledger = new Ledger(storage, file, currency);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        try {
            ledger.giveUpLostRequests();
        } catch (RuntimeException e) {
            try (ledger) {
                throw e;
            }
        }
        return ledger;
    }

    /** What was on its way belongs to a process that has ended. */
    private void giveUpLostRequests() {
        account.asked().open().ifPresent(open -> append(new LedgerEntry.Lost(open.requests(), open.atMost(), now())));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A request is about to be sent; one that can cost nothing leaves no record. */
    void asking(String unit, Money most, int attempt) {
        if (most.amount().signum() > 0) {
            append(new LedgerEntry.Asked(unit, most, attempt, now()));
        }
    }

    /** A request has ended, and what it cost is in no other entry: nothing. */
    void free(String unit, String reason) {
        boolean known;
        synchronized (this) {
            known = account.asked().isOpen(unit);
        }
        if (known) {
            append(new LedgerEntry.Free(unit, reason, now()));
        }
    }

    /** Returns when the entry is on the disk and counts. */
    void append(LedgerEntry entry) {
        byte[] record = LedgerCodec.encode(entry);
        long position = journal.append(record);
        synchronized (this) {
            take(entry, position, record.length);
        }
    }

    private void take(LedgerEntry entry, long position, int bytes) {
        Standing before = standing(entry.unit());
        account.take(entry);
        switch (entry) {
            case LedgerEntry.Asked request -> requireCurrency(request.atMost());
            case LedgerEntry.Lost lost -> requireCurrency(lost.atMost());
            case LedgerEntry.Free _ -> {}
            case LedgerEntry.KeyUsed _ -> {}
            case LedgerEntry.Completed completed -> {
                count(completed.paid());
                standings.put(completed.unit(), before.completed(position, bytes));
            }
            case LedgerEntry.Attempt attempt -> {
                count(attempt.paid());
                standings.put(
                        attempt.unit(), before.failedAttempt(attempt.paid().cost()));
                String batch = batchOf.get(attempt.unit());
                if (batch != null) { // nothing else asks for it while the batch is on its way
                    paidInBatch.computeIfAbsent(batch, _ -> new HashSet<>()).add(attempt.unit());
                }
            }
            case LedgerEntry.GivenUp up -> standings.put(up.unit(), before.givenUp(up.reason(), up.forGood()));
            case LedgerEntry.BatchBegun(String name, List<String> units, List<Money> most, Instant at) -> {
                most.forEach(this::requireCurrency);
                batches.put(name, new OpenBatch(name, units, most, null, null, at));
                units.forEach(unit -> batchOf.put(unit, name));
                batchesBegun++;
            }
            case LedgerEntry.BatchSent(String name, String file, var id, Instant _) ->
                batches.computeIfPresent(name, (_, batch) -> batch.with(file, id));
            case LedgerEntry.BatchOver over -> {
                OpenBatch batch = batches.remove(over.unit());
                paidInBatch.remove(over.unit());
                if (batch != null) {
                    batch.units().forEach(unit -> batchOf.remove(unit, batch.name()));
                }
            }
        }
    }

    /** Batches that are begun and not over, in the order in which they were begun. */
    synchronized List<OpenBatch> openBatches() {
        return List.copyOf(batches.values());
    }

    /** Whether what came of a unit in an open batch is paid for, though it brought no reply. */
    synchronized boolean isPaidIn(String batch, String unit) {
        return paidInBatch.getOrDefault(batch, Set.of()).contains(unit);
    }

    /** All that were ever begun. */
    synchronized int batchesBegun() {
        return batchesBegun;
    }

    private void count(Paid paid) {
        requireCurrency(paid.cost());
        spent = spent.plus(paid.cost());
        atMost = atMost.plus(paid.atMost());
        boughtTokens += paid.tokens();
        if (paid.estimated()) {
            estimated = estimated.plus(paid.cost());
        }
    }

    private void requireCurrency(Money money) {
        if (!money.currency().equals(spent.currency())) {
            throw new IllegalArgumentException("ledger " + file + ": must be in the tariff's currency, "
                    + spent.currency() + "; got " + money.currency() + "; give another folder");
        }
    }

    synchronized Standing standing(String unit) {
        return standings.getOrDefault(unit, Standing.NEW);
    }

    synchronized Money spent() {
        return spent;
    }

    /** That part of {@link #spent} which is estimated. */
    synchronized Money estimated() {
        return estimated;
    }

    /** What may have been spent: where the provider gave no usage, and of what is unanswered, all that was set aside. A budget goes by it. */
    synchronized Money atMost() {
        return atMost.plus(unanswered().atMost());
    }

    /** Requests of which nobody knows what came of them; those that are on their way now included. */
    synchronized Unanswered unanswered() {
        return account.asked().unanswered().orElse(Unanswered.none(spent.currency()));
    }

    synchronized long boughtTokens() {
        return boughtTokens;
    }

    /** This key pays for all that is appended from now on; empty for none. */
    void paidBy(String key) {
        boolean same;
        synchronized (this) {
            same = key.equals(account.key());
        }
        if (!same) {
            append(LedgerEntry.KeyUsed.of(key, Instant.now()));
        }
    }

    synchronized Bought bought() {
        return account.bought(spent, boughtTokens);
    }

    /** Units that were given up and not completed later. */
    synchronized List<LedgerAccount.Failed> failed() {
        return account.failed();
    }

    /** The replies that it holds, read one by one from the disk. */
    Replies replies() throws IOException {
        return new Replies(new RecordFile(file));
    }

    /** Reads replies; to be closed. */
    final class Replies implements Closeable {
        private final RecordFile records;

        private Replies(RecordFile records) {
            this.records = records;
        }

        /** The first reply of a unit; empty where it has none. */
        Optional<LedgerEntry.Completed> of(String unit) throws IOException {
            Standing standing = standing(unit);
            if (!standing.isCompleted()) {
                return Optional.empty();
            }
            LedgerEntry entry = LedgerCodec.decode(records.read(standing.completedAt(), standing.completedBytes()));
            if (entry instanceof LedgerEntry.Completed completed && entry.unit().equals(unit)) {
                return Optional.of(completed);
            }
            throw new IOException("ledger " + file + ": the record at byte " + standing.completedAt()
                    + " was the reply of unit " + unit + " and is not any more; who else writes to this file?");
        }

        @Override
        public void close() throws IOException {
            records.close();
        }
    }

    /** Reads the completions of the units asked for, in the order in which they came, from the disk. */
    void completions(Predicate<String> wanted, Consumer<LedgerEntry.Completed> sink) throws IOException {
        Journal.read(file, record -> {
            if (LedgerCodec.isCompleted(record)
                    && wanted.test(LedgerCodec.unit(record))
                    && LedgerCodec.decode(record) instanceof LedgerEntry.Completed completed) {
                sink.accept(completed);
            }
        });
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
