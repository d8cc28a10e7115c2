package dev.distill.student.ops;

import dev.distill.student.model.TrainingHash;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * A hash of the bits that every operation of the CPU backend gives for fixed inputs, and of those that a few steps of training leave. A
 * program of its own, so that a test can run it in another JVM.
 */
public final class StepHash {
    /** Less than a vector; whole vectors; some and a rest: for vectors of 4, 8 and 16 numbers. */
    private static final int[] WIDTHS = {6, 16, 22};

    private final Ops ops;
    private final Numbers numbers = new Numbers(51);
    private int hash;

    private StepHash(Ops ops) {
        this.ops = ops;
    }

    /**
     * Prints the hashes of all repetitions with 1, 2 and 3 threads, each once.
     *
     * @param args number of repetitions; {@code collecting} where the collector is to run all the while
     */
    public static void main(String[] args) {
        if (args.length > 1 && args[1].equals("collecting")) {
            Thread.ofPlatform().daemon().start(StepHash::collect);
        }
        Set<String> hashes = new TreeSet<>();
        for (int threads = 1; threads <= 3; threads++) {
            try (Ops ops = new CpuOps(threads)) {
                for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                    hashes.add(run(ops));
                }
            }
        }
        System.out.println(hashes);
    }

    private static void collect() {
        while (true) {
            System.gc();
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Forward and backward of everything once for each width, in numbers of rows and columns that no tile divides, then the training. */
    static String run(Ops ops) {
        StepHash step = new StepHash(ops);
        for (int width : WIDTHS) {
            int rows = 13;
            step.products(rows, width);
            step.elements(rows, width);
            step.layers(rows, width);
            step.attention(rows, width);
            step.head(rows, width);
        }
        return "operations " + step.hash + ", training " + TrainingHash.run(ops);
    }

    private void products(int rows, int width) {
        Tensor x_NI = numbers.normal(rows, width);
        Tensor w_OI = numbers.normal(width + 3, width);
        Tensor y_NO = numbers.normal(rows, width + 3);
        Tensor dx_NI = numbers.normal(rows, width);
        Tensor dw_OI = numbers.normal(width + 3, width);
        Tensor b_O = numbers.normal(width + 3);
        for (float beta : new float[] {0, 1}) {
            ops.linear(y_NO, x_NI, w_OI, beta);
            ops.linearBackwardInput(dx_NI, y_NO, w_OI, beta);
            ops.linearBackwardWeight(dw_OI, y_NO, x_NI, beta);
        }
        ops.linear(y_NO.slice(0, 3), x_NI.slice(0, 3), w_OI, 0); // a few rows take another way
        Tensor q_OI = Tensor.allocateNormalFloats(Arena.ofAuto(), width + 3, width);
        ops.copy(q_OI, w_OI);
        ops.linear(y_NO, x_NI, q_OI, 1);
        ops.linearBackwardInput(dx_NI, y_NO, q_OI, 1);
        ops.addBias(y_NO, b_O);
        ops.addBiasBackward(b_O, y_NO);
        add(y_NO, dx_NI, dw_OI, b_O);
    }

    private void elements(int rows, int width) {
        Tensor x = numbers.normal(rows, width);
        Tensor y = numbers.normal(rows, width);
        Tensor half = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, rows, width);
        ops.add(y, y, x);
        ops.axpy(y, 0.3f, x);
        ops.scale(y, 0.7f);
        ops.copy(half, y);
        ops.copy(x, half);
        add(x, y);
        add(Double.hashCode(ops.sumOfSquares(y)));
        ops.adamW(
                x,
                numbers.normal(rows, width),
                squares(rows, width),
                y,
                new AdamW(1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, 3, 0.4f));
        eightBits(3, 100 * width);
        ops.softmax(y, x, 0.7f);
        add(x, y);
        ops.logSoftmax(y, x, 0.7f);
        add(y);
        ops.fill(y, 0.1f);
        add(y);
    }

    private void eightBits(int rows, int width) {
        Tensor w = numbers.normal(rows, width);
        Tensor m = Tensor.allocateDynamic(Arena.ofAuto(), DType.DYNAMIC, rows, width);
        Tensor v = Tensor.allocateDynamic(Arena.ofAuto(), DType.UNSIGNED_DYNAMIC, rows, width);
        for (int step = 1; step <= 2; step++) {
            ops.adamW(w, m, v, numbers.normal(rows, width), new AdamW(1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, step, 0.4f));
        }
        add(w, m.scales(), v.scales());
        add(Arrays.hashCode(m.segment().toArray(ValueLayout.JAVA_BYTE)));
        add(Arrays.hashCode(v.segment().toArray(ValueLayout.JAVA_BYTE)));
    }

    /** Numbers that a second moment may have. */
    private Tensor squares(int rows, int width) {
        Tensor x = numbers.normal(rows, width);
        for (int i = 0; i < x.size(); i++) {
            x.set(i, x.get(i) * x.get(i));
        }
        return x;
    }

    private void layers(int rows, int width) {
        Tensor table_VC = numbers.normal(9, width);
        int[] ids = numbers.indices(rows, 9);
        Tensor x_NC = Numbers.zeros(rows, width);
        ops.embed(x_NC, table_VC, ids);
        Tensor y_NC = Numbers.zeros(rows, width);
        Tensor rstd_N = Numbers.zeros(rows);
        Tensor w_C = numbers.normal(width);
        ops.rmsNorm(y_NC, rstd_N, x_NC, w_C, 1e-6f);
        Tensor dx_NC = Numbers.zeros(rows, width);
        Tensor dw_C = Numbers.zeros(width);
        ops.rmsNormBackward(dx_NC, dw_C, y_NC, x_NC, w_C, rstd_N);
        add(y_NC, rstd_N, dx_NC, dw_C);
        ops.swiGlu(x_NC, dx_NC, y_NC);
        ops.swiGluBackward(dx_NC, y_NC, x_NC, dx_NC, y_NC);
        ops.embedBackward(table_VC, dx_NC, ids);
        add(x_NC, dx_NC, y_NC, table_VC);
    }

    private void attention(int rows, int width) {
        Attention call = new AttentionContract.Shape(List.of(1, rows - 8, 7), 4, 2, width).random(numbers, 0.3f);
        Tensor cos = numbers.normal(rows, width / 2);
        Tensor sin = numbers.normal(rows, width / 2);
        ops.rotary(call.q_NHD(), cos, sin, call.sequences().positions());
        ops.attention(call);
        Tensor dq = Numbers.zeros(rows, 4, width);
        Tensor dk = Numbers.zeros(rows, 2, width);
        Tensor dv = Numbers.zeros(rows, 2, width);
        ops.attentionBackward(dq, dk, dv, call.q_NHD(), call);
        ops.rotaryBackward(dq, cos, sin, call.sequences().positions());
        add(call.q_NHD(), call.out_NHD(), call.lse_NH(), dq, dk, dv);

        CacheStep step = new CacheStep(new int[] {1, 0}, new int[] {7, 3});
        Tensor k_SKDP = numbers.normal(2, 2, width, 7);
        Tensor v_SKPD = numbers.normal(2, 2, 7, width);
        Tensor out_BHD = Numbers.zeros(2, 4, width);
        ops.cacheAppend(k_SKDP, v_SKPD, call.k_NKD().slice(0, 2), call.v_NKD().slice(0, 2), step);
        ops.cacheAttention(out_BHD, call.q_NHD().slice(0, 2), k_SKDP, v_SKPD, step, 0.3f);
        add(k_SKDP, v_SKPD, out_BHD);
    }

    private void head(int rows, int width) {
        Tensor x_NC = numbers.normal(rows, width);
        Tensor w_VC = numbers.normal(37, width);
        int[] targets = numbers.indices(rows, 37);
        targets[2] = CrossEntropy.NO_TARGET;
        CrossEntropy call = new CrossEntropy(x_NC, w_VC, targets, Numbers.zeros(rows));
        Tensor dx_NC = Numbers.zeros(rows, width);
        Tensor dw_VC = numbers.normal(37, width);
        add(Double.hashCode(ops.linearCrossEntropy(call).sum()));
        add(call.loss_N());
        ops.linearCrossEntropyBackward(dx_NC, dw_VC, call, 0.1f);
        add(call.loss_N(), dx_NC, dw_VC);
    }

    private void add(Tensor... results) {
        for (Tensor result : results) {
            add(Arrays.hashCode(result.toArray()));
        }
    }

    private void add(int part) {
        hash = 31 * hash + part;
    }
}
