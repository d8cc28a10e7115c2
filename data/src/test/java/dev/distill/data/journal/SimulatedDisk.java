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
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk that fails when it is told to, and forgets what was not synced when the power goes. It works on real files in one
 * folder (so that readers need know nothing), and keeps beside them what is durable.
 *
 * <p>At a power cut ({@link #cutPower}) each sector of an unsynced write is kept, dropped or turned into garbage; the file's
 * length is any between the synced and the written one; of the unsynced changes of names a first part is kept, for file
 * systems write them in order.
 */
public final class SimulatedDisk implements Storage {
    private static final int SECTOR = 64;

    private final Path folder;
    private final Random random;
    private final Map<Path, Content> now = new HashMap<>();
    private Map<Path, Content> durable = new HashMap<>();
    /** The names after each change since the last sync of the folder. */
    private final List<Map<Path, Content>> unsyncedNames = new ArrayList<>();

    private long operations;
    private long failAt = Long.MAX_VALUE;
    private boolean failForEver;

    private static final class Content {
        byte[] written = {};
        byte[] synced = {};
    }

    public SimulatedDisk(Path folder, Random random) throws IOException {
        this.folder = folder;
        this.random = random;
        // What is there before is durable.
        for (Path file : files()) {
            Content content = new Content();
            content.written = Files.readAllBytes(file);
            content.synced = content.written;
            now.put(file, content);
        }
        durable = Map.copyOf(now);
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

    /** Operations so far, those that failed included. */
    public synchronized long operations() {
        return operations;
    }

    /** The power goes: the folder then holds what a real disk might hold. */
    public synchronized void cutPower() throws IOException {
        Map<Path, Content> names = durable;
        int kept = random.nextInt(unsyncedNames.size() + 1);
        if (kept > 0) {
            names = unsyncedNames.get(kept - 1);
        }
        for (Path file : files()) {
            Files.delete(file);
        }
        for (Map.Entry<Path, Content> entry : names.entrySet()) {
            Files.write(entry.getKey(), afterCut(entry.getValue()));
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

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList();
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

    private void namesChanged() {
        unsyncedNames.add(Map.copyOf(now));
    }

    private Content content(Path file) {
        @Nullable Content content = now.get(file);
        if (content == null) {
            throw new IllegalStateException("not written through this disk: " + file);
        }
        return content;
    }

    @Override
    public void createFolder(Path wanted) {
        if (!Files.isDirectory(wanted)) {
            throw new IllegalArgumentException("this disk has one folder, " + folder + "; asked for " + wanted);
        }
    }

    @Override
    public synchronized Output create(Path file) throws IOException {
        step();
        now.put(file, new Content());
        namesChanged();
        return new SimulatedOutput(Storage.local().create(file), content(file));
    }

    @Override
    public synchronized Output append(Path file) throws IOException {
        step();
        return new SimulatedOutput(Storage.local().append(file), content(file));
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        step();
        Storage.local().move(from, to);
        now.put(to, content(from));
        now.remove(from);
        namesChanged();
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        step();
        Storage.local().delete(file);
        now.remove(file);
        namesChanged();
    }

    @Override
    public synchronized void syncFolder(Path synced) throws IOException {
        step();
        durable = Map.copyOf(now);
        unsyncedNames.clear();
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
                int n = fails ? random.nextInt(bytes.remaining() + 1) : bytes.remaining();
                byte[] part = new byte[n];
                bytes.get(part);
                real.write(ByteBuffer.wrap(part));
                int old = content.written.length;
                content.written = Arrays.copyOf(content.written, old + n);
                System.arraycopy(part, 0, content.written, old, n);
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
                content.synced = content.written.clone();
            }
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
