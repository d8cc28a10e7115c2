package dev.distill.student.optim;

import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;

/**
 * Muon's update of one matrix {@code [R, C]}: the mean of its gradients, made orthogonal.
 *
 * <pre>
 * m  = momentum m + (1 - momentum) g
 * w -= learningRate weightDecay w
 * w -= learningRate 0.2 sqrt(max(R, C)) orthogonal(momentum m + (1 - momentum) g)
 * </pre>
 */
final class Muon implements AutoCloseable {
    private static final int STEPS = 5;

    /** Of the iteration {@code x = a x + b (x xᵀ) x + c (x xᵀ)² x}, which brings all singular values to about 1. */
    private static final float A = 3.4445f;

    private static final float B = -4.7750f;
    private static final float C = 2.0315f;

    /** Root mean square of AdamW's updates, in learning rates. */
    private static final double SIZE = 0.2;

    private static final double LEAST_NORM = 1e-7;

    private final Ops ops;
    private final Workspace memory = new Workspace();

    Muon(Ops ops) {
        this.ops = ops;
    }

    /** Whether the weight is a matrix of a linear layer inside a block. */
    static boolean takes(Parameter parameter) {
        return takes(parameter.name(), parameter.value().rank());
    }

    /** The same of a weight of this name with so many dimensions. */
    static boolean takes(String name, int rank) {
        return rank == 2 && name.startsWith("model.layers.");
    }

    /** Multiply-adds, twice, of one update of a matrix with these sides. */
    static double operations(long rows, long columns) {
        double s = Math.min(rows, columns);
        double l = Math.max(rows, columns);
        return STEPS * (4 * s * s * l + 2 * s * s * s);
    }

    /**
     * One update; the gradient is zero afterwards.
     *
     * @param momentum_RC the gradients' mean, FLOAT, zeros before the first update
     * @param clip what the gradient is multiplied by first
     */
    void update(Parameter parameter, Tensor momentum_RC, MuonSettings settings, double learningRate, float clip) {
        Tensor w_RC = parameter.value();
        Tensor g_RC = parameter.gradient();
        if (g_RC == null) {
            throw new IllegalArgumentException(parameter.name() + ": a frozen weight has no updates");
        }
        float kept = (float) settings.momentum();
        try (Workspace.Scope within = memory.open()) {
            ops.scale(momentum_RC, kept);
            ops.axpy(momentum_RC, (1 - kept) * clip, g_RC);
            Tensor ahead_RC = memory.floats(w_RC.shape());
            ops.copy(ahead_RC, momentum_RC);
            ops.scale(ahead_RC, kept);
            ops.axpy(ahead_RC, (1 - kept) * clip, g_RC);
            double size = SIZE * Math.sqrt(Math.max(w_RC.dim(0), w_RC.dim(1)));
            double decay = parameter.decays() ? settings.adamW().weightDecay() : 0;
            move(
                    w_RC,
                    (float) (1 - learningRate * decay),
                    (float) (-learningRate * size),
                    orthogonal(ahead_RC, memory));
            ops.fill(g_RC, 0);
        }
    }

    /** {@code w = kept w + step direction}. */
    private void move(Tensor w_RC, float kept, float step, Tensor direction_RC) {
        Tensor floats_RC = w_RC.type() == DType.FLOAT ? w_RC : memory.floats(w_RC.shape());
        if (floats_RC != w_RC) {
            ops.copy(floats_RC, w_RC);
        }
        ops.scale(floats_RC, kept);
        ops.axpy(floats_RC, step, direction_RC);
        if (floats_RC != w_RC) {
            ops.copy(w_RC, floats_RC);
        }
    }

    /** Newton and Schulz's iteration on the side that has fewer numbers; {@code x_RC} is overwritten. @param brief for what comes and goes */
    Tensor orthogonal(Tensor x_RC, Workspace brief) {
        ops.scale(x_RC, (float) (1 / Math.max(LEAST_NORM, Math.sqrt(ops.sumOfSquares(x_RC)))));
        boolean tall = x_RC.dim(0) > x_RC.dim(1);
        int side = Math.min(x_RC.dim(0), x_RC.dim(1));
        Tensor gram_SS = brief.floats(side, side);
        Tensor sum_SS = brief.floats(side, side);
        Tensor now_RC = x_RC;
        Tensor next_RC = brief.floats(x_RC.shape());
        for (int step = 0; step < STEPS; step++) {
            if (tall) {
                ops.linearBackwardWeight(gram_SS, now_RC, now_RC, 0); // xᵀ x
            } else {
                ops.linear(gram_SS, now_RC, now_RC, 0); // x xᵀ
            }
            ops.linear(sum_SS, gram_SS, gram_SS, 0); // its square, as it is symmetric
            ops.scale(sum_SS, C);
            ops.axpy(sum_SS, B, gram_SS);
            ops.copy(next_RC, now_RC);
            if (tall) {
                ops.linear(next_RC, now_RC, sum_SS, A); // a x + x sum, which is symmetric too
            } else {
                ops.linearBackwardInput(next_RC, sum_SS, now_RC, A); // a x + sum x
            }
            Tensor before_RC = now_RC;
            now_RC = next_RC;
            next_RC = before_RC;
        }
        return now_RC;
    }

    @Override
    public void close() {
        memory.close();
    }
}
