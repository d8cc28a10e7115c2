package dev.distill.data.shard;

import dev.distill.data.journal.Journal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * Distributions on their way into a folder, where each one is paid for: on the disk before the next is asked for. Once there are some megabytes of
 * them they become a file of the folder, and a new journal begins, so that memory holds no more; {@link #drain} does so with the last. What it holds is
 * in docs/formats.md. Safe for many threads.
 */
public final class DistributionJournal implements Closeable {
    private static final String NAME = "teacher.journal";
    private static final char SOURCE = 'S';
    private static final char ROW = 'D';
    private static final char HELD = 'H';

    /** About what a file of the folder has. */
    private static final long FULL = 16L << 20;

    private final Path file;
    private final DistributionFolder folder;
    private final DistributionSource source;
    private final long full;

    /** Shared by those who append, alone for whoever drains. */
    private final ReentrantReadWriteLock draining = new ReentrantReadWriteLock();

    private final Map<String, TeacherDistributions> rows = new LinkedHashMap<>();
    private final Map<String, HeldReply> held = new LinkedHashMap<>();
    private long bytes;
    private Journal journal;

    private DistributionJournal(DistributionFolder folder, DistributionSource source, long full) throws IOException {
        this.file = folder.path().resolve(NAME);
        this.folder = folder;
        this.source = source;
        this.full = full;
        boolean[] begun = {false};
        this.journal = Journal.open(file, record -> {
            take(record);
            begun[0] = true;
        });
        if (!begun[0]) {
            begin();
        }
    }

    /**
     * Opens the folder's journal, or begins one.
     *
     * @throws ShardException if it is of another source
     */
    public static DistributionJournal open(DistributionFolder folder, DistributionSource source) throws IOException {
        return open(folder, source, FULL);
    }

    /** @param full bytes of a journal that becomes a file */
    static DistributionJournal open(DistributionFolder folder, DistributionSource source, long full)
            throws IOException {
        Files.createDirectories(folder.path());
        return new DistributionJournal(folder, source, full);
    }

    private void begin() throws IOException {
        try {
            journal.append(sourceRecord());
            held().forEach(reply -> journal.append(heldRecord(reply)));
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private void take(byte[] record) {
        try {
            read(record);
        } catch (IOException e) { // a record that ends too soon
            throw new ShardException(file, "holds a record that is damaged", "move the file away", e);
        }
    }

    private void read(byte[] record) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(record));
        char kind = (char) in.readUnsignedByte();
        switch (kind) {
            case SOURCE -> requireSame(in);
            case ROW -> {
                TeacherDistributions row = new TeacherDistributions(
                        in.readUTF(), in.readUTF(), in.readInt(), in.readInt(), in.readAllBytes());
                keep(row);
            }
            case HELD -> keep(new HeldReply(in.readUTF(), in.readUTF(), in.readAllBytes()));
            default ->
                throw new ShardException(
                        file,
                        "holds a record of kind '" + kind + "'",
                        "was it written by a newer program? read it with that one");
        }
    }

    private void requireSame(DataInputStream in) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            metadata.put(in.readUTF(), in.readUTF());
        }
        DistributionSource found = DistributionSource.of(metadata);
        if (!found.equals(source)) {
            throw new ShardException(
                    file,
                    "was taken from " + found + ", this run wants " + source,
                    "let the other run go on first, or move the file away");
        }
    }

    private byte[] sourceRecord() {
        return record(SOURCE, out -> {
            Map<String, String> metadata = new TreeMap<>(source.metadata());
            out.writeInt(metadata.size());
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
        });
    }

    @FunctionalInterface
    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] record(char kind, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeByte(kind);
            content.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] heldRecord(HeldReply reply) {
        return record(HELD, out -> {
            out.writeUTF(reply.traceId());
            out.writeUTF(reply.sampleHash());
            out.write(reply.reply());
        });
    }

    private void keep(TeacherDistributions row) {
        synchronized (rows) {
            rows.put(row.traceId(), row);
            held.remove(row.traceId());
            bytes += row.code().length;
        }
    }

    private void keep(HeldReply reply) {
        synchronized (rows) {
            held.put(reply.traceId(), reply);
        }
    }

    /** Returns when the reply is on the disk. It stays until a row of the same trace is appended. */
    public void hold(HeldReply reply) {
        draining.readLock().lock();
        try {
            journal.append(heldRecord(reply));
            keep(reply);
        } finally {
            draining.readLock().unlock();
        }
    }

    /** The replies that have not become rows, in the order in which they came. */
    public List<HeldReply> held() {
        synchronized (rows) {
            return List.copyOf(held.values());
        }
    }

    /** Tells what is in no file yet. */
    public void forEach(Consumer<TeacherDistributions> sink) {
        synchronized (rows) {
            rows.values().forEach(sink);
        }
    }

    /** Returns when the row is on the disk. */
    public void append(TeacherDistributions row) throws IOException {
        draining.readLock().lock();
        try {
            journal.append(record(ROW, out -> {
                out.writeUTF(row.traceId());
                out.writeUTF(row.sampleHash());
                out.writeInt(row.places());
                out.writeInt(row.k());
                out.write(row.code());
            }));
            keep(row);
        } finally {
            draining.readLock().unlock();
        }
        if (isFull()) {
            drainFull();
        }
    }

    private boolean isFull() {
        synchronized (rows) {
            return bytes >= full;
        }
    }

    private void drainFull() throws IOException {
        draining.writeLock().lock();
        try {
            if (isFull()) { // another thread may have been first
                drain();
                journal = Journal.open(file, record -> {});
                begin();
            }
        } finally {
            draining.writeLock().unlock();
        }
    }

    /** Moves all rows into files of the folder, in the order of appending, and ends the journal; replies that no row came of go with it. */
    public void drain() throws IOException {
        draining.writeLock().lock();
        try (RowWriter<TeacherDistributions> writer = folder.append(source)) {
            for (TeacherDistributions row : rows.values()) {
                writer.write(row);
            }
            writer.finish();
            journal.close();
            Files.delete(file); // the files are whole: what a crash before this leaves is found in both
            synchronized (rows) {
                rows.clear();
                bytes = 0;
            }
        } finally {
            draining.writeLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
