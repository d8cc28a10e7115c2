package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Each thread's few buffers of floats through which a kernel reads and writes numbers of another type ({@link Numbers}). */
final class Stage {
    /** Numbers of a buffer that are always there: 32 KiB, so that three of them and what they are read from stay in the second-level cache. */
    static final int COUNT = 8 * 1024;

    private static final int BUFFERS = 6;

    private static final ThreadLocal<Stage> OF_THREAD = ThreadLocal.withInitial(Stage::new);

    private MemorySegment memory = MemorySegment.NULL;
    private final List<MemorySegment> outgrown = new ArrayList<>(); // a kernel may still hold a buffer of them

    private Stage() {}

    /**
     * Address of one of this thread's buffers.
     *
     * @param index 0 to 5
     * @param count floats that it must hold
     */
    static long buffer(int index, int count) {
        return OF_THREAD.get().at(index, Math.max(count, COUNT));
    }

    private long at(int index, int count) {
        long bytes = Math.ceilDiv((long) count * Floats.BYTES, Tensor.ALIGNMENT) * Tensor.ALIGNMENT;
        if (memory.byteSize() < BUFFERS * bytes) {
            outgrown.add(memory);
            memory = Arena.ofAuto()
                    .allocate(BUFFERS * Math.max(bytes, 2 * memory.byteSize() / BUFFERS), Tensor.ALIGNMENT);
        }
        return memory.address() + index * (memory.byteSize() / BUFFERS);
    }
}
