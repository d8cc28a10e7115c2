package dev.distill.student.ops;

import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A hash of the bits that every operation of the CPU backend gives for one fixed input. A program of its own, so that a test can run it in
 * another JVM.
 */
public final class StepHash {
    private StepHash() {}

    /** Prints the hash. @param args number of threads, number of repetitions; the last one's hash is printed */
    public static void main(String[] args) {
        int repetitions = Integer.parseInt(args[1]);
        try (Ops ops = new CpuOps(Integer.parseInt(args[0]))) {
            int hash = 0;
            for (int i = 0; i < repetitions; i++) {
                hash = run(ops);
            }
            System.out.println("hash " + hash);
        }
    }

    /** One forward and backward of everything, in shapes that no vector or tile divides. */
    static int run(Ops ops) {
        Numbers numbers = new Numbers(51);
        int n = 61;
        int width = 38;
        Tensor x = numbers.normal(n, width);
        Tensor w = numbers.normal(95, width);
        Tensor y = Numbers.zeros(n, 95);
        Tensor dx = Numbers.zeros(n, width);
        Tensor dw = Numbers.zeros(95, width);
        ops.linear(y, x, w, 0);
        ops.linearBackwardInput(dx, y, w, 0);
        ops.linearBackwardWeight(dw, y, x, 1);
        Tensor bias = Numbers.zeros(95);
        ops.addBiasBackward(bias, y);
        ops.addBias(y, bias);

        Tensor normed = Numbers.zeros(n, width);
        Tensor rstd = Numbers.zeros(n);
        Tensor gain = numbers.normal(width);
        ops.rmsNorm(normed, rstd, x, gain, 1e-6f);
        Tensor dgain = Numbers.zeros(width);
        ops.rmsNormBackward(dx, dgain, normed, x, gain, rstd);
        Tensor gate = numbers.normal(n, width);
        Tensor glu = Numbers.zeros(n, width);
        ops.swiGlu(glu, gate, normed);
        ops.swiGluBackward(gate, normed, glu, gate, normed);

        Attention call = new AttentionContract.Shape(List.of(1, 33, 27), 4, 2, 10).random(numbers, 0.3f);
        Tensor dq = Numbers.zeros(n, 4, 10);
        Tensor dk = Numbers.zeros(n, 2, 10);
        Tensor dv = Numbers.zeros(n, 2, 10);
        ops.rotary(
                call.q_NHD(),
                numbers.normal(n, 5),
                numbers.normal(n, 5),
                call.sequences().positions());
        ops.attention(call);
        ops.attentionBackward(dq, dk, dv, call.q_NHD(), call);

        Tensor loss = Numbers.zeros(n);
        CrossEntropy head = new CrossEntropy(x, w, numbers.indices(n, 95), loss);
        double sum = ops.linearCrossEntropyBackward(dx, dw, head, 0.1f).sum() + ops.sumOfSquares(dw);
        ops.adamW(
                w,
                Numbers.zeros(95, width),
                Numbers.zeros(95, width),
                dw,
                new AdamW(1e-2f, 0.9f, 0.95f, 1e-8f, 0.1f, 1));
        ops.softmax(y, y, 0.7f);
        int hash = Double.hashCode(sum);
        for (Tensor result :
                new Tensor[] {y, dx, dw, w, dgain, gate, normed, call.out_NHD(), call.lse_NH(), dq, dk, dv, loss, bias
                }) {
            hash = 31 * hash + Arrays.hashCode(result.toArray());
        }
        return hash;
    }
}
