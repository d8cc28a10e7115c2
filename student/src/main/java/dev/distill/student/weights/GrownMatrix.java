package dev.distill.student.weights;

import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An embedding, or a head, with rows for more tokens. */
public final class GrownMatrix {
    private GrownMatrix() {}

    /**
     * A copy with as many rows as it takes, in the same type. Rows from {@code used} to {@code wanted} are the mean of those before them, as
     * transformers begins new rows (Hewitt 2021, "Initializing new word embeddings for pretrained language models"), but for the noise that it
     * adds; rows that are there behind {@code wanted} stay as they are.
     *
     * @param stored rows {@code [V, C]}, FLOAT or BFLOAT16, the first {@code used} of which stand for tokens
     */
    public static Tensor of(Tensor stored, int used, int wanted, Arena arena) {
        int width = stored.dim(1);
        Tensor grown = Tensor.allocate(arena, stored.type(), Math.max(stored.dim(0), wanted), width);
        MemorySegment.copy(
                stored.segment(), 0, grown.segment(), 0, stored.segment().byteSize());
        int known = Math.min(used, stored.dim(0));
        double[] mean = new double[width];
        for (int row = 0; row < known; row++) {
            for (int column = 0; column < width; column++) {
                mean[column] += stored.get((long) row * width + column) / known;
            }
        }
        for (int row = used; row < wanted; row++) {
            for (int column = 0; column < width; column++) {
                grown.set((long) row * width + column, (float) mean[column]);
            }
        }
        return grown;
    }
}
