package dev.distill.student.ops.cpu;

import dev.distill.student.ops.AdamW;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/**
 * AdamW in one pass over weight, moments and gradient, which it clears on the way. Moments in eight bits are widened into buffers, a task's at a
 * time, and rounded from there.
 */
final class AdamWKernel {
    private final Workers workers;

    AdamWKernel(Workers workers) {
        this.workers = workers;
    }

    void run(Tensor w, Tensor m, Tensor v, Tensor dw, AdamW update) {
        if (m.type().isDynamic()) {
            runInEightBits(w, m, v, Floats.address(dw), update);
            return;
        }
        Step step = Step.of(Floats.address(m), Floats.address(v), Floats.address(dw), update);
        Part part = part(w);
        Elements.each(workers, w.size(), (first, count) -> part.run(step, first, count));
    }

    private void runInEightBits(Tensor w, Tensor m, Tensor v, long dw, AdamW update) {
        DynamicNumbers means = DynamicNumbers.of(m);
        DynamicNumbers squares = DynamicNumbers.of(v);
        Step whole = Step.of(0, 0, dw, update);
        Part part = part(w);
        Elements.each(workers, w.size(), (first, count) -> { // a task has whole blocks, but for the last
            long mean = Stage.buffer(0, count);
            long square = Stage.buffer(1, count);
            means.read(first, count, mean);
            squares.read(first, count, square);
            part.run(whole.withMoments(mean, square, first), first, count);
            means.write(first, count, mean);
            squares.write(first, count, square);
        });
    }

    /** The update of some numbers of a weight. */
    private interface Part {
        void run(Step step, long first, int count);
    }

    private static Part part(Tensor w) {
        if (w.type() == DType.SPLIT) {
            SplitNumbers weights = SplitNumbers.of(w);
            return (step, first, count) -> step.split(weights, first, count);
        }
        long weights = Floats.address(w);
        return (step, first, count) -> step.whole(weights, first, count);
    }

    /** As PyTorch: the corrections of the bias are computed in double and enter as one factor each. */
    private record Step(long m, long v, long dw, AdamW update, float kept, float stepSize, float rootFactor) {
        static Step of(long m, long v, long dw, AdamW update) {
            double correction1 = 1 - Math.pow(update.beta1(), update.step());
            double correction2 = 1 - Math.pow(update.beta2(), update.step());
            return new Step(
                    m,
                    v,
                    dw,
                    update,
                    1 - update.learningRate() * update.weightDecay(),
                    (float) (update.learningRate() / correction1),
                    (float) (1 / Math.sqrt(correction2)));
        }

        /** The same with moments that lie elsewhere, those of the number {@code first} at these addresses. */
        Step withMoments(long mean, long square, long first) {
            long before = first * Floats.BYTES;
            return new Step(mean - before, square - before, dw, update, kept, stepSize, rootFactor);
        }

        void whole(long weights, long first, int count) {
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                long at = (first + i) * Floats.BYTES;
                Floats.store(weights + at, vector(Floats.load(weights + at), at));
            }
            for (int i = full; i < count; i++) {
                long at = (first + i) * Floats.BYTES;
                Floats.put(weights + at, one(Floats.get(weights + at), at));
            }
        }

        void split(SplitNumbers weights, long first, int count) {
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                weights.store(first + i, vector(weights.load(first + i), (first + i) * Floats.BYTES));
            }
            for (int i = full; i < count; i++) {
                weights.put(first + i, one(weights.get(first + i), (first + i) * Floats.BYTES));
            }
        }

        /** @return the new weights; their moments and gradients lie at {@code at} */
        private FloatVector vector(FloatVector w, long at) {
            FloatVector g = Floats.load(dw + at).mul(update.clip());
            FloatVector mean = g.mul(1 - update.beta1()).add(Floats.load(m + at).mul(update.beta1()));
            FloatVector square =
                    g.mul(g).mul(1 - update.beta2()).add(Floats.load(v + at).mul(update.beta2()));
            FloatVector root = square.sqrt().mul(rootFactor).add(update.epsilon());
            Floats.store(m + at, mean);
            Floats.store(v + at, square);
            Floats.store(dw + at, FloatVector.zero(Floats.SPECIES));
            return w.mul(kept).sub(mean.div(root).mul(stepSize));
        }

        private float one(float w, long at) {
            float g = Floats.get(dw + at) * update.clip();
            float mean = g * (1 - update.beta1()) + Floats.get(m + at) * update.beta1();
            float square = g * g * (1 - update.beta2()) + Floats.get(v + at) * update.beta2();
            float root = (float) Math.sqrt(square) * rootFactor + update.epsilon();
            Floats.put(m + at, mean);
            Floats.put(v + at, square);
            Floats.put(dw + at, 0);
            return w * kept - mean / root * stepSize;
        }
    }
}
