package dev.distill.teacher.harvest;

import dev.distill.data.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads a ledger's entries, without the texts of replies, from its journal: decodes many records at a time on all cores, and hands
 * the entries on in their order while the next are decoded.
 */
final class LedgerReplay implements Journal.Replay {
    /** What is decoded together: so many records, or so many bytes. */
    private static final int RECORDS = 1 << 12;

    private static final long BYTES = 8 << 20;

    private final Path file;
    private final Sink sink;
    private List<Record> waiting = new ArrayList<>();
    private long waitingBytes;
    private CompletableFuture<List<Read>> underWay = CompletableFuture.completedFuture(List.of());

    /** What takes the entries, in the thread that reads the journal. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes one.
         *
         * @param position where its record begins in the file
         * @param bytes length of that record
         */
        void take(LedgerEntry entry, long position, int bytes);
    }

    private record Record(byte[] bytes, long position) {}

    private record Read(LedgerEntry entry, long position, int bytes) {}

    /** A replay of this file; its methods throw {@link UncheckedIOException} for a record that cannot be understood. */
    LedgerReplay(Path file, Sink sink) {
        this.file = file;
        this.sink = sink;
    }

    @Override
    public void take(byte[] record, long position) {
        waiting.add(new Record(record, position));
        waitingBytes += record.length;
        if (waiting.size() >= RECORDS || waitingBytes >= BYTES) {
            decodeWaiting();
        }
    }

    @Override
    public void over() {
        decodeWaiting();
        decodeWaiting();
    }

    /** Begins with those that wait, and hands on those before them. */
    private void decodeWaiting() {
        List<Record> records = waiting;
        CompletableFuture<List<Read>> before = underWay;
        underWay = CompletableFuture.supplyAsync(
                () -> records.parallelStream().map(this::read).toList());
        waiting = new ArrayList<>(records.size());
        waitingBytes = 0;
        try {
            before.join().forEach(read -> sink.take(read.entry, read.position, read.bytes));
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException known ? known : e;
        }
    }

    private Read read(Record record) {
        try {
            return new Read(LedgerCodec.decodeWithoutTexts(record.bytes), record.position, record.bytes.length);
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException(
                    "ledger " + file + ": a record cannot be understood, though its checksum holds (" + e.getMessage()
                            + "). Nothing was changed. Restore the file from a copy, or use the version of Distill that"
                            + " wrote it",
                    e));
        }
    }
}
