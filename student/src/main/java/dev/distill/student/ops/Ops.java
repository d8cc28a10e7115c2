package dev.distill.student.ops;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What layers compute with. One implementation for each kind of machine; all give the same results up to rounding, and each gives the same
 * bits for the same input whenever it runs with the same number of threads.
 *
 * <p>Rules that hold for all operations:
 * <ul>
 *   <li>Outputs come first and are given by the caller; nothing is allocated that the caller sees. Scratch belongs to the implementation.
 *   <li>Gradients of activations ({@code dx}) are <b>overwritten</b>; gradients of weights ({@code dw}, {@code db}) are <b>added to</b>, so that
 *       micro-batches accumulate. Where one operation can do either, it has a {@code beta}.
 *   <li>A gradient of a weight that may be null is not computed where it is null: that weight is frozen.
 *   <li>Outputs and inputs do not overlap, except where an operation says that it works in place.
 *   <li>Weights of products are FLOAT, BFLOAT16, NF4 or, where {@link #compute} is INT8, INT8; NF4 is widened to {@link #activations} and multiplied
 *       in that, whatever {@link #compute} is; other weights, and all gradients of weights, are
 *       FLOAT. Activations and their gradients are FLOAT or, where {@link #activations} is BFLOAT16, that. Every dimension is checked, nothing
 *       is broadcast; a mismatch is an {@link IllegalArgumentException} that names operation, rule and shapes.
 *   <li>One call at a time: an implementation spreads a call over its threads, and callers do not share it between threads.
 * </ul>
 *
 * <p>Letters: B batch, T tokens, N rows (all sequences of a batch, packed), C width, I inputs, O outputs, H query heads, K key/value heads,
 * D head width, F MLP width, V vocabulary, P positions. {@code x_NC} has shape {@code [N, C]}. Where the Javadoc says "rows of", all
 * dimensions but the last are taken together, so {@code [N, H, D]} serves as {@code [N * H, D]}.
 */
public interface Ops extends AutoCloseable {

    /** Which implementation this is, and what it found on this machine; one line for logs. */
    String describe();

    /** What large products multiply. */
    default Compute compute() {
        return Compute.FLOAT;
    }

    /** How many threads compute; for large products the bits depend on it. */
    default int threads() {
        return 1;
    }

    /** The type in which activations between products are best stored: FLOAT or BFLOAT16. Operations take either. */
    default DType activations() {
        return DType.FLOAT;
    }

    /** What eight-bit weights are kept in where they are only ever multiplied by inputs: INT8, or PACKED where that is faster. */
    default DType inferenceBytes() {
        return DType.INT8;
    }

    /** Whether it multiplies NIBBLES. */
    default boolean takesNibbles() {
        return false;
    }

    /**
     * Whether some rows of a product have the same bits whatever rows are beside them, as they have at first; see {@link #linear}. Where a batch
     * always holds the same rows they need not, and may be multiplied several times as fast.
     */
    default void keepRowsApart(boolean apart) {}

    /** Brings the blocks of GGUF's Q4_0, row after row, into a NIBBLES matrix. */
    default void pack(Tensor nibbles_OI, MemorySegment q4_0) {
        throw new UnsupportedOperationException(describe() + " has no products of four bits");
    }

    /** Ends the threads and frees the scratch memory. */
    @Override
    void close();

    // ---- matrix products
    // ------------------------------------------------------------------------------------------------------------

    /**
     * {@code y_NO = x_NI w_OIᵀ + beta y_NO}: a linear layer, its weight in the layout of Hugging Face's files. beta 0 ignores old contents. With
     * up to 64 rows, as decoding has them, the fast backend gives each row the same bits whatever rows are beside it.
     */
    void linear(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta);

    /** {@code y_NO = x_NI w_OIᵀ} for several layers of one input: the numbers of {@link #linear}, the input prepared but once. */
    default void linears(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        for (int i = 0; i < w_OI.size(); i++) {
            linear(y_NO.get(i), x_NI, w_OI.get(i), 0);
        }
    }

    /** {@code dx_NI = dy_NO w_OI + beta dx_NI}: what {@link #linear} hands back to its input. Also the plain product of two matrices. */
    void linearBackwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta);

    /** {@code dw_OI = dy_NOᵀ x_NI + beta dw_OI}: what {@link #linear} hands to its weight; beta 1 accumulates. */
    void linearBackwardWeight(Tensor dw_OI, Tensor dy_NO, Tensor x_NI, float beta);

    /** {@code y_NO[n] += b_O} for every row of y, in place. */
    void addBias(Tensor y_NO, Tensor b_O);

    /** {@code db_O += sum over n of dy_NO[n]}. */
    void addBiasBackward(Tensor db_O, Tensor dy_NO);

    /**
     * {@code y[n] = c x[n] + beta y[n]}: every column with a factor of its own, FLOAT. beta 0 ignores old contents.
     */
    void scaleColumns(Tensor y_NO, Tensor x_NO, Tensor c_O, float beta);

    /** Backward of {@link #scaleColumns}: {@code dx = c dy}, {@code dc += sum over n of dy[n] x[n]}. dx may be x. */
    void scaleColumnsBackward(Tensor dx_NO, Tensor dc_O, Tensor dy_NO, Tensor x_NO, Tensor c_O);

    /** {@code s[o] = sum over i of w[o, i]²}, of a matrix of any type but SPLIT; FLOAT. */
    void rowSquares(Tensor s_O, Tensor w_OI);

    // ---- element by element
    // ---------------------------------------------------------------------------------------------------------

    /** {@code y = a + b}, same shapes; y may be a or b. Its gradient is dy for both, so it has no backward. */
    void add(Tensor y, Tensor a, Tensor b);

    /** {@code y += alpha x}, same shapes. */
    void axpy(Tensor y, float alpha, Tensor x);

    /** {@code x *= alpha}, in place. */
    void scale(Tensor x, float alpha);

    /** {@code x = value}. */
    void fill(Tensor x, float value);

    /**
     * {@code y = x}, same shape; FLOAT to BFLOAT16 rounded to the nearest, ties to even. To and from SPLIT where {@link #activations} is
     * BFLOAT16. To INT8 row by row: the scale is the row's largest
     * magnitude / 127. To and from DYNAMIC and UNSIGNED_DYNAMIC, block by block: the scale is the block's largest magnitude. To and from
     * NF4 likewise.
     */
    void copy(Tensor y, Tensor x);

    /** Sum of the squares of all entries, in double: part of the global norm of gradients. */
    double sumOfSquares(Tensor x);

    // ---- layers' inner parts
    // --------------------------------------------------------------------------------------------------------

    /**
     * {@code y[n] = w x[n] rstd[n]} with {@code rstd[n] = 1 / sqrt(mean over c of x[n, c]² + eps)} over rows of x (Zhang and Sennrich 2019).
     *
     * <p>With {@code [N, H, D]} and a weight {@code [D]} it is the norm of each head's queries or keys.
     *
     * @param rstd_N output for the backward: one entry for each row of x, in any shape
     */
    void rmsNorm(Tensor y_NC, Tensor rstd_N, Tensor x_NC, Tensor w_C, float eps);

    /**
     * Backward of {@link #rmsNorm}: with {@code g = w dy[n]}, {@code dx[n] = rstd (g - x[n] rstd² mean over c of g x[n])} and
     * {@code dw += sum over n of dy[n] x[n] rstd[n]}.
     */
    void rmsNormBackward(Tensor dx_NC, @Nullable Tensor dw_C, Tensor dy_NC, Tensor x_NC, Tensor w_C, Tensor rstd_N);

    /**
     * Rotary position embedding (Su et al. 2021), in place, in the half-split layout of Hugging Face's files: entries i and i + D/2 of a head
     * turn together, {@code (a, b) -> (a cos - b sin, b cos + a sin)}.
     *
     * @param x_NHD queries or keys; D even
     * @param cos_PD2 cosines {@code [P, D/2]}, one row a position; scaling of frequencies and amplitude is already in it
     * @param sin_PD2 sines, likewise
     * @param positions_N for each n a row of the tables
     */
    void rotary(Tensor x_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N);

    /** Backward of {@link #rotary}, in place: turns the gradient back, {@code (da, db) -> (da cos + db sin, db cos - da sin)}. */
    void rotaryBackward(Tensor dx_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N);

    /** Writes {@code out_NHD} and {@code lse_NH} of the call. Memory beyond them does not grow with the square of a sequence's length. */
    void attention(Attention call);

    /** Backward of {@link #attention}, with the same call after its forward; the three gradients are overwritten. */
    void attentionBackward(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call);

    /**
     * The newest keys and values of each row b enter their caches, at position {@code length - 1} of its pages. In a page the keys of a head lie
     * position beside position, so that a query meets many of them at once; its values one position after the other.
     *
     * @param k_SKDP keys: pages, key/value heads, head width, positions of a page
     * @param v_SKPD values: pages, key/value heads, positions of a page, head width
     */
    void cacheAppend(Tensor k_SKDP, Tensor v_SKPD, Tensor k_BKD, Tensor v_BKD, CacheStep step);

    /**
     * Attention of one new token for each row against that row's cache, which already holds its own key and value ({@link #cacheAppend}).
     * {@code out[b, h] = softmax(scale q[b, h] kᵀ) v} over the row's {@code length} positions.
     */
    void cacheAttention(Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step, float scale);

    /** {@code y = silu(gate) up} with {@code silu(a) = a / (1 + exp(-a))} (Shazeer 2020), same shapes. */
    void swiGlu(Tensor y_NF, Tensor gate_NF, Tensor up_NF);

    /**
     * Backward of {@link #swiGlu}: {@code dup = dy silu(gate)}, {@code dgate = dy up s (1 + gate (1 - s))} with {@code s = 1 / (1 + exp(-gate))}.
     * dgate may be gate, and dup may be up.
     */
    void swiGluBackward(Tensor dgate_NF, Tensor dup_NF, Tensor dy_NF, Tensor gate_NF, Tensor up_NF);

    /** {@code y_NC[n] = table_VC[ids[n]]}. */
    void embed(Tensor y_NC, Tensor table_VC, int[] ids_N);

    /** {@code dtable_VC[ids[n]] += dy_NC[n]}, in the order of n. */
    void embedBackward(Tensor dtable_VC, Tensor dy_NC, int[] ids_N);

    // ---- ends of the model
    // ----------------------------------------------------------------------------------------------------------

    /**
     * Writes the {@code loss_N} of the call, in chunks of rows: the logits {@code [N, V]} are never whole. For the logits of a few rows call
     * {@link #linear}.
     */
    LossSum linearCrossEntropy(CrossEntropy call);

    /**
     * Forward and backward in one pass over the logits; writes {@code loss_N} too. With
     * {@code dlogits[n] = dloss (softmax(logits[n]) - onehot(target))}, {@code dx = dlogits w} (zero where there is no target) and
     * {@code dw += dlogitsᵀ x}.
     *
     * @param dw_VC null where the head is frozen
     * @param dloss gradient of the objective by one row's loss, as a rule 1 / (targets of the whole batch, all micro-batches together)
     */
    LossSum linearCrossEntropyBackward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss);

    /** Where each row's largest number is; of equal ones the first. */
    int[] argMax(Tensor x_NV);

    /** {@code y[n] = softmax(alpha x[n])} over rows; alpha is 1 / temperature. y may be x. */
    void softmax(Tensor y_NV, Tensor x_NV, float alpha);

    /** {@code y[n] = log softmax(alpha x[n])} over rows. y may be x. */
    void logSoftmax(Tensor y_NV, Tensor x_NV, float alpha);

    /**
     * One update of a weight, with t = step and g = clip dw; dw is zero afterwards, ready for the next step's gradients.
     *
     * <pre>
     * w -= learningRate * weightDecay * w
     * m  = beta1 m + (1 - beta1) g
     * v  = beta2 v + (1 - beta2) g²
     * w -= learningRate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
     * </pre>
     *
     * <p>Moments in eight bits (Dettmers et al. 2021, arXiv:2110.02861, as bitsandbytes computes them) are widened first and rounded again at the
     * end; the weight is updated from the numbers between.
     *
     * @param w the weight, FLOAT or, where {@link #activations} is BFLOAT16, SPLIT; m and v its moments, zeros before the first step, FLOAT or
     *     DYNAMIC and UNSIGNED_DYNAMIC; dw its gradient
     */
    void adamW(Tensor w, Tensor m, Tensor v, Tensor dw, AdamW update);
}
