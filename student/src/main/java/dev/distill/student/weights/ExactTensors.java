package dev.distill.student.weights;

import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Tensors in a safetensors file with every bit, for checkpoints: FLOAT and SPLIT as F32; dynamic ones as U8, their codes, and {@code NAME.absmax}, F32,
 * the scales of their blocks.
 */
public final class ExactTensors {
    private static final String SCALES = ".absmax";

    private ExactTensors() {}

    /** What the file gets for this tensor. */
    public static List<SafetensorsWriter.Item> items(String name, Tensor tensor) {
        if (!tensor.type().isDynamic()) {
            return List.of(floats(name, tensor));
        }
        SafetensorsWriter.Item codes =
                new SafetensorsWriter.Item(name, StorageType.U8, shape(tensor), sink -> sink.accept(tensor.segment()));
        return List.of(codes, floats(name + SCALES, tensor.scales()));
    }

    private static SafetensorsWriter.Item floats(String name, Tensor tensor) {
        return new SafetensorsWriter.Item(
                name, StorageType.F32, shape(tensor), sink -> TensorContent.write(tensor, StorageType.F32, sink));
    }

    private static List<Long> shape(Tensor tensor) {
        return Arrays.stream(tensor.shape()).mapToObj(Long::valueOf).toList();
    }

    /**
     * Puts the tensor back as it was.
     *
     * @throws IOException if the file has it in another size, or not at all
     */
    public static void restore(SafetensorsFile file, String name, Tensor tensor) throws IOException {
        if (!tensor.type().isDynamic()) {
            tensor.setFloats(bytes(file, name, tensor.size() * Float.BYTES));
            return;
        }
        tensor.segment().copyFrom(bytes(file, name, tensor.size()));
        Tensor scales = tensor.scales();
        scales.setFloats(bytes(file, name + SCALES, scales.size() * Float.BYTES));
    }

    private static MemorySegment bytes(SafetensorsFile file, String name, long size) throws IOException {
        MemorySegment bytes = file.bytes(name);
        if (bytes.byteSize() != size) {
            throw new IOException(file.path() + ": tensor " + name + " must have " + size + " bytes; got "
                    + bytes.byteSize() + " (a checkpoint of another model?)");
        }
        return bytes;
    }
}
