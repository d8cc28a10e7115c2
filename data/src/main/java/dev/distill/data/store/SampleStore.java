package dev.distill.data.store;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Sample.Span;
import dev.distill.data.pack.Samples;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Samples in one file, mapped into memory: the operating system keeps as much of it as there is room for. In Java's heap is a small
 * index. The file is written whole and never changed. Reading is safe for several threads, until it is closed.
 */
public final class SampleStore implements Samples, AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;
    private final SampleIndex index;
    private final String notes;

    private SampleStore(Path file, SampleIndex index, String notes) throws IOException {
        this.index = index;
        this.notes = notes;
        try (FileChannel channel = FileChannel.open(file)) {
            this.bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** Takes the samples of a store that is being written, in their order. */
    @FunctionalInterface
    public interface Sink {
        void add(StoredSample sample) throws IOException;
    }

    /** Gives the samples of a store that is being written. */
    @FunctionalInterface
    public interface Content {
        /** @return what is noted at the end, for whoever opens it */
        String writeTo(Sink sink) throws IOException;
    }

    /**
     * Writes a store; a file of that name is replaced when all is written, and stays as it is if something is thrown before.
     *
     * @param key names all that the samples depend on
     */
    public static void write(Path file, String key, Content content) throws IOException {
        AtomicFile.write(file, out -> {
            StoreWriter writer = new StoreWriter(out, key);
            writer.end(content.writeTo(writer::add));
        });
    }

    /**
     * Opens a store, having read all of it once.
     *
     * @return empty if there is no file, or one of another key or version
     * @throws DamagedStoreException if it does not hold what was written
     */
    public static Optional<SampleStore> open(Path file, String key) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SampleIndex index = new SampleIndex();
        try (StoreScan scan = new StoreScan(file)) {
            return scan.key().equals(key)
                    ? Optional.of(new SampleStore(file, index, scan.records(index)))
                    : Optional.empty();
        }
    }

    /** What its writer noted. */
    public String notes() {
        return notes;
    }

    /** Of all samples. */
    public long tokens() {
        return index.tokens();
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public int length(int sample) {
        return index.length(sample);
    }

    @Override
    public Sample get(int sample) {
        long at = index.offset(sample) + StoredSample.HEAD;
        List<Span> spans = new ArrayList<>();
        for (int i = field(sample, 2); i > 0; i--) {
            spans.add(new Span(bytes.get(INT, at), bytes.get(INT, at + Integer.BYTES)));
            at += 2 * Integer.BYTES;
        }
        int[] ids = new int[length(sample)];
        MemorySegment.copy(bytes, INT, at, ids, 0, ids.length);
        return new Sample(traceId(sample), ids, spans);
    }

    @Override
    public String traceId(int sample) {
        return text(sample, 0);
    }

    /** Of the sample's trace. */
    public String promptId(int sample) {
        return text(sample, 1);
    }

    /** Of the sample's prompt. */
    public String source(int sample) {
        return text(sample, 2);
    }

    /** The number of the sample's trace among those that the store was made of; it rises with the sample's. */
    public int trace(int sample) {
        return field(sample, 0);
    }

    private int field(int sample, int number) {
        return bytes.get(INT, index.offset(sample) + (long) number * Integer.BYTES);
    }

    /** One of the three texts behind the ids. */
    private String text(int sample, int number) {
        long at = index.offset(sample)
                + StoredSample.HEAD
                + (long) Integer.BYTES * (2L * field(sample, 2) + length(sample));
        for (int before = 0; before < number; before++) {
            at += field(sample, 3 + before);
        }
        byte[] text = bytes.asSlice(at, field(sample, 3 + number)).toArray(ValueLayout.JAVA_BYTE);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        arena.close();
    }
}
