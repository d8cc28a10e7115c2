package dev.distill.student.model;

import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;

/** Weights by name, wherever they lie: a safetensors folder, a GGUF file, a model in memory. */
public interface WeightSource {

    /** The names of all weights that it has. */
    Set<String> names();

    /**
     * One weight, in the type in which it is stored. It lives as long as the source does.
     *
     * @throws IllegalArgumentException if there is no weight of this name
     * @throws IOException if it cannot be read
     */
    Tensor get(String name) throws IOException;

    /**
     * A matrix of four bits.
     *
     * @param shape rows and columns
     * @param blocks GGUF's Q4_0, row after row
     */
    record FourBits(int[] shape, MemorySegment blocks) {}

    /** The weight's blocks as they are stored, where that is Q4_0 in the order of its rows; empty for every other weight. */
    default Optional<FourBits> fourBits(String name) throws IOException {
        return Optional.empty();
    }
}
