package dev.distill.train;

import com.sun.management.OperatingSystemMXBean;
import dev.distill.student.tensor.LargeMemory;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.SafetensorsWriter.Item;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the trained state between two steps, so that it can be written while the next ones change it. It takes as much
 * memory as a checkpoint takes on the disk (with AdamW 12 bytes for each trained weight), once, from the first checkpoint
 * to the end of the run.
 */
final class Snapshot implements AutoCloseable {
    /** Where every tensor of the copy begins, in bytes. */
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private @Nullable MemorySegment memory;

    /**
     * Whether a copy of this size takes at most a quarter of the memory that this process may use. A larger one is not made:
     * the checkpoint is then written while the training waits.
     */
    static boolean fits(long bytes) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Saving.fits(bytes, system.getTotalMemorySize());
    }

    static long bytes(List<Item> items) {
        return items.stream().mapToLong(Item::byteSize).sum();
    }

    /** Copies these tensors over the copy before. What it returns reads the copy. */
    List<Item> take(List<Item> items) throws IOException {
        long room = items.stream().mapToLong(item -> aligned(item.byteSize())).sum();
        MemorySegment copy = memory;
        if (copy == null || copy.byteSize() < room) {
            copy = LargeMemory.allocate(arena, room);
            memory = copy;
        }
        List<Item> copied = new ArrayList<>();
        long begin = 0;
        for (Item item : items) {
            MemorySegment place = copy.asSlice(begin, item.byteSize());
            fill(place, item.content());
            copied.add(new Item(item.name(), item.type(), item.shape(), sink -> sink.accept(place)));
            begin += aligned(item.byteSize());
        }
        return copied;
    }

    private static void fill(MemorySegment place, SafetensorsWriter.Content content) throws IOException {
        long[] at = {0};
        content.writeTo(piece -> {
            MemorySegment.copy(piece, 0, place, at[0], piece.byteSize());
            at[0] += piece.byteSize();
        });
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    @Override
    public void close() {
        arena.close();
    }
}
