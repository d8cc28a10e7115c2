package dev.distill.student.ops.cpu;

import dev.distill.student.ops.AdamW;
import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Operands;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Rules;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.Processor;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.PackedLayout;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations on a processor: each checks its shapes, then hands addresses to a kernel. Bits are the same for any number of threads, except
 * where a product is large enough for oneDNN; those are the same for one number of threads and one processor.
 */
public final class CpuOps implements Ops {
    private final Compute compute;
    private final DType floating;
    private final Workers workers;
    private final Products products;
    private final Linears linears;
    private final Elements elements;
    private final AdamWKernel adamW;
    private final Norms norms;
    private final ScaledColumns columns;
    private final Rotary rotary;
    private final Attentions attentions;
    private final Losses losses;
    private final @Nullable OneDnn oneDnn;

    /** Computes in FLOAT, one thread for each processor that Java sees. */
    public CpuOps() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** Computes in FLOAT. @param threads how many threads compute, the caller's among them; at least 1 */
    public CpuOps(int threads) {
        this(threads, Compute.FLOAT);
    }

    /** What is not INT8 in {@link Compute#INT8} is computed in BFLOAT16. */
    public CpuOps(int threads, Compute compute) {
        this(threads, compute, compute == Compute.FLOAT ? DType.FLOAT : DType.BFLOAT16);
    }

    /**
     * @param compute what large products multiply
     * @param floating FLOAT or BFLOAT16: the type of activations, and of the products that stay out of INT8
     * @throws dev.distill.student.ops.ComputeUnavailableException where this machine cannot multiply in this type, or not faster than in FLOAT
     */
    public CpuOps(int threads, Compute compute, DType floating) {
        boolean halves = floating == DType.BFLOAT16;
        NativeChoice.requireProducts(compute);
        NativeChoice.requireProducts(halves ? Compute.BFLOAT16 : Compute.FLOAT);
        oneDnn = NativeChoice.hasOneDnn() ? OneDnn.of(threads) : null;
        this.compute = compute;
        this.floating = floating;
        workers = new Workers(threads);
        products = new Products(workers, oneDnn == null ? null : new LargeProducts(workers, oneDnn, halves));
        EightBits eightBits =
                oneDnn == null || compute != Compute.INT8 ? null : new EightBits(workers, oneDnn, products);
        linears = new Linears(workers, products, eightBits, halves);
        elements = new Elements(workers);
        adamW = new AdamWKernel(workers);
        norms = new Norms(workers);
        columns = new ScaledColumns(workers);
        rotary = new Rotary(workers);
        attentions = new Attentions(workers, halves ? oneDnn : null);
        losses = new Losses(workers, products, eightBits, halves);
    }

    @Override
    public Compute compute() {
        return compute;
    }

    @Override
    public int threads() {
        return workers.count();
    }

    @Override
    public DType activations() {
        return floating;
    }

    @Override
    public DType inferenceBytes() {
        boolean whole = Floats.SPECIES.vectorBitSize()
                == Byte.SIZE * PackedLayout.PANEL; // the JVM may have been told to use less
        return whole && NativeChoice.hasPackedProducts() && DnnlEngine.runsHere() ? DType.PACKED : DType.INT8;
    }

    @Override
    public boolean takesNibbles() {
        return compute == Compute.INT8;
    }

    @Override
    public void keepRowsApart(boolean apart) {
        products.keepRowsApart(apart);
    }

    @Override
    public void pack(Tensor nibbles_OI, MemorySegment q4_0) {
        Rules.pack(nibbles_OI, q4_0);
        NibbleProducts.pack(workers, nibbles_OI, q4_0);
        Operands.keep(nibbles_OI, q4_0);
    }

    @Override
    public String describe() {
        return "CPU backend: " + workers.count() + " threads, vectors of " + Floats.SPECIES.vectorBitSize() + " bits, "
                + (NativeChoice.hasOneDnn()
                        ? "large products by oneDNN ("
                                + (OneDnn.usesOwnLibrary()
                                        ? DnnlLibrary.VERSION
                                                + (Processor.here().hasTiles() ? ", AMX" : ", AVX-512")
                                        : NativeChoice.load().extension())
                                + ") in " + compute
                        : "no oneDNN");
    }

    @Override
    public void close() {
        workers.close();
        linears.close();
        attentions.close();
        losses.close();
        if (oneDnn != null) {
            oneDnn.close();
        }
    }

    @Override
    public void linear(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        linears.forward(y_NO, x_NI, w_OI, beta);
        Operands.keep(y_NO, x_NI, w_OI);
    }

    @Override
    public void linears(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        linears.forward(y_NO, x_NI, w_OI);
        Operands.keep(y_NO, x_NI, w_OI);
    }

    @Override
    public void linearBackwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta) {
        linears.backwardInput(dx_NI, dy_NO, w_OI, beta);
        Operands.keep(dx_NI, dy_NO, w_OI);
    }

    @Override
    public void linearBackwardWeight(Tensor dw_OI, Tensor dy_NO, Tensor x_NI, float beta) {
        linears.backwardWeight(dw_OI, dy_NO, x_NI, beta);
        Operands.keep(dw_OI, dy_NO, x_NI);
    }

    @Override
    public void addBias(Tensor y_NO, Tensor b_O) {
        Rules.bias("add bias", y_NO, b_O);
        norms.addBias(y_NO, b_O);
        Operands.keep(y_NO, b_O);
    }

    @Override
    public void addBiasBackward(Tensor db_O, Tensor dy_NO) {
        Rules.bias("add bias backward", dy_NO, db_O);
        norms.addBiasBackward(db_O, dy_NO);
        Operands.keep(db_O, dy_NO);
    }

    @Override
    public void scaleColumns(Tensor y_NO, Tensor x_NO, Tensor c_O, float beta) {
        Rules.scaleColumns("scale columns", y_NO, x_NO, c_O);
        columns.scale(y_NO, x_NO, c_O, beta);
        Operands.keep(y_NO, x_NO, c_O);
    }

    @Override
    public void scaleColumnsBackward(Tensor dx_NO, Tensor dc_O, Tensor dy_NO, Tensor x_NO, Tensor c_O) {
        Rules.scaleColumns("scale columns backward", dx_NO, dy_NO, c_O);
        Rules.scaleColumns("scale columns backward", dx_NO, x_NO, dc_O);
        columns.backward(dx_NO, dc_O, dy_NO, x_NO, c_O);
        Operands.keep(dx_NO, dc_O, dy_NO, x_NO, c_O);
    }

    @Override
    public void rowSquares(Tensor s_O, Tensor w_OI) {
        Rules.rowSquares(s_O, w_OI);
        columns.rowSquares(s_O, w_OI);
        Operands.keep(s_O, w_OI);
    }

    @Override
    public void add(Tensor y, Tensor a, Tensor b) {
        Rules.alike("add", y, a, b);
        elements.add(y, a, b);
        Operands.keep(y, a, b);
    }

    @Override
    public void axpy(Tensor y, float alpha, Tensor x) {
        Rules.alike("axpy", y, x);
        elements.axpy(y, alpha, x);
        Operands.keep(y, x);
    }

    @Override
    public void scale(Tensor x, float alpha) {
        Rules.activations("scale", x);
        elements.scale(x, alpha);
        Operands.keep(x);
    }

    @Override
    public void fill(Tensor x, float value) {
        Rules.floats("fill", x);
        elements.fill(x, value);
        Operands.keep(x);
    }

    @Override
    public void copy(Tensor y, Tensor x) {
        Rules.copy(y, x);
        if (EightBits.isFactor(y)) {
            linears.quantize(y, x);
        } else {
            Copies.copy(workers, y, x);
        }
        Operands.keep(y, x);
    }

    @Override
    public double sumOfSquares(Tensor x) {
        Rules.floats("sum of squares", x);
        double sum = elements.sumOfSquares(x);
        Operands.keep(x);
        return sum;
    }

    @Override
    public void rmsNorm(Tensor y_NC, Tensor rstd_N, Tensor x_NC, Tensor w_C, float eps) {
        Rules.rmsNorm("RMS norm", y_NC, x_NC, w_C, rstd_N);
        norms.forward(y_NC, rstd_N, x_NC, w_C, eps);
        Operands.keep(y_NC, rstd_N, x_NC, w_C);
    }

    @Override
    public void rmsNormBackward(
            Tensor dx_NC, @Nullable Tensor dw_C, Tensor dy_NC, Tensor x_NC, Tensor w_C, Tensor rstd_N) {
        Rules.rmsNorm("RMS norm backward", dx_NC, x_NC, w_C, rstd_N);
        Rules.alike("RMS norm backward", x_NC, dy_NC);
        Rules.gradient("RMS norm backward", dw_C, w_C);
        norms.backward(dx_NC, dy_NC, x_NC, w_C, rstd_N);
        if (dw_C != null) {
            norms.weightGradient(dw_C, dy_NC, x_NC, rstd_N);
        }
        Operands.keep(dx_NC, dw_C, dy_NC, x_NC, w_C, rstd_N);
    }

    @Override
    public void rotary(Tensor x_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N) {
        Rules.rotary("rotary", x_NHD, cos_PD2, sin_PD2, positions_N);
        rotary.turn(x_NHD, cos_PD2, sin_PD2, positions_N, 1);
        Operands.keep(x_NHD, cos_PD2, sin_PD2);
    }

    @Override
    public void rotaryBackward(Tensor dx_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N) {
        Rules.rotary("rotary backward", dx_NHD, cos_PD2, sin_PD2, positions_N);
        rotary.turn(dx_NHD, cos_PD2, sin_PD2, positions_N, -1);
        Operands.keep(dx_NHD, cos_PD2, sin_PD2);
    }

    @Override
    public void attention(Attention call) {
        attentions.forward(call);
        Operands.keep(call);
    }

    @Override
    public void attentionBackward(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        attentions.backward(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        Operands.keep(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
    }

    @Override
    public void cacheAppend(Tensor k_SKDP, Tensor v_SKPD, Tensor k_BKD, Tensor v_BKD, CacheStep step) {
        attentions.append(k_SKDP, v_SKPD, k_BKD, v_BKD, step);
        Operands.keep(k_SKDP, v_SKPD, k_BKD, v_BKD);
    }

    @Override
    public void cacheAttention(
            Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step, float scale) {
        attentions.decode(out_BHD, q_BHD, k_SKDP, v_SKPD, step, scale);
        Operands.keep(out_BHD, q_BHD, k_SKDP, v_SKPD);
    }

    @Override
    public void swiGlu(Tensor y_NF, Tensor gate_NF, Tensor up_NF) {
        Rules.alike("SwiGLU", y_NF, gate_NF, up_NF);
        elements.swiGlu(y_NF, gate_NF, up_NF);
        Operands.keep(y_NF, gate_NF, up_NF);
    }

    @Override
    public void swiGluBackward(Tensor dgate_NF, Tensor dup_NF, Tensor dy_NF, Tensor gate_NF, Tensor up_NF) {
        Rules.alike("SwiGLU backward", gate_NF, up_NF, dy_NF, dgate_NF, dup_NF);
        elements.swiGluBackward(dgate_NF, dup_NF, dy_NF, gate_NF, up_NF);
        Operands.keep(dgate_NF, dup_NF, dy_NF, gate_NF, up_NF);
    }

    @Override
    public void embed(Tensor y_NC, Tensor table_VC, int[] ids_N) {
        Rules.embed("embed", y_NC, table_VC, ids_N);
        norms.embed(y_NC, table_VC, ids_N);
        Operands.keep(y_NC, table_VC);
    }

    @Override
    public void embedBackward(Tensor dtable_VC, Tensor dy_NC, int[] ids_N) {
        Rules.embed("embed backward", dy_NC, dtable_VC, ids_N);
        norms.embedBackward(dtable_VC, dy_NC, ids_N);
        Operands.keep(dtable_VC, dy_NC);
    }

    @Override
    public LossSum linearCrossEntropy(CrossEntropy call) {
        LossSum sum = losses.forward(call);
        Operands.keep(call);
        return sum;
    }

    @Override
    public LossSum linearCrossEntropyBackward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss) {
        Rules.crossEntropyBackward(dx_NC, dw_VC, call);
        LossSum sum = losses.backward(dx_NC, dw_VC, call, dloss);
        Operands.keep(dx_NC, dw_VC, call);
        return sum;
    }

    @Override
    public int[] argMax(Tensor x_NV) {
        Rules.floats("arg max", x_NV);
        int[] best = new int[x_NV.rows()];
        int count = x_NV.cols();
        long x = Floats.address(x_NV);
        workers.each(
                best.length,
                (row, worker) -> best[row] = Floats.argMaxBlock(x + (long) row * count * Floats.BYTES, count));
        Operands.keep(x_NV);
        return best;
    }

    @Override
    public void softmax(Tensor y_NV, Tensor x_NV, float alpha) {
        Rules.same("softmax", y_NV, x_NV);
        Softmax.rows(workers, y_NV, x_NV, alpha, false);
        Operands.keep(y_NV, x_NV);
    }

    @Override
    public void logSoftmax(Tensor y_NV, Tensor x_NV, float alpha) {
        Rules.same("log-softmax", y_NV, x_NV);
        Softmax.rows(workers, y_NV, x_NV, alpha, true);
        Operands.keep(y_NV, x_NV);
    }

    @Override
    public void adamW(Tensor w, Tensor m, Tensor v, Tensor dw, AdamW update) {
        Rules.adamW(w, m, v, dw);
        adamW.run(w, m, v, dw, update);
        Operands.keep(w, m, v, dw);
    }
}
