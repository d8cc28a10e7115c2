package dev.distill.student.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One safetensors file, memory-mapped. Opening reads the header alone; a tensor's bytes come from the disk when they are
 * used. Closing it ends the mapping: no segment that came from here may be used afterwards.
 *
 * <p>Format: eight bytes header length (little-endian), JSON header, data. Source:
 * https://github.com/huggingface/safetensors, README, "Format".
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;
    private final Path path;

    private SafetensorsFile(Path path, Arena arena, MemorySegment data, SafetensorsHeader header) {
        this.path = path;
        this.arena = arena;
        this.data = data;
        this.metadata = header.metadata();
        this.entries = LinkedHashMap.newLinkedHashMap(header.entries().size());
        header.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    /** Maps this file and checks its header; a file that breaks a rule is a {@link WeightsException}. */
    public static SafetensorsFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return of(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The file that has these bytes; {@code arena}, which owns them, is closed with it. */
    static SafetensorsFile of(Path path, Arena arena, MemorySegment file) throws WeightsException {
        MemorySegment json = headerOf(file, path.toString());
        MemorySegment data = file.asSlice(Long.BYTES + json.byteSize());
        SafetensorsHeader header =
                SafetensorsHeader.parse(json.toArray(ValueLayout.JAVA_BYTE), data.byteSize(), path.toString());
        return new SafetensorsFile(path, arena, data, header);
    }

    private static MemorySegment headerOf(MemorySegment file, String name) throws WeightsException {
        if (file.byteSize() < Long.BYTES) {
            throw SafetensorsHeader.bad(
                    WeightsException.Rule.HEADER_TOO_SMALL, name, "it has " + file.byteSize() + " bytes, needs 8");
        }
        long length = file.get(LENGTH, 0);
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw SafetensorsHeader.bad(
                    WeightsException.Rule.HEADER_TOO_LARGE,
                    name,
                    "its header must have at most " + SafetensorsHeader.MAX_BYTES + " bytes; it claims "
                            + Long.toUnsignedString(length) + " (is it a safetensors file?)");
        }
        if (length > file.byteSize() - Long.BYTES) {
            throw SafetensorsHeader.bad(
                    WeightsException.Rule.INVALID_HEADER_LENGTH,
                    name,
                    "its header claims " + length + " bytes, " + (file.byteSize() - Long.BYTES)
                            + " follow (a cut download?)");
        }
        return file.asSlice(Long.BYTES, length);
    }

    public Path path() {
        return path;
    }

    /** Every tensor, in the order of the data. */
    public List<TensorEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** The file's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** This tensor's place; a name that the file lacks is a {@link WeightsException}. */
    public TensorEntry entry(String name) throws WeightsException {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new WeightsException(
                    WeightsException.Rule.MISSING_TENSOR, path + ": there is no tensor \"" + name + "\" in it");
        }
        return entry;
    }

    /** This tensor's bytes in the mapping: little-endian, row-major, of any alignment, read-only, valid until close. */
    public MemorySegment bytes(String name) throws WeightsException {
        TensorEntry entry = entry(name);
        return data.asSlice(entry.begin(), entry.byteSize());
    }

    @Override
    public void close() {
        arena.close();
    }
}
