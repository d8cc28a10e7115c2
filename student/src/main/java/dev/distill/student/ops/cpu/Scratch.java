package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.LargeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;

/**
 * One piece of memory that an operation needs while it runs, kept from call to call and replaced by a larger one when a call needs more. One
 * owner at a time.
 */
final class Scratch implements AutoCloseable {
    private Arena arena = Arena.ofShared();
    private MemorySegment memory = MemorySegment.NULL;

    /** One for each of {@code count} threads. */
    static Scratch[] each(int count) {
        return Stream.generate(Scratch::new).limit(count).toArray(Scratch[]::new);
    }

    /** Address of at least this many bytes with undefined contents. The address of an earlier call may be gone. */
    long reserve(long bytes) {
        if (bytes > memory.byteSize()) {
            arena.close();
            arena = Arena.ofShared();
            memory = LargeMemory.allocate(arena, bytes);
        }
        return memory.address();
    }

    static void closeAll(Scratch[] each) {
        for (Scratch scratch : each) {
            scratch.close();
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
