package dev.distill.student.model;

import java.util.List;

/**
 * Name and shape of one weight. Names are Hugging Face's, which all our families share; shapes too: a linear layer is
 * {@code [out, in]}.
 */
public record ParameterSpec(String name, List<Integer> shape) {

    public ParameterSpec {
        shape = List.copyOf(shape);
    }

    static ParameterSpec matrix(String name, int rows, int columns) {
        return new ParameterSpec(name, List.of(rows, columns));
    }

    static ParameterSpec vector(String name, int length) {
        return new ParameterSpec(name, List.of(length));
    }

    public boolean isMatrix() {
        return shape.size() == 2;
    }

    /** Whether it is the matrix of a linear layer inside a block: neither the embedding nor the head. */
    public boolean isLinear() {
        return isMatrix() && name.startsWith("model.layers.");
    }

    /** The shape as tensors take it. */
    public int[] dims() {
        return shape.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The number of single weights. */
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }
}
