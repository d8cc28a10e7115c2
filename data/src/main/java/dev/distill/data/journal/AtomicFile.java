package dev.distill.data.journal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Files that appear whole or not at all: written under a temporary name in the same folder, synced, moved in one step, the
 * folder synced. Whoever sees the name sees all of the content, after a crash too; a file that had the name stays until then.
 *
 * <p>One writer per target at a time: the temporary name is fixed, so that a killed writer leaves at most one file behind,
 * which the next one replaces.
 */
public final class AtomicFile {
    private static final int BUFFER = 1 << 16;

    private AtomicFile() {}

    /** What writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a text file in UTF-8; creates the folder where it is missing. */
    public static void write(Path target, String text) throws IOException {
        write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a file of any size; creates the folder where it is missing. */
    public static void write(Path target, Content content) throws IOException {
        write(Storage.local(), target, content);
    }

    /** {@link #write(Path, Content)} through the given storage. */
    public static void write(Storage storage, Path target, Content content) throws IOException {
        storage.createFolder(folderOf(target));
        Path temporary = temporaryFor(target);
        try (Storage.Output file = storage.create(temporary);
                OutputStream out = new BufferedOutputStream(new StorageStream(file), BUFFER)) {
            content.writeTo(out);
            out.flush();
            file.sync();
        } catch (IOException | RuntimeException e) {
            discard(storage, temporary, e);
            throw e;
        }
        publish(storage, temporary, target);
    }

    /** The temporary name that belongs to this target: {@code .NAME.tmp} in the same folder. */
    public static Path temporaryFor(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".tmp");
    }

    /** Moves a temporary file, written and synced, to its name and syncs the folder. */
    public static void publish(Storage storage, Path temporary, Path target) throws IOException {
        storage.move(temporary, target);
        storage.syncFolder(folderOf(target));
    }

    /** Removes a temporary file whose writing failed, so that it does not keep a full disk full. */
    public static void discard(Storage storage, Path temporary, Throwable reason) {
        try {
            storage.delete(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("file " + file + ": a folder's root is no file");
        }
        return parent;
    }

    /** A stream on a {@link Storage.Output}; closing it leaves the file open. */
    private static final class StorageStream extends OutputStream {
        private final Storage.Output file;

        StorageStream(Storage.Output file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            file.write(ByteBuffer.wrap(new byte[] {(byte) b}));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(ByteBuffer.wrap(bytes, offset, length));
        }
    }
}
