package dev.distill.data.shard;

/**
 * What a file may claim before it is refused. Ours never come near; a forged one must not take the memory of the program that
 * reads it, so the limits follow the heap.
 */
final class ReadLimits {
    private static final long MOST = 512L << 20;
    private static final int PARTS = 8;

    private ReadLimits() {}

    /** The longest page when decompressed, in bytes; ours have one MiB, or one long value. */
    static int page() {
        return Math.toIntExact(part());
    }

    /** The largest row, in bytes of its values and what holds them. */
    static long row() {
        return part();
    }

    /** The bytes of a row group in the file, which are read together. */
    static long rowGroup() {
        return 2 * part();
    }

    private static long part() {
        return Math.min(MOST, Runtime.getRuntime().maxMemory() / PARTS);
    }
}
