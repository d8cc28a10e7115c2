package dev.distill.student.ops.cpu;

import java.util.List;

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

    /**
     * Log of the sum of all {@code exp(alpha x)}, in one pass: a block with a larger logit scales down the sum so far (Milakov, Gimelshein 2018).
     */
    float logSumExp(float alpha) {
        float max = Float.NEGATIVE_INFINITY;
        float sum = 0;
        for (int first = 0; first < vocabulary; first += BLOCK) {
            int count = Math.min(BLOCK, vocabulary - first);
            long block = logits.read(first, count, Stage.buffer(0, BLOCK));
            float larger = Math.max(max, Softmax.max(block, count, alpha));
            sum = sum * (float) StrictMath.exp(max - larger) + Softmax.sumExp(block, count, alpha, larger);
            max = larger;
        }
        return max + (float) StrictMath.log(sum);
    }

    /** Turns the logits into {@code dloss (softmax - onehot(target))}. */
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

    /** A softmax of a row and what it is multiplied by. */
    record Weighted(float alpha, float logSumExp, float weight) {}

    /** What is added to the gradient by one logit. */
    record Addend(int token, float value) {}

    /** Turns the logits into the sum of both softmaxes and the addends. */
    void toGradient(Weighted first, Weighted second, List<Addend> addends) {
        for (int from = 0; from < vocabulary; from += BLOCK) {
            int count = Math.min(BLOCK, vocabulary - from);
            long block = logits.read(from, count, Stage.buffer(0, BLOCK));
            long other = Stage.buffer(1, BLOCK);
            Softmax.exp(other, block, count, second.alpha, second.logSumExp);
            Softmax.exp(block, block, count, first.alpha, first.logSumExp);
            Elements.scaleBlock(block, first.weight, count);
            Elements.axpyBlock(block, second.weight, other, count);
            for (Addend addend : addends) {
                if (addend.token >= from && addend.token < from + count) {
                    long at = block + (long) (addend.token - from) * Floats.BYTES;
                    Floats.put(at, Floats.get(at) + addend.value);
                }
            }
            logits.done(from, count, block);
        }
    }
}
