package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.NibbleLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * One row of rounded inputs with a panel of a NIBBLES matrix: each 16-bit lane has one output. The sum of a block of 32 products, of at most 8 x 127
 * each, has room in 16 bits; it is then scaled and added up in FLOAT, block after block.
 */
final class NibbleRows {
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, Floats.SPECIES.vectorShape());
    private static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Floats.SPECIES.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Floats.SPECIES.vectorShape());
    private static final int VECTOR = Floats.SPECIES.vectorByteSize();

    private static final int GROUPS = NibbleLayout.BLOCK / NibbleLayout.GROUP;
    private static final int NIBBLE = 4;

    /** FLOAT16 has 10 bits of fraction and FLOAT 23; the exponents' origins differ by 112. */
    private static final int FRACTION_SHIFT = 13;

    private static final float EXPONENT_SHIFT = 0x1p112f;
    private static final int MAGNITUDE = 0x7FFF;
    private static final int SIGN = 0x8000;

    private NibbleRows() {}

    /**
     * What {@link #sumsBlock} multiplies. With {@code v} = 16 bits of four nibbles, those from nibble i on are {@code v >>> 4 i}, and nibble i is
     * that less 16 times the next of them. So {@code sum of x[i] nibble[i] = sum of (x[i] - 16 x[i - 1]) (v >>> 4 i)}, modulo 2^16, with no nibble cut
     * out: {@code to[i]} are these differences, in each group of four. That nibbles are 8 too large takes {@code starts[b] = -8} times the sum of block
     * b's x.
     *
     * @param x signed bytes
     */
    static void differBlock(long to, long starts, long x, int count) {
        for (int block = 0; block < count / NibbleLayout.BLOCK; block++) {
            int sum = 0;
            for (int k = block * NibbleLayout.BLOCK; k < (block + 1) * NibbleLayout.BLOCK; k++) {
                int before = k % NibbleLayout.GROUP == 0 ? 0 : Bytes.get(x + k - 1);
                Floats.putShort(to + (long) k * Short.BYTES, (short) (Bytes.get(x + k) - 16 * before));
                sum += Bytes.get(x + k);
            }
            Floats.putShort(starts + (long) block * Short.BYTES, (short) (NibbleLayout.OFFSET * -sum));
        }
    }

    /**
     * {@code sums[b, o] = } sum over block b of {@code x[k] (w[o, k] - 8)}: 16 bits for each block and each row of the panel, which hold it, whatever
     * overflows on the way.
     *
     * @param x with {@code starts}: the row as {@link #differBlock} prepares it
     */
    static void sumsBlock(long sums, long x, long starts, long panel, int blocks) {
        for (int at = 0; at < NibbleLayout.GROUP_BYTES; at += 2 * VECTOR) {
            for (int block = 0; block < blocks; block++) {
                long w = panel + (long) block * NibbleLayout.BLOCK_BYTES + at;
                ShortVector a = ShortVector.broadcast(SHORTS, Floats.getShort(starts + (long) block * Short.BYTES));
                ShortVector b = a;
                for (int group = 0; group < GROUPS; group++) {
                    ShortVector v = shorts(w + group * NibbleLayout.GROUP_BYTES);
                    ShortVector u = shorts(w + group * NibbleLayout.GROUP_BYTES + VECTOR);
                    long four = x + ((long) block * GROUPS + group) * NibbleLayout.GROUP * Short.BYTES;
                    ShortVector x0 = ShortVector.broadcast(SHORTS, Floats.getShort(four));
                    ShortVector x1 = ShortVector.broadcast(SHORTS, Floats.getShort(four + 2));
                    ShortVector x2 = ShortVector.broadcast(SHORTS, Floats.getShort(four + 4));
                    ShortVector x3 = ShortVector.broadcast(SHORTS, Floats.getShort(four + 6));
                    a = a.add(v.mul(x0)).add(v.lanewise(VectorOperators.LSHR, 4).mul(x1));
                    b = b.add(u.mul(x0)).add(u.lanewise(VectorOperators.LSHR, 4).mul(x1));
                    a = a.add(v.lanewise(VectorOperators.LSHR, 8).mul(x2))
                            .add(v.lanewise(VectorOperators.LSHR, 12).mul(x3));
                    b = b.add(u.lanewise(VectorOperators.LSHR, 8).mul(x2))
                            .add(u.lanewise(VectorOperators.LSHR, 12).mul(x3));
                }
                long to = sums + (long) block * NibbleLayout.GROUP_BYTES + at;
                a.intoMemorySegment(Floats.MEMORY, to, Floats.ORDER);
                b.intoMemorySegment(Floats.MEMORY, to + VECTOR, Floats.ORDER);
            }
        }
    }

    private static ShortVector shorts(long address) {
        return ShortVector.fromMemorySegment(SHORTS, Floats.MEMORY, address, Floats.ORDER);
    }

    /** {@code y[o] = scale} times the sum over blocks b of {@code d[b, o] sums[b, o]}, d being the panel's scales, for its rows. */
    static void scaleBlock(long y, long sums, long panel, int blocks, float scale) {
        int halfBytes = Floats.LANES * Short.BYTES;
        for (int at = 0; at < NibbleLayout.GROUP_BYTES; at += halfBytes) {
            FloatVector all = Floats.broadcast(0);
            for (int block = 0; block < blocks; block++) {
                long d = panel + (long) block * NibbleLayout.BLOCK_BYTES + NibbleLayout.SCALES + at;
                IntVector sum = (IntVector) halves(sums + (long) block * NibbleLayout.GROUP_BYTES + at)
                        .convertShape(VectorOperators.S2I, INTS, 0);
                all = ((FloatVector) sum.convert(VectorOperators.I2F, 0)).fma(scales(d), all);
            }
            Floats.store(y + 2L * at, all.mul(scale));
        }
    }

    private static ShortVector halves(long address) {
        return ShortVector.fromMemorySegment(HALVES, Floats.MEMORY, address, Floats.ORDER);
    }

    /** FLOAT from finite FLOAT16, exact. */
    private static FloatVector scales(long address) {
        IntVector bits = (IntVector) halves(address).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        IntVector magnitude =
                bits.lanewise(VectorOperators.AND, MAGNITUDE).lanewise(VectorOperators.LSHL, FRACTION_SHIFT);
        IntVector sign = bits.lanewise(VectorOperators.AND, SIGN).lanewise(VectorOperators.LSHL, Short.SIZE);
        return magnitude
                .reinterpretAsFloats()
                .mul(EXPONENT_SHIFT)
                .reinterpretAsInts()
                .lanewise(VectorOperators.OR, sign)
                .reinterpretAsFloats();
    }

    /** {@code to[i] = w[first + i, col]}; {@code first} begins a panel, and whole panels are written. */
    static void column(long to, long matrix, int col, int cols, int first, int count) {
        for (int o = 0; o < count; o += NibbleLayout.PANEL) {
            long block = matrix + NibbleLayout.block(first + o, col, cols);
            long group = block + (long) (col % NibbleLayout.BLOCK / NibbleLayout.GROUP) * NibbleLayout.GROUP_BYTES;
            numbersBlock(to + (long) o * Floats.BYTES, group, block + NibbleLayout.SCALES, col % NibbleLayout.GROUP);
        }
    }

    /** {@code to[o] = d[o] w[o]} for one column's rows of a panel. @param place of the column in its group */
    private static void numbersBlock(long to, long group, long d, int place) {
        int left = Integer.SIZE - NIBBLE - place * NIBBLE;
        for (int at = 0; at < NibbleLayout.GROUP_BYTES; at += Floats.LANES * Short.BYTES) {
            Floats.store(to + 2L * at, numbers(group + at, d + at, left));
        }
    }

    private static FloatVector numbers(long group, long d, int left) {
        IntVector four = (IntVector) halves(group).convertShape(VectorOperators.S2I, INTS, 0);
        IntVector whole =
                four.lanewise(VectorOperators.LSHL, left).lanewise(VectorOperators.LSHR, Integer.SIZE - NIBBLE);
        return ((FloatVector) whole.sub(NibbleLayout.OFFSET).convert(VectorOperators.I2F, 0)).mul(scales(d));
    }

    /**
     * The panel's numbers as BFLOAT16, transposed: {@code to[k, o]} for every column k and row o.
     *
     * @param rowBytes from a row of {@code to} to the next
     */
    static void transposeBlock(long to, long rowBytes, long panel, int blocks) {
        for (int block = 0; block < blocks; block++) {
            long from = panel + (long) block * NibbleLayout.BLOCK_BYTES;
            for (int k = 0; k < NibbleLayout.BLOCK; k++) {
                long group = from + (long) (k / NibbleLayout.GROUP) * NibbleLayout.GROUP_BYTES;
                int left = Integer.SIZE - NIBBLE - k % NibbleLayout.GROUP * NIBBLE;
                long row = to + ((long) block * NibbleLayout.BLOCK + k) * rowBytes;
                for (int at = 0; at < NibbleLayout.GROUP_BYTES; at += Floats.LANES * Short.BYTES) {
                    Halves.storeNumber(row + at, numbers(group + at, from + NibbleLayout.SCALES + at, left));
                }
            }
        }
    }
}
