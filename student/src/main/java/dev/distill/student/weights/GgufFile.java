package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.*;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file (versions 2 and 3, little-endian), memory-mapped: its metadata as plain Java values, its tensors widened
 * to FLOAT as they are asked for. Source: the GGUF specification in ggml's {@code docs/gguf.md}.
 *
 * <p>Nothing that the file claims is believed before it is checked against the file's size; its metadata may have 100 MB
 * and four million values, several times what the largest vocabularies need.
 */
public final class GgufFile implements AutoCloseable {
    private static final int MAX_DIMENSIONS = 4;

    /**
     * A tensor's place.
     *
     * @param shape row-major, the slowest dimension first (GGUF itself counts the other way)
     * @param offset from the start of the data
     */
    public record Entry(String name, GgufType type, List<Long> shape, long offset) {
        public long elements() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }

        long byteSize() {
            return elements() / type.blockSize() * type.blockBytes();
        }
    }

    private final Path path;
    private final Arena arena;
    private final Map<String, Object> metadata;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final MemorySegment data;

    private GgufFile(Path path, Arena arena, MemorySegment file) throws WeightsException {
        this.path = path;
        this.arena = arena;
        GgufCursor cursor = new GgufCursor(file, path.toString());
        cursor.magic();
        long tensors = cursor.count("tensors", 24);
        long keys = cursor.count("metadata entries", 12);
        cursor.spend(tensors + keys);
        Map<String, Object> values = new LinkedHashMap<>();
        for (long i = 0; i < keys; i++) {
            String key = cursor.string();
            if (values.put(key, cursor.value()) != null) {
                throw cursor.bad(INVALID_HEADER, "metadata key " + key + " stands twice");
            }
        }
        metadata = Collections.unmodifiableMap(values);
        List<Entry> found = new ArrayList<>();
        for (long i = 0; i < tensors; i++) {
            found.add(entry(cursor));
        }
        long alignment = metadata.getOrDefault("general.alignment", 32L) instanceof Long n ? n : 0;
        if (alignment < 1 || Long.bitCount(alignment) != 1 || alignment > 1 << 20) {
            throw cursor.bad(
                    INVALID_HEADER,
                    "general.alignment must be a power of two; got " + metadata.get("general.alignment"));
        }
        long start = Math.ceilDiv(cursor.position(), alignment) * alignment;
        if (start > file.byteSize()) {
            throw cursor.bad(METADATA_INCOMPLETE_BUFFER, "it ends before its data begin (a cut download?)");
        }
        data = file.asSlice(start);
        for (Entry entry : found) {
            if (entries.put(entry.name(), entry) != null) {
                throw cursor.bad(INVALID_HEADER, "tensor " + entry.name() + " stands twice");
            }
        }
        checkLayout(cursor, found, alignment, data.byteSize());
    }

    /** Every tensor lies inside of the data, aligned, and shares no byte with another. */
    private static void checkLayout(GgufCursor cursor, List<Entry> found, long alignment, long dataBytes)
            throws WeightsException {
        found.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::byteSize));
        long free = 0;
        for (Entry entry : found) {
            if (entry.offset() < 0
                    || entry.offset() % alignment != 0
                    || entry.offset() > dataBytes - entry.byteSize()) {
                throw cursor.bad(
                        INVALID_OFFSET,
                        "tensor " + entry.name() + ": " + entry.byteSize() + " bytes at " + entry.offset()
                                + " do not lie in the " + dataBytes + " bytes of data (a cut download?)");
            }
            if (entry.offset() < free) {
                throw cursor.bad(
                        INVALID_OFFSET,
                        "tensor " + entry.name() + " begins at " + entry.offset() + "; the one before it ends at "
                                + free);
            }
            free = entry.offset() + entry.byteSize();
        }
    }

    /** Maps this file and checks its header; a file that breaks a rule is a {@link WeightsException}. */
    public static GgufFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return of(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The file that has these bytes; {@code arena}, which owns them, is closed with it. */
    static GgufFile of(Path path, Arena arena, MemorySegment file) throws WeightsException {
        return new GgufFile(path, arena, file);
    }

    private static Entry entry(GgufCursor cursor) throws WeightsException {
        String name = cursor.string();
        int dimensions = cursor.int32();
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            throw cursor.bad(
                    TENSOR_INVALID_INFO,
                    "tensor " + name + ": at most " + MAX_DIMENSIONS + " dimensions; got " + dimensions);
        }
        List<Long> shape = new ArrayList<>();
        long size = 1;
        for (int i = 0; i < dimensions; i++) {
            long extent = cursor.int64();
            if (extent < 0 || extent > 0 && size > (1L << 48) / extent) {
                throw cursor.bad(VALIDATION_OVERFLOW, "tensor " + name + ": its shape is too large");
            }
            size *= extent;
            shape.addFirst(extent);
        }
        int number = cursor.int32();
        GgufType type = GgufType.numbered(number);
        if (type == null) {
            throw cursor.bad(
                    TENSOR_INVALID_INFO,
                    "tensor " + name + " has type number " + number + ", which is not read here; known: "
                            + List.of(GgufType.values()) + ". Requantise the file to one of these");
        }
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (row % type.blockSize() != 0) {
            throw cursor.bad(
                    TENSOR_INVALID_INFO,
                    "tensor " + name + ": rows of " + type + " must be multiples of " + type.blockSize() + "; got "
                            + row);
        }
        return new Entry(name, type, List.copyOf(shape), cursor.int64());
    }

    /** Metadata by key: Long, Double, Boolean, String, or a List of these. */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /** Every tensor, in the order of the file. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    public Entry entry(String name) throws WeightsException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new WeightsException(MISSING_TENSOR, path + ": there is no tensor \"" + name + "\" in it");
        }
        return entry;
    }

    /** This tensor's bytes in the mapping, as its type lays them out: read-only, valid until close. */
    public MemorySegment bytes(String name) throws WeightsException {
        Entry entry = entry(name);
        return data.asSlice(entry.offset(), entry.byteSize());
    }

    /**
     * Widens this tensor to FLOAT.
     *
     * @param out {@code entry.elements()} floats, native or on the heap, filled in row-major order
     */
    public void widen(String name, MemorySegment out) throws WeightsException {
        Entry entry = entry(name);
        if (out.byteSize() != entry.elements() * Float.BYTES) {
            throw new IllegalArgumentException("tensor " + name + ": " + entry.elements() + " floats need "
                    + entry.elements() * Float.BYTES + " bytes, got " + out.byteSize());
        }
        MemorySegment bytes = bytes(name);
        long blocks = entry.elements() / entry.type().blockSize();
        long step = Math.max(1, 65_536 / entry.type().blockSize());
        for (long block = 0; block < blocks; block += step) {
            float[] chunk = new float
                    [(int) (Math.min(step, blocks - block) * entry.type().blockSize())];
            GgufBlocks.widen(entry.type(), bytes, block, chunk);
            MemorySegment.copy(
                    MemorySegment.ofArray(chunk),
                    0,
                    out,
                    block * entry.type().blockSize() * Float.BYTES,
                    (long) chunk.length * Float.BYTES);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
