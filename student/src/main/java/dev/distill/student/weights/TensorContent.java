package dev.distill.student.weights;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A tensor's numbers as a file wants them: where they lie if they have its type, else a piece at a time. */
public final class TensorContent {
    /** Numbers of a piece. */
    private static final int PIECE = 1 << 20;

    private TensorContent() {}

    /** @param type F32, F16 or BF16, rounded to the nearest */
    public static void write(Tensor tensor, StorageType type, SafetensorsWriter.Sink sink) throws IOException {
        if (type == StorageType.F32 && tensor.type() == DType.FLOAT
                || type == StorageType.BF16 && tensor.type() == DType.BFLOAT16) {
            sink.accept(tensor.segment());
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer =
                    arena.allocate((long) Math.min(PIECE, tensor.size()) * type.bytes(), Tensor.ALIGNMENT);
            for (long first = 0; first < tensor.size(); first += PIECE) {
                long count = Math.min(PIECE, tensor.size() - first);
                for (long i = 0; i < count; i++) {
                    put(buffer, type, i, tensor.get(first + i));
                }
                sink.accept(buffer.asSlice(0, count * type.bytes()));
            }
        }
    }

    private static void put(MemorySegment buffer, StorageType type, long index, float value) {
        switch (type) {
            case F32 -> buffer.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
            case BF16 -> buffer.setAtIndex(ValueLayout.JAVA_SHORT, index, DType.narrow(value));
            case F16 -> buffer.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
            default ->
                throw new IllegalArgumentException("tensor: weights are written in F32, F16 or BF16, got " + type);
        }
    }
}
