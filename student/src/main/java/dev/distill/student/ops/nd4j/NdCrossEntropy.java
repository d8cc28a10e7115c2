package dev.distill.student.ops.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.distill.student.ops.BucketDivergence;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.SoftTargets;
import dev.distill.student.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The end of the model: logits, log-softmax, loss, a chunk of rows at a time. */
final class NdCrossEntropy {
    private static final int CHUNK_ROWS = 256;

    private NdCrossEntropy() {}

    static LossSum forward(CrossEntropy call) {
        LossSum sum = LossSum.ZERO;
        for (int from = 0; from < call.rows(); from += CHUNK_ROWS) {
            int to = Math.min(call.rows(), from + CHUNK_ROWS);
            sum = sum.plus(losses(call, from, logits(call, from, to)));
        }
        return sum;
    }

    static LossSum backward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss) {
        LossSum sum = LossSum.ZERO;
        for (int from = 0; from < call.rows(); from += CHUNK_ROWS) {
            int to = Math.min(call.rows(), from + CHUNK_ROWS);
            INDArray logits_NV = logits(call, from, to);
            sum = sum.plus(losses(call, from, logits_NV));
            INDArray dlogits_NV = gradient(call, from, logits_NV).muli(dloss);
            rows(dx_NC, from, to).assign(dlogits_NV.mmul(NdArrays.matrix(call.w_VC())));
            if (dw_VC != null) {
                NdArrays.matrix(dw_VC).addi(dlogits_NV.transpose().mmul(rows(call.x_NC(), from, to)));
            }
        }
        return sum;
    }

    /** log softmax over rows, shifted by each row's maximum so that nothing overflows. */
    static INDArray logSoftmax(INDArray x_NV) {
        INDArray shifted = x_NV.subColumnVector(x_NV.max(true, 1));
        INDArray logSum = Transforms.log(Transforms.exp(shifted).sum(true, 1));
        return shifted.subiColumnVector(logSum);
    }

    private static INDArray logits(CrossEntropy call, int from, int to) {
        return rows(call.x_NC(), from, to).mmul(NdArrays.matrix(call.w_VC()).transpose());
    }

    private static LossSum losses(CrossEntropy call, int from, INDArray logits_NV) {
        INDArray logP_NV = logSoftmax(logits_NV);
        LossSum sum = LossSum.ZERO;
        for (int n = from; n < from + logP_NV.rows(); n++) {
            int target = call.target(n);
            LossSum loss = LossSum.ZERO;
            if (target != CrossEntropy.NO_TARGET) {
                loss = loss(call, n, -logP_NV.getFloat(n - from, target), logits_NV.getRow(n - from));
            }
            call.loss_N().set(n, (float) loss.sum());
            sum = sum.plus(loss);
        }
        return sum;
    }

    private static LossSum loss(CrossEntropy call, int n, float crossEntropy, INDArray logits_V) {
        SoftTargets soft = call.soft();
        if (soft == null || !soft.has(n)) {
            return new LossSum(crossEntropy, 1);
        }
        double divergence = divergence(soft, n, cooled(soft, logits_V)).value();
        return new LossSum((float) soft.how().loss(crossEntropy, divergence), 1, crossEntropy, divergence);
    }

    /** The log-probabilities of one row at the temperature of the comparison. */
    private static INDArray cooled(SoftTargets soft, INDArray logits_V) {
        return logSoftmax(logits_V.div(soft.how().temperature()).reshape(1, logits_V.length()));
    }

    private static BucketDivergence divergence(SoftTargets soft, int n, INDArray logP_1V) {
        return new BucketDivergence(soft.how().divergence(), soft.teacher(), n, token -> logP_1V.getFloat(0, token));
    }

    private static INDArray gradient(CrossEntropy call, int from, INDArray logits_NV) {
        INDArray dlogits_NV = Transforms.exp(logSoftmax(logits_NV));
        for (int n = from; n < from + logits_NV.rows(); n++) {
            INDArray row = dlogits_NV.getRow(n - from);
            SoftTargets soft = call.soft();
            if (call.target(n) == CrossEntropy.NO_TARGET) {
                row.assign(0);
                continue;
            }
            row.putScalar(call.target(n), row.getFloat(call.target(n)) - 1);
            if (soft != null && soft.has(n)) {
                row.muli(1 - soft.how().share()).addi(ofTeacher(soft, n, logits_NV.getRow(n - from)));
            }
        }
        return dlogits_NV;
    }

    private static INDArray ofTeacher(SoftTargets soft, int n, INDArray logits_V) {
        INDArray logP_1V = cooled(soft, logits_V);
        BucketDivergence divergence = divergence(soft, n, logP_1V);
        INDArray gradient_V = Transforms.exp(logP_1V).reshape(logits_V.length()).muli(divergence.slope());
        for (int i = 0; i < divergence.named(); i++) {
            int token = divergence.token(i);
            gradient_V.putScalar(token, gradient_V.getFloat(token) + divergence.correction(i));
        }
        return gradient_V.muli(soft.how().slope());
    }

    private static INDArray rows(Tensor x_NC, int from, int to) {
        return NdArrays.matrix(x_NC).get(interval(from, to), all());
    }
}
