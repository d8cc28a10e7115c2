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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Distributions on their way into a folder, where each one is paid for: on the disk before the next is asked for. {@link #drain} moves all of them
 * into the folder's files. What they hold is in docs/formats.md. Safe for many threads.
 */
public final class DistributionJournal implements Closeable {
    private static final String NAME = "teacher.journal";
    private static final char SOURCE = 'S';
    private static final char ROW = 'D';

    private final Path file;
    private final DistributionSource source;
    private final Map<String, TeacherDistributions> rows = new LinkedHashMap<>();
    private final Journal journal;

    private DistributionJournal(Path file, DistributionSource source) throws IOException {
        this.file = file;
        this.source = source;
        List<byte[]> records = new ArrayList<>();
        this.journal = Journal.open(file, records::add);
        try {
            for (byte[] record : records) {
                take(record);
            }
            if (records.isEmpty()) {
                journal.append(sourceRecord());
            }
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /**
     * Opens the folder's journal, or begins one.
     *
     * @throws ShardException if it is of another source
     */
    public static DistributionJournal open(Path folder, DistributionSource source) throws IOException {
        Files.createDirectories(folder);
        return new DistributionJournal(folder.resolve(NAME), source);
    }

    private void take(byte[] record) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(record));
        char kind = (char) in.readUnsignedByte();
        switch (kind) {
            case SOURCE -> requireSame(in);
            case ROW -> {
                TeacherDistributions row = new TeacherDistributions(
                        in.readUTF(), in.readUTF(), in.readInt(), in.readInt(), in.readAllBytes());
                rows.put(row.traceId(), row);
            }
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

    /** What it holds of this trace; null for nothing. */
    public synchronized @Nullable TeacherDistributions of(String traceId) {
        return rows.get(traceId);
    }

    /** Returns when the row is on the disk. */
    public void append(TeacherDistributions row) {
        journal.append(record(ROW, out -> {
            out.writeUTF(row.traceId());
            out.writeUTF(row.sampleHash());
            out.writeInt(row.places());
            out.writeInt(row.k());
            out.write(row.code());
        }));
        synchronized (this) {
            rows.put(row.traceId(), row);
        }
    }

    /** Moves everything into the folder's files, in this order of traces, and ends the journal. */
    public synchronized void drain(DistributionFolder folder, Collection<String> traceIds) throws IOException {
        try (DistributionFolder.Writer writer = folder.append(source)) {
            for (String id : traceIds) {
                TeacherDistributions row = rows.remove(id);
                if (row != null) {
                    writer.write(row);
                }
            }
            writer.finish();
        }
        journal.close();
        Files.delete(file); // the files are whole: what a crash before this leaves is found in both
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
