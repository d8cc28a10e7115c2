package dev.distill.data.journal;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One owner at a time, over all processes of the machine. Beside the file {@code NAME} lies {@code NAME.lock}, locked by the
 * operating system (so a killed owner holds nothing) and saying in words who owns it. It stays, empty, when it is released.
 */
public final class OwnerLock implements Closeable {
    /**
     * Those that this process holds. The system's lock alone is not enough: on POSIX systems closing any channel on a file drops
     * all of the process's locks on it, so a second attempt in this process must not even open the file.
     */
    private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

    private final Path lockFile;
    private final FileChannel channel;

    private OwnerLock(Path lockFile, FileChannel channel) {
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /**
     * Takes the lock beside this file or folder, whose parent must exist.
     *
     * @throws JournalException of kind LOCKED, which names the owner
     */
    public static OwnerLock take(Path file) throws IOException {
        Path folder = AtomicFile.folderOf(file).toRealPath();
        Path lockFile = folder.resolve(file.getFileName() + ".lock");
        String owner = describeThisProcess();
        String other = HELD.putIfAbsent(lockFile, owner);
        if (other != null) {
            throw locked(file, lockFile, other);
        }
        try {
            return new OwnerLock(lockFile, lock(file, lockFile, owner));
        } catch (IOException | RuntimeException e) {
            HELD.remove(lockFile);
            throw e;
        }
    }

    private static FileChannel lock(Path file, Path lockFile, String owner) throws IOException {
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw locked(file, lockFile, Files.readString(lockFile).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static JournalException locked(Path file, Path lockFile, String owner) {
        return new JournalException(
                JournalException.Kind.LOCKED,
                file,
                "in use by " + (owner.isEmpty() ? "another process" : owner) + " (" + lockFile
                        + "); wait until it has ended, or stop it");
    }

    private static String describeThisProcess() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "this machine";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            channel.truncate(0);
        } finally {
            HELD.remove(lockFile);
        }
    }
}
