package dev.distill.student.model;

/**
 * The shape of one attention block.
 *
 * @param heads query heads H
 * @param kvHeads key/value heads K; each serves H / K query heads (grouped-query attention, arXiv:2305.13245)
 * @param headWidth width D of a head; even, for the rotary embedding turns pairs
 * @param qkvBias biases on the projections to q, k and v
 * @param outputBias a bias on the projection back to the model's width
 * @param qkNorm an RMS norm over each head of q and k before the rotary embedding (Qwen 3)
 */
public record AttentionShape(
        int heads, int kvHeads, int headWidth, boolean qkvBias, boolean outputBias, boolean qkNorm) {

    public AttentionShape {
        Problems problems = new Problems("attention");
        problems.check(heads > 0, "heads must be positive, got %d", heads);
        problems.check(kvHeads > 0, "key/value heads must be positive, got %d", kvHeads);
        problems.check(
                kvHeads <= 0 || heads % kvHeads == 0,
                "heads must be a multiple of the key/value heads, got %d and %d",
                heads,
                kvHeads);
        problems.check(
                headWidth > 0 && headWidth % 2 == 0, "the head width must be positive and even, got %d", headWidth);
        problems.throwIfAny();
    }

    /** Columns of q: H x D. */
    public int queryWidth() {
        return heads * headWidth;
    }

    /** Columns of k, and of v: K x D. */
    public int kvWidth() {
        return kvHeads * headWidth;
    }
}
