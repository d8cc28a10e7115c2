package dev.distill.student.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Regions of mapped files in memory: bringing them in before they are used, letting them go after, and how much of them can be in memory at
 * all. None of it changes what is read; segments that no file backs are left alone.
 */
public final class MappedMemory {
    /** Read between two looks at whether the rest is still wanted: a few milliseconds of a fast disk. */
    private static final long PIECE = 8L << 20;

    /** The largest page of the systems that Java runs on; what is aligned to it is aligned to the smaller ones too. */
    private static final long PAGE = 64L << 10;

    private static final int MADV_RANDOM = 1;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_PAGEOUT = 21;

    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path STATUS = Path.of("/proc/self/status");

    private MappedMemory() {}

    /**
     * Reads a region into memory, by touching every page: a single MADV_WILLNEED reads no more than one read-ahead of the disk, a few
     * megabytes. Returns when it is there.
     *
     * @param wanted asked every few megabytes; the rest is left out once it says no
     */
    public static void bringIn(MemorySegment region, BooleanSupplier wanted) {
        for (long at = 0; region.isMapped() && at < region.byteSize() && wanted.getAsBoolean(); at += PIECE) {
            region.asSlice(at, Math.min(PIECE, region.byteSize() - at)).load();
        }
    }

    /** Gives the memory of a region back at once, on Linux; its next use reads it again. Pages at its edges, and those that others map, stay. */
    public static void letGo(MemorySegment region) {
        adviseInside(region, MADV_PAGEOUT);
    }

    /** Takes a region out of this process's memory, on Linux, but not out of the system's: its next use finds it there. */
    public static void forget(MemorySegment region) {
        adviseInside(region, MADV_DONTNEED);
    }

    /** Says that only few places of a region are used, so that each brings in its own page and not a read-ahead around it. */
    public static void scattered(MemorySegment region) {
        adviseInside(region, MADV_RANDOM);
    }

    private static void adviseInside(MemorySegment region, int advice) {
        long from = Math.ceilDiv(region.address(), PAGE) * PAGE;
        long to = (region.address() + region.byteSize()) / PAGE * PAGE;
        if (region.isMapped() && from < to) {
            LargeMemory.advise(from, to - from, advice);
        }
    }

    /**
     * Bytes that this process can still have in memory, mapped files included that are there already: what Linux calls MemAvailable, or what
     * a container leaves beside the process's own memory, if that is less. Half of all memory where the system does not say.
     */
    public static long available() {
        long total = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize(); // of the container, in one
        OptionalLong available = field(MEMINFO, "MemAvailable:");
        OptionalLong own = field(STATUS, "RssAnon:");
        return available.isPresent() && own.isPresent()
                ? Math.min(available.getAsLong(), total - own.getAsLong())
                : total / 2;
    }

    /** A line of one of the kernel's files, from its KiB. */
    private static OptionalLong field(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(key)) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
