package dev.distill.data.spark;

import java.io.Serializable;
import java.util.function.ToIntFunction;
import org.apache.spark.Partitioner;

/** Sends keys to the part of their number. */
final class ByNumber extends Partitioner {
    /** The number of the part of a key. */
    @FunctionalInterface
    interface Number extends ToIntFunction<Integer>, Serializable {}

    private final int parts;
    private final Number number;

    ByNumber(int parts, Number number) {
        this.parts = parts;
        this.number = number;
    }

    @Override
    public int numPartitions() {
        return parts;
    }

    @Override
    public int getPartition(Object key) {
        return number.applyAsInt((Integer) key);
    }

    @Override
    public boolean equals(Object other) {
        return other == this;
    }

    @Override
    public int hashCode() {
        return parts;
    }
}
