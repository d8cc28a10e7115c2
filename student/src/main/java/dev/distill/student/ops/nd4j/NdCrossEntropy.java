package dev.distill.student.ops.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LossSum;
import dev.distill.student.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The end of the model: logits, log-softmax, loss, a chunk of rows at a time. */
final class NdCrossEntropy {
    private static final int CHUNK_ROWS = 256;

    private NdCrossEntropy() {}

    static LossSum forward(CrossEntropy call) {
        LossSum sum = new LossSum(0, 0);
        for (int from = 0; from < call.rows(); from += CHUNK_ROWS) {
            int to = Math.min(call.rows(), from + CHUNK_ROWS);
            sum = sum.plus(losses(call, from, logProbabilities(call, from, to)));
        }
        return sum;
    }

    static LossSum backward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss) {
        LossSum sum = new LossSum(0, 0);
        for (int from = 0; from < call.rows(); from += CHUNK_ROWS) {
            int to = Math.min(call.rows(), from + CHUNK_ROWS);
            INDArray logP_NV = logProbabilities(call, from, to);
            sum = sum.plus(losses(call, from, logP_NV));
            INDArray dlogits_NV = Transforms.exp(logP_NV);
            for (int n = from; n < to; n++) {
                INDArray row = dlogits_NV.getRow(n - from);
                if (call.target(n) == CrossEntropy.NO_TARGET) {
                    row.assign(0);
                } else {
                    row.putScalar(call.target(n), row.getFloat(call.target(n)) - 1);
                }
            }
            dlogits_NV.muli(dloss);
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

    private static INDArray logProbabilities(CrossEntropy call, int from, int to) {
        return logSoftmax(
                rows(call.x_NC(), from, to).mmul(NdArrays.matrix(call.w_VC()).transpose()));
    }

    private static LossSum losses(CrossEntropy call, int from, INDArray logP_NV) {
        double sum = 0;
        int count = 0;
        for (int n = from; n < from + logP_NV.rows(); n++) {
            int target = call.target(n);
            float loss = target == CrossEntropy.NO_TARGET ? 0 : -logP_NV.getFloat(n - from, target);
            call.loss_N().set(n, loss);
            sum += loss;
            count += target == CrossEntropy.NO_TARGET ? 0 : 1;
        }
        return new LossSum(sum, count);
    }

    private static INDArray rows(Tensor x_NC, int from, int to) {
        return NdArrays.matrix(x_NC).get(interval(from, to), all());
    }
}
