package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import java.util.List;

/**
 * The keys and values of groups of heads, each copied into a matrix {@code [keys, D]} of BFLOAT16 in one piece.
 *
 * <p>Keys are less their mean over the sequence. Softmax does not notice, and what all keys have in common, in trained models far larger than
 * what tells them apart, does not use up the bits of a score (Zhang et al. 2024, "SageAttention", section 4.2).
 * So the bits of a token depend on its whole sequence, later tokens included, though its numbers do not.
 *
 * @param k keys less their mean
 * @param v values
 * @param mean D floats
 */
record HeadKeys(Matrix k, Matrix v, long mean) {

    /** Copies those of all groups into {@code memory}. @return those of each group, by its index */
    static HeadKeys[] copy(List<HeadGroup> groups, Scratch memory, Workers workers) {
        long bytes = 0;
        for (HeadGroup group : groups) {
            bytes += 2 * matrixBytes(group) + meanBytes(group);
        }
        long next = memory.reserve(bytes);
        HeadKeys[] all = new HeadKeys[groups.size()];
        for (HeadGroup group : groups) {
            long v = next + matrixBytes(group);
            long mean = v + matrixBytes(group);
            all[group.index()] =
                    new HeadKeys(Matrix.halves(next, group.width()), Matrix.halves(v, group.width()), mean);
            next = mean + meanBytes(group);
        }
        workers.each(groups.size(), (i, worker) -> all[i].fill(groups.get(i)));
        return all;
    }

    private static long matrixBytes(HeadGroup group) {
        return (long) group.keys() * group.width() * Halves.BYTES;
    }

    private static long meanBytes(HeadGroup group) {
        return Math.ceilDiv((long) group.width() * Floats.BYTES, Tensor.ALIGNMENT) * Tensor.ALIGNMENT;
    }

    private void fill(HeadGroup group) {
        int width = group.width();
        Numbers keys = Numbers.of(group.call().k_NKD());
        Numbers values = Numbers.of(group.call().v_NKD());
        Floats.zero(mean, meanBytes(group));
        for (int token = 0; token < group.length(); token++) {
            long key = keys.read(group.key(token) * width, width, Stage.buffer(0, width));
            Elements.axpyBlock(mean, 1f / group.length(), key, width);
        }
        Numbers k = new Numbers(this.k.address(), true);
        Numbers v = new Numbers(this.v.address(), true);
        for (int token = 0; token < group.length(); token++) {
            long key = keys.read(group.key(token) * width, width, Stage.buffer(0, width));
            Elements.axpyBlock(key, -1, mean, width);
            k.set((long) token * width, width, key);
            v.set((long) token * width, width, values.read(group.key(token) * width, width, Stage.buffer(0, width)));
        }
        int behind = (group.keys() - group.length()) * width;
        k.clear((long) group.length() * width, behind);
        v.clear((long) group.length() * width, behind);
    }

    /** What the scores of a query lack by the mean: {@code scale q . mean}. @param q of BFLOAT16 */
    float shift(long q, int width, float scale) {
        long query = new Numbers(q, true).read(0, width, Stage.buffer(0, width));
        return scale * Products.dot(query, mean, width);
    }
}
