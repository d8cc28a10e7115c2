package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Compute;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast a machine multiplies large matrices.
 *
 * @param gflops 10^9 operations a second (a multiply-add is two) of each type that it has a product for; FLOAT is always there
 */
public record MatmulRates(Map<Compute, Double> gflops) {
    public MatmulRates {
        boolean positive = gflops.values().stream().allMatch(rate -> rate > 0 && Double.isFinite(rate));
        if (!gflops.containsKey(Compute.FLOAT) || !positive) {
            throw new IllegalArgumentException(
                    "matmul rates: FLOAT must be there, and every rate positive; got " + gflops);
        }
        gflops = Collections.unmodifiableMap(new EnumMap<>(gflops));
    }

    /** The rate of a type; empty where this machine has no such product. */
    public OptionalDouble of(Compute type) {
        Double rate = gflops.get(type);
        return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }
}
