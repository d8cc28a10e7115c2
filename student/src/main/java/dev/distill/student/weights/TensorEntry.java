package dev.distill.student.weights;

import java.util.List;

/**
 * One tensor's place in a file.
 *
 * @param name as the file names it
 * @param type how its numbers lie there, little-endian
 * @param shape row-major; empty for a scalar
 * @param begin first byte, counted from the start of the data
 * @param end one past its last byte
 */
public record TensorEntry(String name, StorageType type, List<Long> shape, long begin, long end) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    public long byteSize() {
        return end - begin;
    }

    /** Elements: the product of the shape, 1 for a scalar. */
    public long elements() {
        return byteSize() / type.bytes();
    }
}
