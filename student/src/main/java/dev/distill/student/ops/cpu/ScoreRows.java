package dev.distill.student.ops.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Scores of a block of queries against keys, {@code [keys, Tile.COLS]}, a query in each lane of two vectors: the passes down the keys that make
 * probabilities of them.
 *
 * @param address of the first key's scores
 * @param count keys
 */
record ScoreRows(long address, int count) {
    private static final long STEP = Tile.ROW_BYTES;
    private static final long VECTOR = STEP / 2;

    /** The keys from this one on. */
    ScoreRows from(int key) {
        return new ScoreRows(address + key * STEP, count - key);
    }

    /** Sets to {@code value} what no query may see: query i sees key j of these if i is at least j. */
    void hide(float value) {
        for (int key = 1; key < count; key++) {
            long row = address + key * STEP;
            for (int query = 0; query < key; query++) {
                Floats.put(row + (long) query * Floats.BYTES, value);
            }
        }
    }

    /** Puts each query's largest score at {@code to}. */
    void max(long to) {
        FloatVector a = Floats.broadcast(Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        long end = address + count * STEP;
        for (long at = address; at != end; at += STEP) {
            FloatVector left = Floats.load(at);
            a = a.blend(
                    left, left.compare(VectorOperators.GT, a)); // max() also orders zeros and NaN, in five instructions
            FloatVector right = Floats.load(at + VECTOR);
            b = b.blend(right, right.compare(VectorOperators.GT, b));
        }
        Floats.store(to, a);
        Floats.store(to + VECTOR, b);
    }

    /** {@code s = exp(scale s - shift)}, with each query's shift. */
    void exp(float scale, long shifts) {
        Exp.column(address, count, STEP, scale, Floats.load(shifts));
        Exp.column(address + VECTOR, count, STEP, scale, Floats.load(shifts + VECTOR));
    }

    /** Puts each query's sum at {@code to}. */
    void sum(long to) {
        FloatVector a = Floats.broadcast(0);
        FloatVector b = a;
        long end = address + count * STEP;
        for (long at = address; at != end; at += STEP) {
            a = a.add(Floats.load(at));
            b = b.add(Floats.load(at + VECTOR));
        }
        Floats.store(to, a);
        Floats.store(to + VECTOR, b);
    }

    /**
     * {@code dS = scale P (dP - pull)} in the place of dP, where these are P.
     *
     * @param dp the scores' address that holds dP
     * @param pulls each query's
     */
    void gradient(long dp, float scale, long pulls) {
        FloatVector factor = Floats.broadcast(scale);
        FloatVector a = Floats.load(pulls);
        FloatVector b = Floats.load(pulls + VECTOR);
        long distance = dp - address;
        long end = address + count * STEP;
        for (long at = address; at != end; at += STEP) {
            FloatVector left = Floats.load(at + distance).sub(a).mul(Floats.load(at));
            Floats.store(at + distance, left.mul(factor));
            FloatVector right = Floats.load(at + distance + VECTOR).sub(b).mul(Floats.load(at + VECTOR));
            Floats.store(at + distance + VECTOR, right.mul(factor));
        }
    }

    void clear() {
        Floats.zero(address, count * STEP);
    }
}
