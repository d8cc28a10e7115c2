package dev.distill.student.model;

import com.sun.management.OperatingSystemMXBean;
import dev.distill.student.model.ModelWeights.Use;
import dev.distill.student.ops.Compute;
import dev.distill.student.tensor.DynamicMap;
import dev.distill.student.tensor.NibbleLayout;
import dev.distill.student.tensor.NormalFloatLayout;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Whether weights fit into this process's memory: copies must; what is used where it lies, in a mapped file, may be larger. */
public final class WeightMemory {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class); // of the container, in one

    private WeightMemory() {}

    /** Refuses weights to be trained that do not fit with their gradients and moments. @param moments bytes that the optimizer remembers of one of them */
    static void requireTrained(
            ModelConfig config, Compute compute, Set<String> frozen, ToLongFunction<ParameterSpec> moments) {
        requireTrained(config, compute, frozen, moments, ofThisMachine());
    }

    static void requireTrained(
            ModelConfig config, Compute compute, Set<String> frozen, ToLongFunction<ParameterSpec> moments, long most) {
        long trained = config.parameters().stream()
                .filter(spec -> !frozen.contains(spec.name()))
                .mapToLong(spec -> 2 * Float.BYTES * spec.size() + moments.applyAsLong(spec))
                .sum();
        require(
                (frozen.isEmpty() ? "all of them" : "the trained ones") + " with gradients and moments",
                trained + (compute == Compute.INT8 ? eightBits(config, spec -> spec.size()) : 0),
                most,
                "take an optimizer that remembers less, or train an adapter: the frozen weights of a BF16 file are used where they lie");
    }

    /** Memory and swap, of the container in one. */
    private static long ofThisMachine() {
        return SYSTEM.getTotalMemorySize() + SYSTEM.getTotalSwapSpaceSize();
    }

    /** Numbers of linear layers and of the head in INT8. */
    private static long eightBits(ModelConfig config, ToLongFunction<ParameterSpec> linear) {
        return config.parameters().stream()
                        .filter(ParameterSpec::isLinear)
                        .mapToLong(linear)
                        .sum()
                + head(config);
    }

    /** Refuses weights whose copies do not fit. @param less those that stay in four bits */
    static void require(ModelConfig config, Compute compute, Use use, Set<String> less) {
        require(config, compute, use, less, ofThisMachine());
    }

    static void require(ModelConfig config, Compute compute, Use use, Set<String> less, long most) {
        ToLongFunction<ParameterSpec> linear =
                spec -> use == Use.INFERENCE && less.contains(spec.name()) ? fourBits(spec) : spec.size();
        switch (use) {
            case TRAINED ->
                throw new IllegalArgumentException(
                        "weights: those that are trained need what their optimizer remembers");
            case FOUR_BITS ->
                require(
                        "those of linear layers in NF4",
                        config.parameters().stream()
                                .filter(ParameterSpec::isLinear)
                                .mapToLong(WeightMemory::normalFloats)
                                .sum(),
                        most,
                        "train an adapter on weights that are used where they lie, in a BF16 file");
            case FROZEN, INFERENCE ->
                require(
                        "their copies in INT8",
                        compute == Compute.INT8 ? eightBits(config, linear) : 0,
                        most,
                        "compute in BFLOAT16 or FLOAT: the weights of a BF16 file are used where they lie");
        }
    }

    /** Numbers of the head, which keeps its floats beside the copy, for its gradients or as the embedding. */
    private static long head(ModelConfig config) {
        return (long) config.vocabulary() * config.width();
    }

    /** Bytes of a matrix in NF4, its scales included. */
    public static long normalFloats(ParameterSpec spec) {
        long scales = NormalFloatLayout.blocks(spec.size());
        return NormalFloatLayout.bytes(spec.size()) + scales + DynamicMap.blocks(scales) * Float.BYTES;
    }

    private static long fourBits(ParameterSpec spec) {
        return NibbleLayout.bytes(spec.dims()[0], spec.dims()[1]);
    }

    private static void require(String what, long bytes, long most, String cure) {
        if (bytes > most) {
            throw new IllegalArgumentException("weights: %s need %d MiB of memory, this process has %d; %s"
                    .formatted(what, bytes >> 20, most >> 20, cure));
        }
    }

    /** Whether all weights in FLOAT take at most half of the memory that this process may use: then frozen ones are widened once, or else at each use. */
    public static boolean fitsWidened(ModelConfig config) {
        return config.parameterCount() * Float.BYTES <= SYSTEM.getTotalMemorySize() / 2;
    }
}
