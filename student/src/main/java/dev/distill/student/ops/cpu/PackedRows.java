package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.PackedLayout;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row with a PACKED matrix, as decoding a single text has it: weights are read once, in one stream. Sums are INT32 and exact, so they are what
 * oneDNN gives for the same bytes. Java has no vectors that multiply bytes: they are widened to 16 bits, in which two products have room.
 */
final class PackedRows {
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, Floats.SPECIES.vectorShape());
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, Floats.SPECIES.vectorShape());
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Floats.SPECIES.vectorBitSize() / 2));
    private static final int VECTOR = Floats.SPECIES.vectorByteSize();
    private static final int GROUP_BYTES = PackedLayout.PANEL * PackedLayout.GROUP;
    private static final int HALF = Short.SIZE;
    private static final int LINE = 64;

    /** Groups of a panel that stay in the first-level cache. */
    private static final int CACHED_GROUPS = 32;

    private PackedRows() {}

    /** {@code to[i] = from[i]}, 16 bits from signed bytes; what fills up a vector is read and written beyond. */
    static void widenBlock(long to, long from, int count) {
        for (int i = 0; i < count; i += SHORTS.length()) {
            widened(from + i).intoMemorySegment(Floats.MEMORY, to + (long) i * Short.BYTES, Floats.ORDER);
        }
    }

    private static ShortVector widened(long bytes) {
        ByteVector values = ByteVector.fromMemorySegment(BYTES, Floats.MEMORY, bytes, Floats.ORDER);
        return (ShortVector) values.convertShape(VectorOperators.B2S, SHORTS, 0);
    }

    /**
     * {@code sums[o] = start[o] +} sum of {@code x[k] w[o, k]} for the 64 rows of a panel; no byte is -128.
     *
     * @param start INT32, what the sums begin with
     * @param x widened to 16 bits, filled up to a multiple of 64 with whatever it may be: the weights there are zeros
     * @param end of the matrix's panels
     * @param halves memory for two INT32 of each row
     */
    static void sumsBlock(long sums, long start, long x, long panel, int depth, long end, long halves) {
        Floats.zero(halves, 2L * PackedLayout.PANEL * Integer.BYTES);
        int groups = PackedLayout.padded(depth) / PackedLayout.GROUP;
        for (int first = 0; first < groups; first += CACHED_GROUPS) {
            int count = Math.min(CACHED_GROUPS, groups - first);
            long from = x + (long) first * PackedLayout.GROUP * Short.BYTES;
            long w = panel + (long) first * GROUP_BYTES;
            long next = w + (long) count * GROUP_BYTES;
            long ahead = next + (long) CACHED_GROUPS * GROUP_BYTES <= end ? next : w;
            for (int at = 0; at < GROUP_BYTES; at += 2 * BYTES.length()) {
                addBlock(halves + 2L * at, from, w + at, count, ahead + (long) at * count);
            }
        }
        for (int o = 0; o < PackedLayout.PANEL; o++) {
            int sum =
                    Bytes.getSum(halves + 2L * o * Integer.BYTES) + Bytes.getSum(halves + (2L * o + 1) * Integer.BYTES);
            Bytes.putSum(sums + (long) o * Integer.BYTES, Bytes.getSum(start + (long) o * Integer.BYTES) + sum);
        }
    }

    /**
     * Adds to two vectors of halves, two groups at a time: two products of at most 127 x 127 have room in 16 bits.
     *
     * @param ahead lines that are needed soon; a touch brings each into the cache while this computes
     * @return nothing of meaning: without it the compiler would leave the touches out
     */
    private static long addBlock(long halves, long x, long w, int groups, long ahead) {
        long touched = 0;
        IntVector a = Bytes.loadSums(halves);
        IntVector b = Bytes.loadSums(halves + VECTOR);
        for (int group = 0; group < groups; group += 2) {
            long at = w + (long) group * GROUP_BYTES;
            touched += line(ahead + (long) group * LINE) + line(ahead + (long) (group + 1) * LINE);
            ShortVector x0 = broadcast(x + (long) group * Long.BYTES);
            ShortVector x1 = broadcast(x + (long) (group + 1) * Long.BYTES);
            a = add(a, widened(at).mul(x0).add(widened(at + GROUP_BYTES).mul(x1)));
            at += BYTES.length();
            b = add(b, widened(at).mul(x0).add(widened(at + GROUP_BYTES).mul(x1)));
        }
        a.intoMemorySegment(Floats.MEMORY, halves, Floats.ORDER);
        b.intoMemorySegment(Floats.MEMORY, halves + VECTOR, Floats.ORDER);
        return touched;
    }

    private static long line(long address) {
        return Floats.MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    /** The four numbers of a group, again and again. */
    private static ShortVector broadcast(long address) {
        long four = Floats.MEMORY.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
        return LongVector.broadcast(LONGS, four).reinterpretAsShorts();
    }

    private static IntVector add(IntVector sum, ShortVector products) {
        IntVector pairs = products.reinterpretAsInts();
        IntVector high = pairs.lanewise(VectorOperators.ASHR, HALF);
        IntVector low = pairs.lanewise(VectorOperators.LSHL, HALF).lanewise(VectorOperators.ASHR, HALF);
        return sum.add(high).add(low);
    }

    /** {@code to[i] = w[first + i, col]}, without scales; {@code first} begins a panel. */
    static void column(long to, long matrix, int col, int cols, int first, int count) {
        int left = Integer.SIZE - Byte.SIZE - col % PackedLayout.GROUP * Byte.SIZE; // brings the byte to the top
        long from = matrix + PackedLayout.offset(first, col - col % PackedLayout.GROUP, cols);
        for (int done = 0; done < count; done += PackedLayout.PANEL) {
            long panel = from + done / PackedLayout.PANEL * PackedLayout.panelBytes(cols);
            panelColumn(to + (long) done * Floats.BYTES, panel, left, Math.min(PackedLayout.PANEL, count - done));
        }
    }

    private static void panelColumn(long to, long from, int left, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            IntVector bytes = Bytes.loadSums(from + (long) i * Integer.BYTES);
            IntVector whole =
                    bytes.lanewise(VectorOperators.LSHL, left).lanewise(VectorOperators.ASHR, Integer.SIZE - Byte.SIZE);
            Floats.store(to + (long) i * Floats.BYTES, (FloatVector) whole.convert(VectorOperators.I2F, 0));
        }
        for (int i = full; i < count; i++) {
            int whole = Bytes.getSum(from + (long) i * Integer.BYTES) << left >> Integer.SIZE - Byte.SIZE;
            Floats.put(to + (long) i * Floats.BYTES, whole);
        }
    }
}
