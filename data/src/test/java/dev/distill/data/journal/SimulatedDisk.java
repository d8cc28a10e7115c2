package dev.distill.data.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk that fails when it is told to, and forgets what was not synced when the power goes. It works on real files below one
 * folder (so that readers need know nothing), and keeps beside them what is durable.
 *
 * <p>At a power cut ({@link #cutPower}) each sector of an unsynced write is kept, dropped or turned into garbage; the file's
 * length is any between the synced and the written one; of the unsynced changes of a folder's names a first part is kept,
 * for file systems write them in order, folder by folder. Locks, {@code *.lock}, are no part of it.
 */
public final class SimulatedDisk implements Storage {
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

    /** @param root what is below it is durable */
    public SimulatedDisk(Path root, Random random) throws IOException {
        this.root = root;
        this.random = random;
        read(root, tree);
    }

    private static void read(Path path, Folder folder) throws IOException {
        for (Path child : children(path)) {
            if (Files.isDirectory(child)) {
                Folder inner = new Folder();
                read(child, inner);
                folder.now.put(name(child), inner);
            } else {
                Content content = new Content();
                content.written = Files.readAllBytes(child);
                content.synced = content.written;
                folder.now.put(name(child), content);
            }
        }
        folder.sync();
    }

    private static List<Path> children(Path path) throws IOException {
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(child -> !child.toString().endsWith(".lock")).toList();
        }
    }

    /** Makes the n-th operation from the start fail, from 0; a write then writes a part. */
    public SimulatedDisk failAt(long operation) {
        failAt = operation;
        return this;
    }

    /** Makes the n-th operation and all after it fail, as when the machine has stopped. */
    public SimulatedDisk stopAt(long operation) {
        failAt = operation;
        failForEver = true;
        return this;
    }

    /** Whether the operation that is to fail was reached. */
    public synchronized boolean struck() {
        return operations > failAt;
    }

    /** Operations so far, those that failed included. */
    public synchronized long operations() {
        return operations;
    }

    /** The power goes: below the root there then is what a real disk might hold. */
    public synchronized void cutPower() throws IOException {
        clear(root);
        rebuild(root, tree);
    }

    private static void clear(Path path) throws IOException {
        for (Path child : children(path)) {
            if (Files.isDirectory(child)) {
                clear(child);
            }
            Files.delete(child);
        }
    }

    private void rebuild(Path path, Folder folder) throws IOException {
        int kept = random.nextInt(folder.unsynced.size() + 1);
        Map<String, Node> names = kept == 0 ? folder.durable : folder.unsynced.get(kept - 1);
        for (Map.Entry<String, Node> entry : new TreeMap<>(names).entrySet()) {
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
        byte[] synced = content.synced;
        byte[] written = content.written;
        if (Arrays.equals(synced, written)) {
            return synced;
        }
        int shorter = Math.min(synced.length, written.length);
        int longer = Math.max(synced.length, written.length);
        byte[] left = Arrays.copyOf(synced, shorter + random.nextInt(longer - shorter + 1));
        for (int start = 0; start < left.length; start += SECTOR) {
            int end = Math.min(start + SECTOR, left.length);
            boolean same = end <= shorter && Arrays.equals(synced, start, end, written, start, end);
            if (!same) {
                tear(left, start, end, content);
            }
        }
        return left;
    }

    /** One sector that was being written: new, old, or neither; bytes that were synced and not written since stay. */
    private void tear(byte[] left, int start, int end, Content content) {
        int kind = random.nextInt(3);
        for (int i = start; i < end; i++) {
            boolean untouched =
                    i < content.synced.length && i < content.written.length && content.synced[i] == content.written[i];
            if (untouched) {
                continue;
            }
            if (kind == 0 && i < content.written.length) {
                left[i] = content.written[i];
            } else if (kind == 1) {
                left[i] = (byte) random.nextInt();
            }
        }
    }

    /** Counts an operation; true if it is to fail. */
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
        return new SimulatedOutput(Storage.local().create(file), content);
    }

    @Override
    public synchronized Output append(Path file) throws IOException {
        step();
        if (!(parent(file).now.get(name(file)) instanceof Content content)) {
            throw new IllegalStateException("no file of this disk: " + file);
        }
        return new SimulatedOutput(Storage.local().append(file), content);
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

    private final class SimulatedOutput implements Output {
        private final Output real;
        private final Content content;

        SimulatedOutput(Output real, Content content) {
            this.real = real;
            this.content = content;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            synchronized (SimulatedDisk.this) {
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
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                step();
                real.truncate(size);
                content.written = Arrays.copyOf(content.written, (int) size);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
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
