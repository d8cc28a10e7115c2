package dev.distill.data.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The few file operations that change the disk and on whose order crash safety rests. Reading does not go through here.
 *
 * <p>What a crash leaves is what was synced: the bytes of a file after {@link Output#sync}, its name after
 * {@link #syncFolder} of its folder. Anything later may be there, in part, in any order, or not at all.
 */
public interface Storage {
    /** The disk of this machine. */
    static Storage local() {
        return LocalStorage.INSTANCE;
    }

    /** This folder and those above it that are missing, their names durable. */
    void createFolder(Path folder) throws IOException;

    /** A new, empty file; one that is there already is emptied. The folder must exist. */
    Output create(Path file) throws IOException;

    /** An existing file, to be written at its end. */
    Output append(Path file) throws IOException;

    /** Gives a file another name on the same file system, in one step; a file that has that name is replaced. */
    void move(Path from, Path to) throws IOException;

    /** Removes a file; one that is not there is no error. */
    void delete(Path file) throws IOException;

    /** Makes the names in this folder durable: files created, moved or deleted before. */
    void syncFolder(Path folder) throws IOException;

    /** A file open for writing at its end. Used by one thread at a time. */
    interface Output extends Closeable {
        /** Writes all remaining bytes at the end of the file, or throws; after a throw some of them may be there. */
        void write(ByteBuffer bytes) throws IOException;

        /** The length of the file in bytes. */
        long size() throws IOException;

        /** Cuts the file off at this length, in bytes. */
        void truncate(long size) throws IOException;

        /** Returns when all that was written is on the disk. */
        void sync() throws IOException;
    }
}
