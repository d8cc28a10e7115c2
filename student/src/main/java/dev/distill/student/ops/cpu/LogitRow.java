package dev.distill.student.ops.cpu;

/**
 * The logits of one position, read a block at a time so that each block is widened and used in the first-level cache.
 *
 * @param logits as many as there are tokens
 * @param vocabulary V
 */
record LogitRow(Numbers logits, int vocabulary) {
    private static final int BLOCK = Stage.COUNT;

    /** The logit of a token. */
    float at(int token) {
        return Floats.get(logits.read(token, 1, Stage.buffer(0, 1)));
    }

    /** Log of the sum of all exponentials, in one pass: a block with a larger logit scales down the sum so far (Milakov, Gimelshein 2018). */
    float logSumExp() {
        float max = Float.NEGATIVE_INFINITY;
        float sum = 0;
        for (int first = 0; first < vocabulary; first += BLOCK) {
            int count = Math.min(BLOCK, vocabulary - first);
            long block = logits.read(first, count, Stage.buffer(0, BLOCK));
            float larger = Math.max(max, Softmax.max(block, count, 1));
            sum = sum * (float) StrictMath.exp(max - larger) + Softmax.sumExp(block, count, 1, larger);
            max = larger;
        }
        return max + (float) StrictMath.log(sum);
    }

    /** Turns the logits into their gradient, {@code dloss (softmax - onehot(target))}. */
    void toGradient(float logSumExp, int target, float dloss) {
        for (int first = 0; first < vocabulary; first += BLOCK) {
            int count = Math.min(BLOCK, vocabulary - first);
            long block = logits.read(first, count, Stage.buffer(0, BLOCK));
            Softmax.exp(block, block, count, 1, logSumExp);
            if (target >= first && target < first + count) {
                long at = block + (long) (target - first) * Floats.BYTES;
                Floats.put(at, Floats.get(at) - 1);
            }
            Elements.scaleBlock(block, dloss, count);
            logits.done(first, count, block);
        }
    }
}
