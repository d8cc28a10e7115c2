package dev.distill.student.ops.cpu;

import dev.distill.student.ops.AdamW;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** AdamW in one pass over weight, moments and gradient. */
final class AdamWKernel {
    private static final VectorMask<Float> ALL = Floats.first(Floats.LANES);

    private final Workers workers;

    AdamWKernel(Workers workers) {
        this.workers = workers;
    }

    void run(Tensor w, Tensor m, Tensor v, Tensor dw, AdamW update) {
        Step step = new Step(Floats.address(w), Floats.address(m), Floats.address(v), Floats.address(dw), update);
        Elements.each(workers, w.size(), (first, count) -> step.block(first * Floats.BYTES, count));
    }

    private record Step(long w, long m, long v, long dw, AdamW update) {
        void block(long from, int count) {
            // as PyTorch: the corrections of the bias are computed in double and enter as one factor each
            double correction1 = 1 - Math.pow(update.beta1(), update.step());
            double correction2 = 1 - Math.pow(update.beta2(), update.step());
            float stepSize = (float) (update.learningRate() / correction1);
            float rootFactor = (float) (1 / Math.sqrt(correction2));
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                vector(from + (long) i * Floats.BYTES, ALL, stepSize, rootFactor);
            }
            if (full < count) {
                vector(from + (long) full * Floats.BYTES, Floats.first(count - full), stepSize, rootFactor);
            }
        }

        private void vector(long at, VectorMask<Float> mask, float stepSize, float rootFactor) {
            FloatVector g = Floats.load(dw + at, mask);
            FloatVector mean = Floats.load(m + at, mask);
            mean = g.mul(1 - update.beta1()).add(mean.mul(update.beta1()));
            FloatVector square = Floats.load(v + at, mask);
            square = g.mul(g).mul(1 - update.beta2()).add(square.mul(update.beta2()));
            FloatVector root = square.sqrt().mul(rootFactor).add(update.epsilon());
            FloatVector weight = Floats.load(w + at, mask).mul(1 - update.learningRate() * update.weightDecay());
            Floats.store(m + at, mean, mask);
            Floats.store(v + at, square, mask);
            Floats.store(w + at, weight.sub(mean.div(root).mul(stepSize)), mask);
        }
    }
}
