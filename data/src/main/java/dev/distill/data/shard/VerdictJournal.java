package dev.distill.data.shard;

import dev.distill.data.journal.Journal;
import dev.distill.data.trace.Verdict;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verdicts on their way into a folder, beside those that are in its files: on the disk before the next is asked for, since each may have taken
 * minutes. {@link #drain} makes files of all. What it holds is in docs/formats.md. {@link #append} is for any number of threads, the rest for one.
 */
public final class VerdictJournal implements Closeable {
    private static final String NAME = "verdicts.journal";
    private static final char VERDICT = 'V';

    private final Path file;
    private final VerdictFolder folder;
    private final Map<TraceVerdict.Key, TraceVerdict> verdicts = new ConcurrentHashMap<>();
    private final List<TraceVerdict.Key> filed = new ArrayList<>();
    private final Set<TraceVerdict.Key> journaled = ConcurrentHashMap.newKeySet();
    private final Journal journal;

    private VerdictJournal(VerdictFolder folder) throws IOException {
        this.file = folder.path().resolve(NAME);
        this.folder = folder;
        try (VerdictReader files = folder.open()) {
            for (TraceVerdict row = files.next(); row != null; row = files.next()) {
                verdicts.put(row.key(), row);
                filed.add(row.key());
            }
        }
        this.journal = Journal.open(file, this::take);
    }

    /** Opens the folder's journal, or begins one. */
    public static VerdictJournal open(VerdictFolder folder) throws IOException {
        Files.createDirectories(folder.path());
        return new VerdictJournal(folder);
    }

    private void take(byte[] record) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            char kind = (char) in.readUnsignedByte();
            if (kind != VERDICT) {
                throw new ShardException(
                        file,
                        "holds a record of kind '" + kind + "'",
                        "was it written by a newer program? read it with that one");
            }
            TraceVerdict row = new TraceVerdict(
                    in.readUTF(),
                    in.readUTF(),
                    new Verdict(in.readUTF(), VerdictSchema.outcome(in.readUTF()), in.readUTF()));
            journaled.add(row.key());
            verdicts.put(row.key(), row);
        } catch (IOException
                | IllegalArgumentException e) { // a record that ends too soon, or a word of another version
            throw new ShardException(file, "holds a record that is damaged", "move the file away", e);
        }
    }

    /** The last so far of each trace and what was checked of it. */
    public Map<TraceVerdict.Key, TraceVerdict> verdicts() {
        return Collections.unmodifiableMap(verdicts);
    }

    /** Returns when the verdict is on the disk; one that is there already, the same, is not written again. */
    public void append(TraceVerdict row) {
        if (!row.equals(verdicts.get(row.key()))) {
            write(row);
            verdicts.put(row.key(), row);
        }
    }

    private void write(TraceVerdict row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERDICT);
            out.writeUTF(row.traceId());
            out.writeUTF(row.about());
            out.writeUTF(row.verdict().by());
            out.writeUTF(row.verdict().outcome().word());
            out.writeUTF(row.verdict().reason());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        journal.append(bytes.toByteArray());
        journaled.add(row.key());
    }

    /**
     * Makes files of the folder, in place of those that are there, and ends the journal. Files that would hold the same stay as they are.
     *
     * @param order those that stay, each of which is there
     */
    public void drain(List<TraceVerdict.Key> order) throws IOException {
        if (!journaled.isEmpty() || !order.equals(filed)) {
            replace(order);
        }
        journal.close();
        Files.delete(file); // the files are whole
    }

    private void replace(List<TraceVerdict.Key> order) throws IOException {
        for (TraceVerdict row : rows(order)) { // what is in files alone must be here before they are replaced
            if (!journaled.contains(row.key())) {
                write(row);
            }
        }
        try (RowWriter<TraceVerdict> writer = folder.replace()) {
            for (TraceVerdict row : rows(order)) {
                writer.write(row);
            }
            writer.finish();
        }
    }

    private List<TraceVerdict> rows(List<TraceVerdict.Key> order) {
        return order.stream()
                .map(key -> Objects.requireNonNull(verdicts.get(key), key::toString))
                .toList();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
