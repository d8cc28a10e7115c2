package dev.distill.student.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of memory of several megabytes. On Linux they come straight from the system, in pages of 2 MiB where it has them: matrix products that
 * walk through memory in large strides then miss the processor's table of pages far less often. Elsewhere they are the arena's.
 */
public final class LargeMemory {
    /** How the message begins where the system has no memory left. */
    public static final String NO_ROOM = "memory: the system has no room";

    /** From so many bytes on it pays. */
    private static final long LEAST = 4L << 20;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_HUGEPAGE = 14;

    private static final @Nullable Calls LINUX = calls();

    private LargeMemory() {}

    private record Calls(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {}

    /** Whether {@link #allocate} only promises memory, which the system gives page by page as it is touched. */
    static boolean isTakenWhenTouched() {
        return LINUX != null;
    }

    /**
     * Zeros, aligned to {@link Tensor#ALIGNMENT}, that live as long as the arena.
     *
     * @throws OutOfMemoryError if the system has no room for them
     */
    public static MemorySegment allocate(Arena arena, long bytes) {
        if (LINUX == null || bytes < LEAST) {
            return arena.allocate(bytes, Tensor.ALIGNMENT);
        }
        try {
            long address = (long) LINUX.mmap.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (address == -1) {
                throw new OutOfMemoryError(NO_ROOM + " for " + bytes + " bytes");
            }
            int advised =
                    (int) LINUX.madvise.invokeExact(address, bytes, MADV_HUGEPAGE); // a wish; pages of 4 KiB do too
            return MemorySegment.ofAddress(address).reinterpret(bytes, arena, LargeMemory::free);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("memory: the C library's mmap could not be called", e);
        }
    }

    /** Tells the system about whole pages; what it does not know, it refuses, and nothing changes. Nothing elsewhere than on Linux. */
    static void advise(long address, long bytes, int advice) {
        if (LINUX != null) {
            try {
                int advised = (int) LINUX.madvise.invokeExact(address, bytes, advice);
            } catch (Throwable e) {
                throw new IllegalStateException("memory: the C library's madvise could not be called", e);
            }
        }
    }

    private static void free(MemorySegment memory) {
        if (LINUX != null) {
            try {
                int freed = (int) LINUX.munmap.invokeExact(memory.address(), memory.byteSize());
            } catch (Throwable e) {
                throw new IllegalStateException("memory: the C library's munmap could not be called", e);
            }
        }
    }

    private static @Nullable Calls calls() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
            return null;
        }
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        ValueLayout.OfInt flag = ValueLayout.JAVA_INT;
        return new Calls(
                handle("mmap", FunctionDescriptor.of(size, size, size, flag, flag, flag, size)),
                handle("madvise", FunctionDescriptor.of(flag, size, size, flag)),
                handle("munmap", FunctionDescriptor.of(flag, size, size)));
    }

    private static MethodHandle handle(String name, FunctionDescriptor signature) {
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), signature);
    }
}
