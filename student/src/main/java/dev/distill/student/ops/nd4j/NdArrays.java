package dev.distill.student.ops.nd4j;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.javacpp.indexer.Bfloat16Indexer;
import org.bytedeco.javacpp.indexer.ByteIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Our memory seen as ND4J arrays: nothing is copied, and nothing is freed when the array is collected. The array must not outlive the memory.
 */
public final class NdArrays {
    private NdArrays() {}

    /** What the numbers of a matrix are. */
    public enum Item {
        FLOAT(DataType.FLOAT, Float.BYTES),
        BFLOAT16(DataType.BFLOAT16, Short.BYTES),
        /** Signed bytes: factors of an eight-bit product. */
        INT8(DataType.BYTE, Byte.BYTES),
        /** Sums of an eight-bit product. */
        INT32(DataType.INT, Integer.BYTES);

        private final DataType type;
        private final int bytes;

        Item(DataType type, int bytes) {
            this.type = type;
            this.bytes = bytes;
        }

        public int bytes() {
            return bytes;
        }
    }

    /** The tensor in its own shape. */
    static INDArray of(Tensor tensor) {
        return of(tensor, tensor.shape());
    }

    /** The tensor as a matrix: all dimensions but the last are rows. */
    static INDArray matrix(Tensor tensor) {
        return of(tensor, tensor.rows(), tensor.cols());
    }

    /** Numbers at an address as a row-major matrix whose rows begin {@code stride} numbers apart. */
    public static INDArray matrix(long address, long rows, long cols, long stride, Item item) {
        long size = (rows - 1) * stride + cols;
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(size * item.bytes);
        return wrap(memory, new long[] {rows, cols}, new long[] {stride, 1}, size, item);
    }

    private static INDArray of(Tensor tensor, int... shape) {
        if (tensor.type() != DType.FLOAT) {
            throw new IllegalArgumentException("ND4J arrays: only FLOAT is wrapped, got " + tensor);
        }
        return wrap(tensor.segment(), Arrays.stream(shape).asLongStream().toArray(), Item.FLOAT);
    }

    private static INDArray wrap(MemorySegment memory, long[] shape, Item item) {
        long[] strides = new long[shape.length];
        long size = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = size;
            size *= shape[i];
        }
        return wrap(memory, shape, strides, size, item);
    }

    private static INDArray wrap(MemorySegment memory, long[] shape, long[] strides, long size, Item item) {
        Pointer pointer = pointer(new Memory(memory), item);
        pointer.limit(size).capacity(size); // in items now, no longer in bytes
        DataBuffer buffer = Nd4j.createBuffer(pointer, item.type, size, indexer(pointer, item));
        return Nd4j.create(buffer, shape, strides, 0, 'c', item.type);
    }

    private static Pointer pointer(Memory memory, Item item) {
        return switch (item) {
            case FLOAT -> new FloatPointer(memory);
            case BFLOAT16 -> new ShortPointer(memory);
            case INT8 -> new BytePointer(memory);
            case INT32 -> new IntPointer(memory);
        };
    }

    private static Indexer indexer(Pointer pointer, Item item) {
        return switch (item) {
            case FLOAT -> FloatIndexer.create((FloatPointer) pointer);
            case BFLOAT16 -> Bfloat16Indexer.create((ShortPointer) pointer);
            case INT8 -> ByteIndexer.create((BytePointer) pointer);
            case INT32 -> IntIndexer.create((IntPointer) pointer);
        };
    }

    /** Memory that belongs to somebody else, in JavaCPP's words. */
    private static final class Memory extends Pointer {
        Memory(MemorySegment segment) {
            this.address = segment.address();
            this.limit = segment.byteSize();
            this.capacity = segment.byteSize();
        }
    }
}
