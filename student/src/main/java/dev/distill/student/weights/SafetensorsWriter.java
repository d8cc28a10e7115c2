package dev.distill.student.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes one safetensors file: a temporary file beside it, synced, moved into place in one step, its folder synced. A
 * reader that has the old file mapped keeps the old file; a crash leaves the old file or the new one.
 */
public final class SafetensorsWriter {
    /** The most that one write call gets, so that a tensor of any size passes through a bounded buffer. */
    private static final long CHUNK = 64L << 20;

    private SafetensorsWriter() {}

    /**
     * A tensor to be written.
     *
     * @param name as other tools know it
     * @param type how its numbers lie in {@code content}, little-endian
     * @param shape row-major
     * @param content its bytes, asked for when its turn comes
     */
    public record Item(String name, StorageType type, List<Long> shape, Content content) {
        public Item {
            shape = List.copyOf(shape);
        }

        public long byteSize() {
            return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        }
    }

    /** Where a tensor's bytes come from. */
    @FunctionalInterface
    public interface Content {
        /** Hands over all bytes, in order, in pieces of any size; each may be overwritten once it is accepted. */
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes bytes. */
    @FunctionalInterface
    public interface Sink {
        void accept(MemorySegment piece) throws IOException;
    }

    /**
     * Writes these tensors, those of wide types first (every tensor is then aligned to its type).
     *
     * @return bytes written
     */
    public static long write(Path target, List<Item> items, Map<String, String> metadata) throws IOException {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeTo(piece -> drain(channel, piece.asByteBuffer()), items, metadata);
            channel.force(true);
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(target);
        return Files.size(target);
    }

    /**
     * The bytes of such a file, in order, each piece of at most 64 MiB: for a writer that names and syncs its files in its own way.
     */
    public static void writeTo(Sink sink, List<Item> items, Map<String, String> metadata) throws IOException {
        List<Item> ordered = items.stream()
                .sorted(Comparator.comparingInt((Item item) -> -item.type().bytes()))
                .toList();
        byte[] header = header(layout(ordered), metadata);
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        sink.accept(MemorySegment.ofArray(length.putLong(header.length).array()));
        sink.accept(MemorySegment.ofArray(header));
        for (Item item : ordered) {
            writeItem(sink, item);
        }
    }

    private static void writeItem(Sink sink, Item item) throws IOException {
        long[] written = {0};
        item.content().writeTo(piece -> {
            written[0] += piece.byteSize();
            for (long at = 0; at < piece.byteSize(); at += CHUNK) {
                sink.accept(piece.asSlice(at, Math.min(CHUNK, piece.byteSize() - at)));
            }
        });
        if (written[0] != item.byteSize()) {
            throw new IllegalArgumentException("tensor " + item.name() + ": " + item.type() + " " + item.shape()
                    + " needs " + item.byteSize() + " bytes, got " + written[0]);
        }
    }

    /** The places of these tensors, one behind the other. */
    private static List<TensorEntry> layout(List<Item> items) {
        List<TensorEntry> entries = new ArrayList<>();
        long begin = 0;
        for (Item item : items) {
            long end = begin + item.byteSize();
            entries.add(new TensorEntry(item.name(), item.type(), item.shape(), begin, end));
            begin = end;
        }
        return entries;
    }

    /** The JSON of the header, padded so that the data begins at a multiple of eight bytes. */
    static byte[] header(List<TensorEntry> entries, Map<String, String> metadata) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode notes = root.putObject("__metadata__");
            metadata.forEach(notes::put);
        }
        for (TensorEntry entry : entries) {
            if (root.has(entry.name())) {
                throw new IllegalArgumentException("tensor " + entry.name() + " is given twice");
            }
            ObjectNode node =
                    root.putObject(entry.name()).put("dtype", entry.type().name());
            var shape = node.putArray("shape");
            entry.shape().forEach(shape::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        }
        String json = root.toString();
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((8 - bytes % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void syncFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !System.getProperty("os.name", "").startsWith("Linux")) {
            return; // elsewhere a folder cannot be opened for syncing
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
