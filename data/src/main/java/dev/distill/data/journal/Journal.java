package dev.distill.data.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only log that keeps what it has acknowledged. {@link #append} returns when the record is on the disk; records that
 * arrive while a sync runs share the next one, so that thousands of threads wait for a few syncs.
 *
 * <p>After a crash every acknowledged record is there, in the order of appending. One that was not acknowledged may be there
 * too: a reader must take the same record twice without harm.
 *
 * <p>Safe for use by any number of threads, virtual ones too. One thread of its own does all writing, because an interrupt of
 * a thread inside a {@code FileChannel} closes that channel for everyone.
 */
public final class Journal implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final Path file;
    private final OwnerLock owner;
    private final Storage.Output output;
    private final long salt;
    private final Recovery recovery;
    private final Thread writer;

    private final ReentrantLock state = new ReentrantLock();
    private final Condition changed = state.newCondition();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private boolean closing;
    private @Nullable JournalException failure;

    /** Where the next frame begins. The writer's own. */
    private long offset;
    /** Holds one frame. The writer's own. */
    private ByteBuffer frame = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    /** A record, and who waits for it. */
    private static final class Pending {
        final byte[] record;
        /** Its position in the file. */
        final CompletableFuture<Long> synced = new CompletableFuture<>();

        Pending(byte[] record) {
            this.record = record;
        }
    }

    private Journal(Path file, OwnerLock owner, Storage.Output output, long salt, Recovery recovery) {
        this.file = file;
        this.owner = owner;
        this.output = output;
        this.salt = salt;
        this.recovery = recovery;
        this.offset = recovery.bytes();
        this.writer = Thread.ofPlatform()
                .daemon()
                .name("journal " + file.getFileName())
                .unstarted(this::writeUntilClosed);
    }

    /**
     * Opens a journal for appending, or begins one; hands every whole record in it to {@code replay}, in order, and cuts off
     * what a crash left of the last write.
     *
     * @throws JournalException if another process has it open, if it is no journal, or if acknowledged records are damaged
     * @throws IOException if the disk fails
     */
    public static Journal open(Path file, Consumer<byte[]> replay) throws IOException {
        return open(Storage.local(), file, (record, _) -> replay.accept(record));
    }

    /** Hears of each record that a journal holds. */
    @FunctionalInterface
    public interface Replay {
        /** @param position where the record's own bytes begin in the file: what {@link RecordFile} reads them by */
        void take(byte[] record, long position);

        /** There are no more. Nothing has been changed so far. */
        default void over() {}
    }

    /** {@link #open(Path, Consumer)} through the given storage, with the records' positions. */
    public static Journal open(Storage storage, Path file, Replay replay) throws IOException {
        storage.createFolder(AtomicFile.folderOf(file));
        OwnerLock owner = OwnerLock.take(file);
        try {
            return recover(storage, file, owner, replay);
        } catch (IOException | RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    /** Hands every whole record to {@code replay} and changes nothing; a journal that is being written can be read. */
    public static Recovery read(Path file, Consumer<byte[]> replay) throws IOException {
        return read(file, (record, _) -> replay.accept(record));
    }

    /** {@link #read(Path, Consumer)} with the records' positions. */
    public static Recovery read(Path file, Replay replay) throws IOException {
        try (JournalReader reader = new JournalReader(file)) {
            return reader.replay(replay);
        }
    }

    private static Journal recover(Storage storage, Path file, OwnerLock owner, Replay replay) throws IOException {
        if (!Files.exists(file)) {
            byte[] header = Frame.fileHeader(new SecureRandom().nextLong());
            AtomicFile.write(storage, file, out -> out.write(header));
        }
        long salt;
        Recovery found;
        try (JournalReader reader = new JournalReader(file)) {
            salt = reader.salt();
            found = reader.replay(replay);
        }
        Storage.Output output = storage.append(file);
        try {
            if (found.tornBytes() > 0) {
                LOG.warn(
                        "journal {}: cut off {} bytes that a crash left of a record that was never acknowledged",
                        file,
                        found.tornBytes());
                output.truncate(found.bytes());
            }
            // What was read may have come from the page cache of a killed process: it is promised from here on.
            output.sync();
        } catch (IOException | RuntimeException e) {
            output.close();
            throw e;
        }
        Journal journal = new Journal(file, owner, output, salt, found);
        journal.writer.start();
        return journal;
    }

    /** What {@link #open} found. */
    public Recovery recovery() {
        return recovery;
    }

    public Path file() {
        return file;
    }

    /**
     * Returns when this record is on the disk. An interrupt does not cut the waiting short; it stays set.
     *
     * @return where the record's own bytes begin in the file
     * @throws JournalException of kind FAILED if this or an earlier write failed: the journal takes nothing more, and what was
     *     acknowledged is safe; of kind CLOSED after {@link #close}
     */
    public long append(byte[] record) {
        if (record.length > Frame.LONGEST_RECORD) {
            throw new IllegalArgumentException("journal " + file + ": a record may have at most " + Frame.LONGEST_RECORD
                    + " bytes, got " + record.length);
        }
        Pending pending = new Pending(record);
        state.lock();
        try {
            if (failure != null) {
                throw failed(failure.getCause());
            }
            if (closing) {
                throw new JournalException(JournalException.Kind.CLOSED, file, "is closed and takes no more records");
            }
            waiting.add(pending);
            changed.signal();
        } finally {
            state.unlock();
        }
        try {
            return pending.synced.join();
        } catch (CompletionException e) {
            throw failed(e.getCause() == null ? e : e.getCause().getCause());
        }
    }

    private void writeUntilClosed() {
        List<Pending> group = new ArrayList<>();
        try {
            while (takeGroup(group)) {
                long position = offset + Frame.HEADER;
                writeFrame(group);
                for (Pending pending : group) {
                    pending.synced.complete(position + Integer.BYTES);
                    position += Integer.BYTES + pending.record.length;
                }
                group.clear();
            }
            // An empty frame after the last one: should that one be damaged later, it is seen to be no torn tail.
            writeFrame(List.of());
        } catch (Throwable e) {
            fail(group, e);
        }
    }

    /** Waits for records and moves those that fit into one frame to the group; false if the journal is to be closed. */
    private boolean takeGroup(List<Pending> group) {
        state.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            long bytes = 0;
            while (!waiting.isEmpty() && bytes < Frame.FULL) {
                Pending pending = waiting.remove();
                bytes += Integer.BYTES + pending.record.length;
                group.add(pending);
            }
            return !group.isEmpty();
        } finally {
            state.unlock();
        }
    }

    private void writeFrame(List<Pending> group) throws IOException {
        int length = 0;
        for (Pending pending : group) {
            length += Integer.BYTES + pending.record.length;
        }
        if (frame.capacity() < Frame.HEADER + length) {
            frame = ByteBuffer.allocateDirect(Math.max(Frame.HEADER + length, 2 * frame.capacity()))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        frame.clear().position(Frame.HEADER);
        for (Pending pending : group) {
            frame.putInt(pending.record.length).put(pending.record);
        }
        frame.flip();
        int checksum = Frame.checksum(salt, offset, frame.slice(Frame.HEADER, length));
        frame.putLong(0, offset).putInt(Long.BYTES, length).putInt(Long.BYTES + Integer.BYTES, checksum);
        output.write(frame);
        output.sync();
        offset += Frame.HEADER + length;
    }

    /** Tells all who wait, and all who will come, that the journal has failed. */
    private void fail(List<Pending> group, Throwable cause) {
        state.lock();
        try {
            failure = failed(cause);
            group.addAll(waiting);
            waiting.clear();
            for (Pending pending : group) {
                pending.synced.completeExceptionally(failure);
            }
        } finally {
            state.unlock();
        }
    }

    private JournalException failed(@Nullable Throwable cause) {
        return new JournalException(
                JournalException.Kind.FAILED,
                file,
                "could not be written (" + cause
                        + "); it takes no more records, and all that it has acknowledged is safe."
                        + " Is the disk full? Make room and run again",
                cause);
    }

    /**
     * Waits until the appends under way are done, then closes the file and gives the lock back. Doing it twice does nothing.
     *
     * @throws IOException if the file could not be closed; appends that failed have said so themselves
     */
    @Override
    public void close() throws IOException {
        state.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            state.unlock();
        }
        boolean interrupted = false;
        while (true) {
            try {
                writer.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try (owner) {
            output.close();
        }
    }
}
