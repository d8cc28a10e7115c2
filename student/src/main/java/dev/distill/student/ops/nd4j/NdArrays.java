package dev.distill.student.ops.nd4j;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Our tensors seen as ND4J arrays of the same memory: nothing is copied, and nothing is freed when the array is collected. The array must not
 * outlive the tensor's arena.
 */
public final class NdArrays {
    private NdArrays() {}

    /** The tensor in its own shape. */
    static INDArray of(Tensor tensor) {
        return of(tensor, tensor.shape());
    }

    /** The tensor as a matrix: all dimensions but the last are rows. */
    static INDArray matrix(Tensor tensor) {
        return of(tensor, tensor.rows(), tensor.cols());
    }

    /** Floats at an address as a row-major matrix. */
    public static INDArray matrix(long address, long rows, long cols) {
        return wrap(MemorySegment.ofAddress(address).reinterpret(rows * cols * Float.BYTES), new long[] {rows, cols});
    }

    private static INDArray of(Tensor tensor, int... shape) {
        if (tensor.type() != DType.FLOAT) {
            throw new IllegalArgumentException("ND4J arrays: only FLOAT is wrapped, got " + tensor);
        }
        return wrap(tensor.segment(), Arrays.stream(shape).asLongStream().toArray());
    }

    private static INDArray wrap(MemorySegment memory, long[] shape) {
        long[] strides = new long[shape.length];
        long size = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = size;
            size *= shape[i];
        }
        FloatPointer floats = new FloatPointer(new Memory(memory));
        floats.limit(size).capacity(size); // in floats now, no longer in bytes
        DataBuffer buffer = Nd4j.createBuffer(floats, DataType.FLOAT, size, FloatIndexer.create(floats));
        return Nd4j.create(buffer, shape, strides, 0, 'c', DataType.FLOAT);
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
