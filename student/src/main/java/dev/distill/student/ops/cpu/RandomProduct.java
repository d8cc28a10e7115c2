package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.cpu.OneDnn.Operand;
import dev.distill.student.ops.nd4j.NdArrays.Item;
import dev.distill.student.tensor.DType;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** {@code y = x wᵀ} of random whole numbers from -100 to 100 in one type, as training multiplies: what {@link MatmulProbe} times. */
final class RandomProduct {
    private static final int LARGEST = 100; // exact in eight bits and in bfloat16's eight of mantissa
    private static final int CACHE_LINE = 64;

    private final OneDnn oneDnn;
    private final Compute type;
    private final Operand x;
    private final Operand w;
    private final Operand y;

    /** Multiplies {@code [rows, depth]} by {@code [cols, depth]}, in memory of the arena's. */
    RandomProduct(OneDnn oneDnn, Compute type, Arena arena, int rows, int depth, int cols) {
        this.oneDnn = oneDnn;
        this.type = type;
        Item factor = switch (type) {
            case FLOAT -> Item.FLOAT;
            case BFLOAT16 -> Item.BFLOAT16;
            case INT8 -> Item.INT8;
        };
        Item result = type == Compute.INT8 ? Item.INT32 : factor;
        x = Operand.whole(random(arena, rows, depth, factor), rows, depth, factor, false);
        w = Operand.whole(random(arena, cols, depth, factor), cols, depth, factor, true);
        y = Operand.whole(allocate(arena, rows, cols, result), rows, cols, result, false);
    }

    Compute type() {
        return type;
    }

    /** The rate of one call with the first rows only. */
    double gflops(int rows) {
        Operand left = Operand.whole(x.address(), rows, x.cols(), x.item(), false);
        Operand result = Operand.whole(y.address(), rows, y.cols(), y.item(), false);
        long begin = System.nanoTime();
        oneDnn.multiply(left, w, result, 0);
        return MatmulProbe.gflops(rows, System.nanoTime() - begin);
    }

    /** Memory for a matrix, on a border of what a processor fetches at a time. */
    private static long allocate(Arena arena, int rows, int cols, Item item) {
        return arena.allocate((long) rows * cols * item.bytes(), CACHE_LINE).address();
    }

    private static long random(Arena arena, int rows, int cols, Item item) {
        long address = allocate(arena, rows, cols, item);
        SplittableRandom random = new SplittableRandom(rows);
        for (long at = address; at < address + (long) rows * cols * item.bytes(); at += item.bytes()) {
            int value = random.nextInt(-LARGEST, LARGEST + 1);
            switch (item) {
                case FLOAT -> Floats.put(at, value);
                case BFLOAT16 -> Floats.putShort(at, DType.narrow(value));
                case INT8 -> Bytes.put(at, (byte) value);
                case INT32 -> throw new IllegalArgumentException("random product: INT32 is no factor's type");
            }
        }
        return address;
    }
}
