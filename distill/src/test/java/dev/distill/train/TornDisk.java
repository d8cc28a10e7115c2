package dev.distill.train;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk with folders that fails when it is told to, and forgets what was not synced when the power goes. It works on real
 * files below one folder, so that readers need know nothing, and keeps beside them what is durable.
 *
 * <p>At a power cut each sector of an unsynced file is kept, dropped or turned into garbage, and its length is any between
 * the synced and the written one; of the unsynced changes of a folder's names a first part is kept, folder by folder.
 */
final class TornDisk implements Storage {
    private static final int SECTOR = 64;

    private final Path root;
    private final Random random;
    private final Folder tree = new Folder();
    private long operations;
    private long failAt = Long.MAX_VALUE;
    private boolean failForEver;

    private sealed interface Node permits Folder, Content {}

    private static final class Folder implements Node {
        Map<String, Node> now = new HashMap<>();
        Map<String, Node> durable = Map.of();
        final List<Map<String, Node>> unsynced = new ArrayList<>();

        void changed() {
            unsynced.add(Map.copyOf(now));
        }

        void sync() {
            durable = Map.copyOf(now);
            unsynced.clear();
        }
    }

    private static final class Content implements Node {
        byte[] written = {};
        byte[] synced = {};
    }

    /** @param root empty, and durable */
    TornDisk(Path root, Random random) {
        this.root = root;
        this.random = random;
    }

    /** Makes the n-th operation fail, from 0; a write then writes a part. */
    TornDisk failAt(long operation) {
        failAt = operation;
        return this;
    }

    /** Makes the n-th operation and all after it fail, as when the machine has stopped. */
    TornDisk stopAt(long operation) {
        failAt = operation;
        failForEver = true;
        return this;
    }

    /** Whether the operation that is to fail was reached. */
    synchronized boolean struck() {
        return operations > failAt;
    }

    /** The power goes: below the root there then is what a real disk might hold. */
    synchronized void cutPower() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(root)) {
                    Files.delete(path);
                }
            }
        }
        rebuild(root, tree);
    }

    private void rebuild(Path path, Folder folder) throws IOException {
        int kept = random.nextInt(folder.unsynced.size() + 1);
        Map<String, Node> names = kept == 0 ? folder.durable : folder.unsynced.get(kept - 1);
        for (Map.Entry<String, Node> entry : names.entrySet()) {
            Path child = path.resolve(entry.getKey());
            switch (entry.getValue()) {
                case Folder inner -> {
                    Files.createDirectory(child);
                    rebuild(child, inner);
                }
                case Content content -> Files.write(child, afterCut(content));
            }
        }
    }

    private byte[] afterCut(Content content) {
        if (Arrays.equals(content.synced, content.written)) {
            return content.synced;
        }
        // files here only grow: what was synced stays as it was
        int more = random.nextInt(content.written.length - content.synced.length + 1);
        byte[] left = Arrays.copyOf(content.synced, content.synced.length + more);
        for (int start = content.synced.length; start < left.length; start += SECTOR) {
            int end = Math.min(start + SECTOR, left.length);
            switch (random.nextInt(3)) {
                case 0 -> System.arraycopy(content.written, start, left, start, end - start);
                case 1 -> {
                    for (int i = start; i < end; i++) {
                        left[i] = (byte) random.nextInt();
                    }
                }
                default -> {} // zeros
            }
        }
        return left;
    }

    private boolean fails() {
        long operation = operations++;
        return operation == failAt || (failForEver && operation > failAt);
    }

    private void step() throws IOException {
        if (fails()) {
            throw new IOException("simulated: no space left on device");
        }
    }

    private Folder folder(Path path) {
        Folder folder = tree;
        for (Path name : root.equals(path) ? List.<Path>of() : root.relativize(path)) {
            Node node = folder.now.get(name.toString());
            if (!(node instanceof Folder inner)) {
                throw new IllegalStateException("no folder of this disk: " + path);
            }
            folder = inner;
        }
        return folder;
    }

    private Folder parent(Path path) {
        return folder(Objects.requireNonNull(path.getParent()));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public synchronized void createFolder(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        step();
        Files.createDirectory(path);
        parent(path).now.put(name(path), new Folder());
        parent(path).changed();
        syncFolder(Objects.requireNonNull(path.getParent()));
    }

    @Override
    public synchronized Output create(Path file) throws IOException {
        step();
        Content content = new Content();
        parent(file).now.put(name(file), content);
        parent(file).changed();
        return new TornOutput(Storage.local().create(file), content);
    }

    @Override
    public Output append(Path file) {
        throw new UnsupportedOperationException("checkpoints are written at once");
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        step();
        Storage.local().move(from, to);
        @Nullable Node moved = parent(from).now.remove(name(from));
        if (moved == null || parent(from) != parent(to)) {
            throw new IllegalStateException("moved within one folder: " + from + " to " + to);
        }
        parent(to).now.put(name(to), moved);
        parent(to).changed();
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        step();
        Storage.local().delete(path);
        parent(path).now.remove(name(path));
        parent(path).changed();
    }

    @Override
    public synchronized void syncFolder(Path path) throws IOException {
        step();
        folder(path).sync();
    }

    private final class TornOutput implements Output {
        private final Output real;
        private final Content content;

        TornOutput(Output real, Content content) {
            this.real = real;
            this.content = content;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            synchronized (TornDisk.this) {
                boolean fails = fails();
                byte[] part = new byte[fails ? random.nextInt(bytes.remaining() + 1) : bytes.remaining()];
                bytes.get(part);
                real.write(ByteBuffer.wrap(part));
                int old = content.written.length;
                content.written = Arrays.copyOf(content.written, old + part.length);
                System.arraycopy(part, 0, content.written, old, part.length);
                if (fails) {
                    throw new IOException("simulated: no space left on device");
                }
            }
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException("checkpoints are written at once");
        }

        @Override
        public void sync() throws IOException {
            synchronized (TornDisk.this) {
                step();
                content.synced = content.written;
            }
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
