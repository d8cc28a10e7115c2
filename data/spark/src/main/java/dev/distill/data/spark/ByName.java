package dev.distill.data.spark;

import java.io.Serializable;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.Partitioner;

/** Sends keys of one name to one part. A name's hash must be the same in every process. */
final class ByName<K> extends Partitioner {
    /** Names a key. */
    @FunctionalInterface
    interface Name<K> extends Function<K, Object>, Serializable {}

    private final int parts;
    private final Name<K> name;

    ByName(int parts, Name<K> name) {
        this.parts = parts;
        this.name = name;
    }

    @Override
    public int numPartitions() {
        return parts;
    }

    @Override
    @SuppressWarnings("unchecked") // Spark hands keys over as objects
    public int getPartition(Object key) {
        return part(name.apply((K) key).hashCode(), parts);
    }

    /** A part for this hash; hashes that lie side by side, as places do, are scattered. */
    static int part(int hash, int parts) {
        int mixed = hash * 0x9E3779B9;
        return Math.floorMod(mixed ^ mixed >>> 16, parts);
    }

    @Override
    public boolean equals(Object other) {
        return other == this;
    }

    @Override
    public int hashCode() {
        return Objects.hash(parts);
    }
}
