package dev.distill.student.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A handle on numbers in off-heap memory: shape, type, storage. Row-major and contiguous, always; a slice along the first dimension is a
 * view. The handle owns nothing: its memory lives as long as the arena (or {@link Workspace} step) that it came from.
 *
 * <p>It computes nothing. Operations are {@code student.ops.Ops}; {@link #get}, {@link #set} and the copies below serve tests, sampling
 * and loading.
 */
public final class Tensor {
    /** Alignment of the memory that {@link #allocate} and {@link Workspace} give, in bytes: a cache line, and the widest vector. */
    public static final int ALIGNMENT = 64;

    /** Layouts without an alignment rule: a tensor mapped from a file may start at any byte. */
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private final MemorySegment segment;
    private final DType type;
    private final int[] shape;
    private final long size;
    private final @Nullable Tensor scales; // of INT8, PACKED, NF4 and the dynamic types

    private Tensor(MemorySegment segment, DType type, int[] shape, long size, @Nullable Tensor scales) {
        this.segment = segment;
        this.type = type;
        this.shape = shape;
        this.size = size;
        this.scales = scales;
    }

    /** Zeros, owned by {@code arena}. */
    public static Tensor allocate(Arena arena, DType type, int... shape) {
        long bytes = Math.multiplyExact(count(shape), (long) type.bytes());
        return of(LargeMemory.allocate(arena, bytes), type, shape);
    }

    /** An INT8 matrix of zeros with its rows' scales, owned by {@code arena}. */
    public static Tensor allocateQuantized(Arena arena, int rows, int cols) {
        MemorySegment bytes = LargeMemory.allocate(arena, (long) rows * cols);
        int[] shape = {rows, cols};
        return new Tensor(bytes, DType.INT8, shape, count(shape), allocate(arena, DType.FLOAT, rows));
    }

    /** A PACKED matrix of zeros with its rows' scales, owned by {@code arena}. */
    public static Tensor allocatePacked(Arena arena, int rows, int cols) {
        MemorySegment bytes = LargeMemory.allocate(arena, PackedLayout.bytes(rows, cols));
        int[] shape = {rows, cols};
        return new Tensor(bytes, DType.PACKED, shape, count(shape), allocate(arena, DType.FLOAT, rows));
    }

    /** A NIBBLES matrix of zeros, owned by {@code arena}; {@code cols} a multiple of 32. */
    public static Tensor allocateNibbles(Arena arena, int rows, int cols) {
        if (cols % NibbleLayout.BLOCK != 0) {
            throw new IllegalArgumentException(
                    "tensor: rows of NIBBLES must be multiples of " + NibbleLayout.BLOCK + ", got " + cols);
        }
        int[] shape = {rows, cols};
        MemorySegment blocks = LargeMemory.allocate(arena, NibbleLayout.bytes(rows, cols));
        return new Tensor(blocks, DType.NIBBLES, shape, count(shape), null);
    }

    /** Zeros in DYNAMIC or UNSIGNED_DYNAMIC with the scales of their blocks, owned by {@code arena}. */
    public static Tensor allocateDynamic(Arena arena, DType type, int... shape) {
        type.map();
        long size = count(shape);
        Tensor scales = allocate(arena, DType.FLOAT, Math.toIntExact(DynamicMap.blocks(size)));
        return new Tensor(LargeMemory.allocate(arena, size), type, shape.clone(), size, scales);
    }

    /** An NF4 matrix of zeros with the scales of its blocks, DYNAMIC, owned by {@code arena}. */
    public static Tensor allocateNormalFloats(Arena arena, int rows, int cols) {
        int[] shape = {rows, cols};
        long size = count(shape);
        Tensor scales = allocateDynamic(arena, DType.DYNAMIC, NormalFloatLayout.blocks(size));
        return new Tensor(LargeMemory.allocate(arena, NormalFloatLayout.bytes(size)), DType.NF4, shape, size, scales);
    }

    /** Floats, owned by {@code arena}, filled from {@code values} in row-major order. */
    public static Tensor of(Arena arena, float[] values, int... shape) {
        Tensor tensor = allocate(arena, DType.FLOAT, shape);
        tensor.setAll(values);
        return tensor;
    }

    /**
     * A handle on memory that is already there, for instance a region of a mapped file.
     *
     * @param segment native memory of exactly as many bytes as shape and type need
     */
    public static Tensor of(MemorySegment segment, DType type, int... shape) {
        long size = count(shape);
        long bytes = Math.multiplyExact(size, (long) type.bytes());
        if (type.isRounded()) {
            throw new IllegalArgumentException(
                    "tensor: " + type + " has an order and scales of its own; its allocate method makes it");
        }
        if (!segment.isNative()) {
            throw new IllegalArgumentException("tensor: memory must be off-heap, got " + segment);
        }
        if (segment.byteSize() != bytes) {
            throw new IllegalArgumentException("tensor: " + type + Arrays.toString(shape) + " needs " + bytes
                    + " bytes, got " + segment.byteSize());
        }
        return new Tensor(segment, type, shape.clone(), size, null);
    }

    private static long count(int[] shape) {
        if (shape.length == 0) {
            throw new IllegalArgumentException("tensor: a shape needs at least one dimension");
        }
        long size = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException(
                        "tensor: dimensions must be 0 or more, got " + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, (long) extent);
        }
        return size;
    }

    public DType type() {
        return type;
    }

    /** The scale of each row of an INT8 or PACKED matrix, or of each block of a dynamic tensor, FLOAT; of each block of NF4, DYNAMIC and less their mean. */
    public Tensor scales() {
        if (scales == null) {
            throw new IllegalStateException("tensor: " + this + " has no scales beside it");
        }
        return scales;
    }

    /** The memory, in row-major order, little endian. */
    public MemorySegment segment() {
        return segment;
    }

    /** A copy of the shape. */
    public int[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /** Extent of one dimension; negative indices count from the end, -1 being the last. */
    public int dim(int index) {
        return shape[index < 0 ? shape.length + index : index];
    }

    /** How many numbers it holds. */
    public long size() {
        return size;
    }

    /** Product of all dimensions but the last: the rows of the matrix that every operation sees. */
    public int rows() {
        long rows = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            rows *= shape[i];
        }
        return Math.toIntExact(rows);
    }

    /** The last dimension. */
    public int cols() {
        return shape[shape.length - 1];
    }

    public boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
    }

    /** The entries {@code from} (inclusive) to {@code to} (exclusive) of the first dimension: a view. */
    public Tensor slice(int from, int to) {
        if (type == DType.SPLIT || type.isRounded()) {
            throw new IllegalStateException("tensor: " + this + " lies in pieces and cannot be sliced");
        }
        if (from < 0 || to < from || to > shape[0]) {
            throw new IndexOutOfBoundsException("tensor: slice " + from + " to " + to + " of " + this);
        }
        int[] sliced = shape.clone();
        sliced[0] = to - from;
        long entry = shape[0] == 0 ? 0 : size / shape[0] * type.bytes();
        return of(segment.asSlice(from * entry, (to - from) * entry), type, sliced);
    }

    /** The upper halves of a SPLIT tensor, BFLOAT16: a view. */
    public Tensor upper() {
        if (type != DType.SPLIT) {
            throw new IllegalStateException("tensor: only SPLIT has upper halves, got " + this);
        }
        return of(segment.asSlice(0, size * DType.BFLOAT16.bytes()), DType.BFLOAT16, shape);
    }

    /** The same numbers under another shape of the same size: a view. */
    public Tensor reshape(int... other) {
        if (count(other) != size) {
            throw new IllegalArgumentException("tensor: " + this + " cannot be seen as " + Arrays.toString(other));
        }
        if (type.isRounded()) {
            throw new IllegalStateException("tensor: " + this + " has scales for parts of it and keeps its shape");
        }
        return new Tensor(segment, type, other.clone(), size, null);
    }

    /** The number at a row-major position, widened to float. Slow: for tests and for single values. */
    public float get(long position) {
        return switch (type) {
            case FLOAT -> segment.getAtIndex(FLOAT, position);
            case BFLOAT16 -> DType.widen(segment.getAtIndex(SHORT, position));
            case SPLIT -> DType.join(segment.getAtIndex(SHORT, position), segment.getAtIndex(SHORT, size + position));
            case INT8 -> segment.get(ValueLayout.JAVA_BYTE, position) * scales().get(position / cols());
            case PACKED -> {
                int row = Math.toIntExact(position / cols());
                long at = PackedLayout.offset(row, Math.toIntExact(position % cols()), cols());
                yield segment.get(ValueLayout.JAVA_BYTE, at) * scales().get(row);
            }
            case DYNAMIC, UNSIGNED_DYNAMIC ->
                type.map().value(segment.get(ValueLayout.JAVA_BYTE, position))
                        * scales().get(position / DynamicMap.BLOCK);
            case NF4 -> NormalFloatLayout.get(segment, scales(), size, position);
            case NIBBLES ->
                NibbleLayout.get(
                        segment, Math.toIntExact(position / cols()), Math.toIntExact(position % cols()), cols());
        };
    }

    /** Stores a number, rounded to the type. Slow: for tests and for single values. */
    public void set(long position, float value) {
        switch (type) {
            case FLOAT -> segment.setAtIndex(FLOAT, position, value);
            case BFLOAT16 -> segment.setAtIndex(SHORT, position, DType.narrow(value));
            case SPLIT -> {
                segment.setAtIndex(SHORT, position, DType.upper(value));
                segment.setAtIndex(SHORT, size + position, DType.lower(value));
            }
            case INT8, PACKED, NIBBLES, DYNAMIC, UNSIGNED_DYNAMIC, NF4 ->
                throw new IllegalStateException(
                        "tensor: a number of " + this + " shares its scale with others; copy whole tensors");
        }
    }

    /** Stores as many binary32 numbers as it holds, rounded to the type. */
    public void setFloats(MemorySegment floats) {
        if (floats.byteSize() != size * Float.BYTES) {
            throw new IllegalArgumentException(
                    "tensor: " + this + " takes " + size + " floats, got " + floats.byteSize() + " bytes");
        }
        if (type == DType.FLOAT) {
            segment.copyFrom(floats);
            return;
        }
        for (long i = 0; i < size; i++) {
            set(i, floats.getAtIndex(FLOAT, i));
        }
    }

    /** Fills a FLOAT tensor from an array of the same size. */
    public void setAll(float[] values) {
        requireFloat();
        if (values.length != size) {
            throw new IllegalArgumentException("tensor: " + this + " takes " + size + " values, got " + values.length);
        }
        MemorySegment.copy(values, 0, segment, FLOAT, 0, values.length);
    }

    /** A copy of a FLOAT tensor's numbers, on the heap. */
    public float[] toArray() {
        requireFloat();
        float[] values = new float[Math.toIntExact(size)];
        MemorySegment.copy(segment, FLOAT, 0, values, 0, values.length);
        return values;
    }

    private void requireFloat() {
        if (type != DType.FLOAT) {
            throw new IllegalStateException("tensor: needs FLOAT, got " + this + "; cast it first");
        }
    }

    /** Type and shape, for messages: {@code FLOAT[4, 896]}. */
    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
