package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Rules;
import dev.distill.student.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Attention over whole sequences, forward and backward, and of one new token a sequence over a cache: shapes checked, each by its kernel. */
final class Attentions implements AutoCloseable {
    private final AttentionForward forward;
    private final AttentionBackward backward;
    private final @Nullable GroupedForward groupedForward;
    private final @Nullable GroupedBackward groupedBackward;
    private final AttentionDecode decode;

    /** @param oneDnn what multiplies long sequences of BFLOAT16; null where nothing does */
    Attentions(Workers workers, @Nullable OneDnn oneDnn) {
        forward = new AttentionForward(workers);
        backward = new AttentionBackward(workers);
        groupedForward = oneDnn == null ? null : new GroupedForward(workers, oneDnn);
        groupedBackward = oneDnn == null ? null : new GroupedBackward(workers, oneDnn);
        decode = new AttentionDecode(workers);
    }

    /** The call has checked its own shapes. */
    void forward(Attention call) {
        forward.run(call, tiled(call));
        if (groupedForward != null) {
            groupedForward.run(call);
        }
    }

    void backward(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        Rules.attentionBackward(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        backward.run(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call, tiled(call));
        if (groupedBackward != null) {
            groupedBackward.run(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        }
    }

    /** The sequences that our own tiles take. */
    private int[] tiled(Attention call) {
        return IntStream.range(0, call.sequences().count())
                .filter(s -> groupedForward == null || !HeadGroup.takes(call, s))
                .toArray();
    }

    void append(Tensor k_SKDP, Tensor v_SKPD, Tensor k_BKD, Tensor v_BKD, CacheStep step) {
        Rules.cacheAppend(k_SKDP, v_SKPD, k_BKD, v_BKD, step);
        decode.append(k_SKDP, v_SKPD, k_BKD, v_BKD, step);
    }

    void decode(Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step, float scale) {
        Rules.cacheAttention(out_BHD, q_BHD, k_SKDP, v_SKPD, step);
        decode.run(out_BHD, q_BHD, k_SKDP, v_SKPD, step, scale);
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
        if (groupedForward != null && groupedBackward != null) {
            groupedForward.close();
            groupedBackward.close();
        }
        decode.close();
    }
}
