package dev.distill.plan;

import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.WeightSource;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Weights that are there only to be multiplied: a megabyte of normal numbers, over and over, in memory of their own. Zeros would not do: the
 * system keeps pages that nobody wrote in one place, and they are read faster than memory is.
 */
final class Noise implements WeightSource, AutoCloseable {
    private static final double DEVIATION = 0.02;
    private static final int NUMBERS = 1 << 18;

    private final Arena arena = Arena.ofShared();
    private final Map<String, ParameterSpec> specs = new LinkedHashMap<>();
    private final DType type;
    private final MemorySegment pattern;

    /** @param type FLOAT or BFLOAT16: what matrices are stored in; vectors are FLOAT */
    Noise(ModelConfig config, DType type) {
        this.type = type;
        this.pattern = pattern(type);
        config.parameters().forEach(spec -> specs.put(spec.name(), spec));
    }

    private MemorySegment pattern(DType numbers) {
        MemorySegment memory = arena.allocate((long) NUMBERS * numbers.bytes(), Tensor.ALIGNMENT);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < NUMBERS; i++) {
            float number = (float) (DEVIATION * random.nextGaussian());
            if (numbers == DType.FLOAT) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, number);
            } else {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, i, DType.narrow(number));
            }
        }
        return memory;
    }

    /** A matrix of it, in small pages as a mapped file has them: {@link Tensor#allocate} would take large ones, which are read faster. */
    Tensor matrix(int rows, int columns) {
        Tensor tensor =
                Tensor.of(arena.allocate((long) rows * columns * type.bytes(), Tensor.ALIGNMENT), type, rows, columns);
        MemorySegment to = tensor.segment();
        for (long done = 0; done < to.byteSize(); done += pattern.byteSize()) {
            long bytes = Math.min(pattern.byteSize(), to.byteSize() - done);
            MemorySegment.copy(pattern, 0, to, done, bytes);
        }
        return tensor;
    }

    @Override
    public Set<String> names() {
        return specs.keySet();
    }

    @Override
    public Tensor get(String name) {
        int[] dims = Objects.requireNonNull(specs.get(name), name).dims();
        if (dims.length == 2) {
            return matrix(dims[0], dims[1]);
        }
        Tensor vector = Tensor.allocate(arena, DType.FLOAT, dims);
        for (int i = 0; i < dims[0]; i++) {
            vector.set(i, 1);
        }
        return vector;
    }

    @Override
    public void close() {
        arena.close();
    }
}
