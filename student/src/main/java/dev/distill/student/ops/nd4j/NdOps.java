package dev.distill.student.ops.nd4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.distill.student.ops.AdamW;
import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Operands;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Rules;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Every operation as the formula of its Javadoc in {@link Ops}, in plain ND4J calls. Slow and simple on purpose: it is the meaning that faster
 * backends are compared with.
 */
public final class NdOps implements Ops {
    private final NativeChoice choice = NativeChoice.load();

    /** @throws UnsupportedOperationException where ND4J has no native library for this machine */
    public NdOps() {}

    @Override
    public String describe() {
        return "reference backend: plain ND4J calls, " + choice.platform() + choice.extension();
    }

    @Override
    public void close() {}

    @Override
    public void linear(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        Rules.linear("linear", y_NO, x_NI, w_OI);
        store(y_NO, matrix(x_NI).mmul(factor(w_OI).transpose()), beta);
        Operands.keep(y_NO, x_NI, w_OI);
    }

    @Override
    public void linearBackwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta) {
        Rules.linear("linear backward input", dy_NO, dx_NI, w_OI);
        store(dx_NI, matrix(dy_NO).mmul(factor(w_OI)), beta);
        Operands.keep(dx_NI, dy_NO, w_OI);
    }

    @Override
    public void linearBackwardWeight(Tensor dw_OI, Tensor dy_NO, Tensor x_NI, float beta) {
        Rules.linear("linear backward weight", dy_NO, x_NI, dw_OI);
        Rules.floats("linear backward weight", dw_OI);
        store(dw_OI, matrix(dy_NO).transpose().mmul(matrix(x_NI)), beta);
        Operands.keep(dw_OI, dy_NO, x_NI);
    }

    private static INDArray factor(Tensor w_OI) {
        if (w_OI.type() != DType.NF4) {
            return matrix(w_OI);
        }
        try (Arena brief = Arena.ofConfined()) {
            return matrix(NdBlocks.widened(w_OI, brief)).dup();
        }
    }

    private static void store(Tensor out, INDArray product, float beta) {
        INDArray c = matrix(out);
        c.assign(beta == 0 ? product : product.addi(c.mul(beta)));
    }

    @Override
    public void addBias(Tensor y_NO, Tensor b_O) {
        Rules.bias("add bias", y_NO, b_O);
        matrix(y_NO).addiRowVector(vector(b_O));
        Operands.keep(y_NO, b_O);
    }

    @Override
    public void addBiasBackward(Tensor db_O, Tensor dy_NO) {
        Rules.bias("add bias backward", dy_NO, db_O);
        vector(db_O).addi(matrix(dy_NO).sum(0));
        Operands.keep(db_O, dy_NO);
    }

    @Override
    public void scaleColumns(Tensor y_NO, Tensor x_NO, Tensor c_O, float beta) {
        Rules.scaleColumns("scale columns", y_NO, x_NO, c_O);
        INDArray scaled = matrix(x_NO).mulRowVector(vector(c_O));
        matrix(y_NO).assign(beta == 0 ? scaled : scaled.addi(matrix(y_NO).mul(beta)));
        Operands.keep(y_NO, x_NO, c_O);
    }

    @Override
    public void scaleColumnsBackward(Tensor dx_NO, Tensor dc_O, Tensor dy_NO, Tensor x_NO, Tensor c_O) {
        Rules.scaleColumns("scale columns backward", dx_NO, dy_NO, c_O);
        Rules.scaleColumns("scale columns backward", dx_NO, x_NO, dc_O);
        vector(dc_O).addi(matrix(dy_NO).mul(matrix(x_NO)).sum(0));
        matrix(dx_NO).assign(matrix(dy_NO).mulRowVector(vector(c_O)));
        Operands.keep(dx_NO, dc_O, dy_NO, x_NO, c_O);
    }

    @Override
    public void rowSquares(Tensor s_O, Tensor w_OI) {
        Rules.rowSquares(s_O, w_OI);
        vector(s_O).assign(matrix(w_OI).mul(matrix(w_OI)).sum(1));
        Operands.keep(s_O, w_OI);
    }

    @Override
    public void add(Tensor y, Tensor a, Tensor b) {
        Rules.same("add", y, a, b);
        vector(y).assign(vector(a).add(vector(b)));
        Operands.keep(y, a, b);
    }

    @Override
    public void axpy(Tensor y, float alpha, Tensor x) {
        Rules.same("axpy", y, x);
        vector(y).addi(vector(x).mul(alpha));
        Operands.keep(y, x);
    }

    @Override
    public void scale(Tensor x, float alpha) {
        Rules.floats("scale", x);
        vector(x).muli(alpha);
        Operands.keep(x);
    }

    @Override
    public void fill(Tensor x, float value) {
        Rules.floats("fill", x);
        vector(x).assign(value);
        Operands.keep(x);
    }

    @Override
    public void copy(Tensor y, Tensor x) {
        Rules.copy(y, x);
        if (y.type().isDynamic()) {
            NdBlocks.round(y, x);
            return;
        }
        if (y.type() == DType.NF4) {
            NdBlocks.roundToFourBits(y, x);
            return;
        }
        for (long i = 0; i < x.size(); i++) { // ND4J's own cast to bfloat16 cuts instead of rounding
            y.set(i, x.get(i));
        }
    }

    @Override
    public double sumOfSquares(Tensor x) {
        Rules.floats("sum of squares", x);
        INDArray values = vector(x).castTo(DataType.DOUBLE);
        double sum = values.mul(values).sumNumber().doubleValue();
        Operands.keep(x);
        return sum;
    }

    @Override
    public void rmsNorm(Tensor y_NC, Tensor rstd_N, Tensor x_NC, Tensor w_C, float eps) {
        Rules.rmsNorm("RMS norm", y_NC, x_NC, w_C, rstd_N);
        INDArray x = matrix(x_NC);
        INDArray rstd = Transforms.pow(x.mul(x).mean(1).addi(eps), -0.5);
        vector(rstd_N).assign(rstd);
        matrix(y_NC).assign(x.mulColumnVector(column(rstd)).muliRowVector(vector(w_C)));
        Operands.keep(y_NC, rstd_N, x_NC, w_C);
    }

    @Override
    public void rmsNormBackward(
            Tensor dx_NC, @Nullable Tensor dw_C, Tensor dy_NC, Tensor x_NC, Tensor w_C, Tensor rstd_N) {
        Rules.rmsNorm("RMS norm backward", dx_NC, x_NC, w_C, rstd_N);
        Rules.same("RMS norm backward", x_NC, dy_NC);
        Rules.gradient("RMS norm backward", dw_C, w_C);
        INDArray rstd = column(vector(rstd_N));
        INDArray xHat = matrix(x_NC).mulColumnVector(rstd); // y = w xHat
        INDArray g = matrix(dy_NC).mulRowVector(vector(w_C));
        INDArray mean = column(g.mul(xHat).mean(1));
        matrix(dx_NC).assign(g.sub(xHat.mulColumnVector(mean)).muliColumnVector(rstd));
        if (dw_C != null) {
            vector(dw_C).addi(matrix(dy_NC).mul(xHat).sum(0));
        }
        Operands.keep(dx_NC, dw_C, dy_NC, x_NC, w_C, rstd_N);
    }

    @Override
    public void rotary(Tensor x_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N) {
        Rules.rotary("rotary", x_NHD, cos_PD2, sin_PD2, positions_N);
        turn(x_NHD, matrix(cos_PD2).getRows(positions_N), matrix(sin_PD2).getRows(positions_N));
        Operands.keep(x_NHD, cos_PD2, sin_PD2);
    }

    @Override
    public void rotaryBackward(Tensor dx_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N) {
        Rules.rotary("rotary backward", dx_NHD, cos_PD2, sin_PD2, positions_N);
        turn(
                dx_NHD,
                matrix(cos_PD2).getRows(positions_N),
                matrix(sin_PD2).getRows(positions_N).neg());
        Operands.keep(dx_NHD, cos_PD2, sin_PD2);
    }

    private static void turn(Tensor x_NHD, INDArray cos, INDArray sin) {
        INDArray x = NdArrays.of(x_NHD);
        int half = x_NHD.cols() / 2;
        for (int h = 0; h < x_NHD.dim(1); h++) {
            INDArray first = x.get(all(), point(h), interval(0, half));
            INDArray second = x.get(all(), point(h), interval(half, 2 * half));
            INDArray turnedFirst = first.mul(cos).subi(second.mul(sin));
            INDArray turnedSecond = second.mul(cos).addi(first.mul(sin));
            first.assign(turnedFirst);
            second.assign(turnedSecond);
        }
    }

    @Override
    public void attention(Attention call) {
        NdAttention.forward(call);
        Operands.keep(call);
    }

    @Override
    public void attentionBackward(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        Rules.attentionBackward(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        NdAttention.backward(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        Operands.keep(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
    }

    @Override
    public void cacheAppend(Tensor k_SKDP, Tensor v_SKPD, Tensor k_BKD, Tensor v_BKD, CacheStep step) {
        Rules.cacheAppend(k_SKDP, v_SKPD, k_BKD, v_BKD, step);
        int positions = k_SKDP.dim(3);
        for (int b = 0; b < step.rows(); b++) {
            int last = step.length(b) - 1;
            INDArrayIndex page = point(step.page(b, last / positions));
            INDArrayIndex position = point(last % positions);
            NdArrays.of(k_SKDP)
                    .get(page, all(), all(), position)
                    .assign(NdArrays.of(k_BKD).get(point(b), all(), all()));
            NdArrays.of(v_SKPD)
                    .get(page, all(), position, all())
                    .assign(NdArrays.of(v_BKD).get(point(b), all(), all()));
        }
        Operands.keep(k_SKDP, v_SKPD, k_BKD, v_BKD);
    }

    @Override
    public void cacheAttention(
            Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step, float scale) {
        Rules.cacheAttention(out_BHD, q_BHD, k_SKDP, v_SKPD, step);
        NdAttention.decode(out_BHD, q_BHD, k_SKDP, v_SKPD, step, scale);
        Operands.keep(out_BHD, q_BHD, k_SKDP, v_SKPD);
    }

    @Override
    public void swiGlu(Tensor y_NF, Tensor gate_NF, Tensor up_NF) {
        Rules.same("SwiGLU", y_NF, gate_NF, up_NF);
        INDArray gate = vector(gate_NF);
        vector(y_NF).assign(Transforms.sigmoid(gate, true).muli(gate).muli(vector(up_NF)));
        Operands.keep(y_NF, gate_NF, up_NF);
    }

    @Override
    public void swiGluBackward(Tensor dgate_NF, Tensor dup_NF, Tensor dy_NF, Tensor gate_NF, Tensor up_NF) {
        Rules.same("SwiGLU backward", gate_NF, up_NF, dy_NF, dgate_NF, dup_NF);
        INDArray gate = vector(gate_NF);
        INDArray s = Transforms.sigmoid(gate, true);
        INDArray slope = s.mul(gate.mul(s.rsub(1)).addi(1)); // s (1 + gate (1 - s))
        INDArray dgate = vector(dy_NF).mul(vector(up_NF)).muli(slope);
        INDArray dup = vector(dy_NF).mul(s).muli(gate);
        vector(dgate_NF).assign(dgate);
        vector(dup_NF).assign(dup);
        Operands.keep(dgate_NF, dup_NF, dy_NF, gate_NF, up_NF);
    }

    @Override
    public void embed(Tensor y_NC, Tensor table_VC, int[] ids_N) {
        Rules.embed("embed", y_NC, table_VC, ids_N);
        matrix(y_NC).assign(matrix(table_VC).getRows(ids_N));
        Operands.keep(y_NC, table_VC);
    }

    @Override
    public void embedBackward(Tensor dtable_VC, Tensor dy_NC, int[] ids_N) {
        Rules.embed("embed backward", dy_NC, dtable_VC, ids_N);
        for (int n = 0; n < ids_N.length; n++) {
            matrix(dtable_VC).getRow(ids_N[n]).addi(matrix(dy_NC).getRow(n));
        }
        Operands.keep(dtable_VC, dy_NC);
    }

    @Override
    public LossSum linearCrossEntropy(CrossEntropy call) {
        LossSum sum = NdCrossEntropy.forward(call);
        Operands.keep(call);
        return sum;
    }

    @Override
    public LossSum linearCrossEntropyBackward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss) {
        Rules.crossEntropyBackward(dx_NC, dw_VC, call);
        LossSum sum = NdCrossEntropy.backward(dx_NC, dw_VC, call, dloss);
        Operands.keep(dx_NC, dw_VC, call);
        return sum;
    }

    @Override
    public int[] argMax(Tensor x_NV) {
        Rules.floats("arg max", x_NV);
        int[] best = NdArrays.matrix(x_NV).argMax(1).toIntVector();
        Operands.keep(x_NV);
        return best;
    }

    @Override
    public void softmax(Tensor y_NV, Tensor x_NV, float alpha) {
        Rules.same("softmax", y_NV, x_NV);
        matrix(y_NV)
                .assign(Transforms.exp(NdCrossEntropy.logSoftmax(matrix(x_NV).mul(alpha))));
        Operands.keep(y_NV, x_NV);
    }

    @Override
    public void logSoftmax(Tensor y_NV, Tensor x_NV, float alpha) {
        Rules.same("log-softmax", y_NV, x_NV);
        matrix(y_NV).assign(NdCrossEntropy.logSoftmax(matrix(x_NV).mul(alpha)));
        Operands.keep(y_NV, x_NV);
    }

    @Override
    public void adamW(Tensor w, Tensor m, Tensor v, Tensor dw, AdamW update) {
        Rules.adamW(w, m, v, dw);
        if (m.type().isDynamic()) {
            NdBlocks.inFloats(List.of(m, v), moments -> adamW(w, moments.get(0), moments.get(1), dw, update));
            return;
        }
        INDArray g = vector(dw).mul(update.clip());
        vector(w).muli(1 - update.learningRate() * update.weightDecay());
        vector(m).muli(update.beta1()).addi(g.mul(1 - update.beta1()));
        vector(v).muli(update.beta2()).addi(g.mul(g).muli(1 - update.beta2()));
        double correction1 = 1 - Math.pow(update.beta1(), update.step());
        double correction2 = 1 - Math.pow(update.beta2(), update.step());
        INDArray denominator = Transforms.sqrt(vector(v).div(correction2)).addi(update.epsilon());
        vector(w).subi(vector(m).div(correction1).divi(denominator).muli(update.learningRate()));
        vector(dw).assign(0);
        Operands.keep(w, m, v, dw);
    }

    private static INDArray matrix(Tensor tensor) {
        return NdArrays.matrix(tensor);
    }

    /** All numbers in one row. */
    private static INDArray vector(Tensor tensor) {
        return NdArrays.of(tensor.reshape(Math.toIntExact(tensor.size())));
    }

    private static INDArray column(INDArray values) {
        return values.reshape(values.length(), 1);
    }
}
