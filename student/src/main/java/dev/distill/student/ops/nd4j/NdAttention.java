package dev.distill.student.ops.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Attention as in the textbook: for each sequence and head the whole square of scores. */
final class NdAttention {
    /** A score that softmax turns into exactly zero, without the not-a-number of infinity minus infinity. */
    private static final float MASKED = -1e30f;

    private NdAttention() {}

    static void forward(Attention call) {
        Sequences sequences = call.sequences();
        int group = call.heads() / call.kvHeads();
        for (int s = 0; s < sequences.count(); s++) {
            for (int h = 0; h < call.heads(); h++) {
                INDArray scores_TT = scores(call, s, h);
                INDArray logP_TT = NdCrossEntropy.logSoftmax(scores_TT);
                INDArray v_TD = head(call.v_NKD(), sequences, s, h / group);
                head(call.out_NHD(), sequences, s, h)
                        .assign(Transforms.exp(logP_TT).mmul(v_TD));
                // the first column is never masked: lse = score - log p
                INDArray lse_T = scores_TT.getColumn(0).sub(logP_TT.getColumn(0));
                NdArrays.of(call.lse_NH())
                        .get(interval(sequences.start(s), sequences.end(s)), point(h))
                        .assign(lse_T);
            }
        }
    }

    /** With P the probabilities: dV += Pᵀ dO, dP = dO Vᵀ, dS = P (dP - rowsum(P dP)), dQ = scale dS K, dK += scale dSᵀ Q. */
    static void backward(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        Sequences sequences = call.sequences();
        int group = call.heads() / call.kvHeads();
        NdArrays.of(dk_NKD).assign(0);
        NdArrays.of(dv_NKD).assign(0);
        for (int s = 0; s < sequences.count(); s++) {
            for (int h = 0; h < call.heads(); h++) {
                INDArray p_TT = Transforms.exp(NdCrossEntropy.logSoftmax(scores(call, s, h)));
                INDArray dout_TD = head(dout_NHD, sequences, s, h);
                INDArray q_TD = head(call.q_NHD(), sequences, s, h);
                INDArray k_TD = head(call.k_NKD(), sequences, s, h / group);
                INDArray v_TD = head(call.v_NKD(), sequences, s, h / group);
                head(dv_NKD, sequences, s, h / group).addi(p_TT.transpose().mmul(dout_TD));
                INDArray dp_TT = dout_TD.mmul(v_TD.transpose());
                INDArray rowSum_T1 = p_TT.mul(dp_TT).sum(true, 1);
                INDArray ds_TT = dp_TT.subColumnVector(rowSum_T1).muli(p_TT).muli(call.scale());
                head(dq_NHD, sequences, s, h).assign(ds_TT.mmul(k_TD));
                head(dk_NKD, sequences, s, h / group).addi(ds_TT.transpose().mmul(q_TD));
            }
        }
    }

    static void decode(Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step, float scale) {
        int group = q_BHD.dim(1) / k_SKDP.dim(1);
        for (int b = 0; b < step.rows(); b++) {
            for (int h = 0; h < q_BHD.dim(1); h++) {
                INDArray q_1D = row(NdArrays.of(q_BHD).get(point(b), point(h), all()));
                INDArray k_DT = cached(k_SKDP, 1, step, b, h / group);
                INDArray v_TD = cached(v_SKPD, 0, step, b, h / group);
                INDArray p_1T =
                        Transforms.exp(NdCrossEntropy.logSoftmax(q_1D.mmul(k_DT).mul(scale)));
                NdArrays.of(out_BHD).get(point(b), point(h), all()).assign(p_1T.mmul(v_TD));
            }
        }
    }

    private static INDArray scores(Attention call, int sequence, int h) {
        int rows = call.sequences().length(sequence);
        INDArray q_TD = head(call.q_NHD(), call.sequences(), sequence, h);
        INDArray k_TD = head(call.k_NKD(), call.sequences(), sequence, h / (call.heads() / call.kvHeads()));
        return q_TD.mmul(k_TD.transpose()).muli(call.scale()).addi(mask(rows));
    }

    /** Zero where a row may look, that is up to itself. Nd4j.tri is not used: for one row it gives 0. */
    private static INDArray mask(int rows) {
        float[][] mask = new float[rows][rows];
        for (int n = 0; n < rows; n++) {
            Arrays.fill(mask[n], n + 1, rows, MASKED);
        }
        return Nd4j.create(mask);
    }

    /** One head of one sequence: a view [T, D]. */
    private static INDArray head(Tensor x_NHD, Sequences sequences, int sequence, int h) {
        INDArray x = NdArrays.of(x_NHD);
        return x.get(interval(sequences.start(sequence), sequences.end(sequence)), point(h), all())
                .reshape(sequences.length(sequence), x_NHD.dim(2));
    }

    /** One head of a row's pages, one behind the other along {@code along}: a copy [T, D] or [D, T]. */
    private static INDArray cached(Tensor cache, int along, CacheStep step, int b, int h) {
        int positions = cache.dim(2 + along);
        INDArray[] parts = new INDArray[Math.ceilDiv(step.length(b), positions)];
        for (int place = 0; place < parts.length; place++) {
            INDArrayIndex filled = interval(0, Math.min(positions, step.length(b) - place * positions));
            INDArray head = NdArrays.of(cache).get(point(step.page(b, place)), point(h), all(), all());
            parts[place] = along == 0
                    ? head.get(filled, all()).dup()
                    : head.get(all(), filled).dup();
        }
        return Nd4j.concat(along, parts);
    }

    private static INDArray row(INDArray values) {
        return values.reshape(1, values.length());
    }
}
