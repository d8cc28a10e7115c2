package dev.distill.student.ops.cpu;

import dev.distill.student.ops.AdamW;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Operations that treat every number alone. */
final class Elements {
    /** Numbers of a task. */
    private static final int BLOCK = 16 * 1024;

    private static final VectorMask<Float> ALL = Floats.first(Floats.LANES);

    private final Workers workers;

    Elements(Workers workers) {
        this.workers = workers;
    }

    /** An operation on {@code count} numbers, {@code from} bytes behind the start of each tensor. */
    private interface Kernel {
        void block(long from, int count);
    }

    private void each(long size, Kernel kernel) {
        int tasks = Math.toIntExact(Math.ceilDiv(size, BLOCK));
        workers.each(tasks, (task, worker) -> {
            long first = (long) task * BLOCK;
            kernel.block(first * Floats.BYTES, (int) Math.min(BLOCK, size - first));
        });
    }

    void add(Tensor y, Tensor a, Tensor b) {
        long yAt = Floats.address(y);
        long aAt = Floats.address(a);
        long bAt = Floats.address(b);
        each(y.size(), (from, count) -> addBlock(yAt + from, aAt + from, bAt + from, count));
    }

    private static void addBlock(long y, long a, long b, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Floats.load(a + at).add(Floats.load(b + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Floats.get(a + at) + Floats.get(b + at));
        }
    }

    void axpy(Tensor y, float alpha, Tensor x) {
        long yAt = Floats.address(y);
        long xAt = Floats.address(x);
        each(y.size(), (from, count) -> axpyBlock(yAt + from, alpha, xAt + from, count));
    }

    /** {@code y += alpha x}. */
    static void axpyBlock(long y, float alpha, long x, int count) {
        FloatVector factor = Floats.broadcast(alpha);
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Floats.load(x + at).fma(factor, Floats.load(y + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Math.fma(Floats.get(x + at), alpha, Floats.get(y + at)));
        }
    }

    void scale(Tensor x, float alpha) {
        long xAt = Floats.address(x);
        each(x.size(), (from, count) -> scaleBlock(xAt + from, alpha, count));
    }

    static void scaleBlock(long x, float alpha, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = x + (long) i * Floats.BYTES;
            Floats.store(at, Floats.load(at).mul(alpha));
        }
        for (int i = full; i < count; i++) {
            long at = x + (long) i * Floats.BYTES;
            Floats.put(at, Floats.get(at) * alpha);
        }
    }

    void fill(Tensor x, float value) {
        long xAt = Floats.address(x);
        each(x.size(), (from, count) -> {
            for (int i = 0; i < count; i++) {
                Floats.put(xAt + from + (long) i * Floats.BYTES, value);
            }
        });
    }

    void copy(Tensor y, Tensor x) {
        long yAt = Floats.address(y);
        long xAt = Floats.address(x);
        if (y.type() == x.type()) {
            Floats.copy(yAt, xAt, x.segment().byteSize());
        } else if (y.type() == DType.FLOAT) {
            each(y.size(), (from, count) -> widenBlock(yAt + from, xAt + from / 2, count));
        } else {
            each(y.size(), (from, count) -> narrowBlock(yAt + from / 2, xAt + from, count));
        }
    }

    private static void widenBlock(long y, long x, int count) {
        for (int i = 0; i < count; i++) {
            Floats.put(y + (long) i * Floats.BYTES, DType.widen(Floats.getShort(x + (long) i * Short.BYTES)));
        }
    }

    private static void narrowBlock(long y, long x, int count) {
        for (int i = 0; i < count; i++) {
            Floats.putShort(y + (long) i * Short.BYTES, DType.narrow(Floats.get(x + (long) i * Floats.BYTES)));
        }
    }

    double sumOfSquares(Tensor x) {
        long xAt = Floats.address(x);
        double[] parts = new double[Math.toIntExact(Math.ceilDiv(x.size(), BLOCK))];
        each(x.size(), (from, count) -> parts[(int) (from / Floats.BYTES / BLOCK)] = squares(xAt + from, count));
        return Arrays.stream(parts)
                .reduce(0, (a, b) -> a + b); // in order; sum() would compensate in an order of its own
    }

    private static double squares(long x, int count) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < count; i += 2) {
            double a = Floats.get(x + (long) i * Floats.BYTES);
            double b = Floats.get(x + (long) i * Floats.BYTES + Floats.BYTES);
            even += a * a;
            odd += b * b;
        }
        double last = count % 2 == 0 ? 0 : Floats.get(x + (count - 1L) * Floats.BYTES);
        return even + odd + last * last;
    }

    void swiGlu(Tensor y, Tensor gate, Tensor up) {
        long yAt = Floats.address(y);
        long gateAt = Floats.address(gate);
        long upAt = Floats.address(up);
        each(y.size(), (from, count) -> {
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                swiGluVector(yAt + from, gateAt + from, upAt + from, (long) i * Floats.BYTES, ALL);
            }
            if (full < count) {
                swiGluVector(
                        yAt + from, gateAt + from, upAt + from, (long) full * Floats.BYTES, Floats.first(count - full));
            }
        });
    }

    private static void swiGluVector(long y, long gate, long up, long at, VectorMask<Float> mask) {
        FloatVector g = Floats.load(gate + at, mask);
        Floats.store(y + at, g.mul(Exp.sigmoid(g)).mul(Floats.load(up + at, mask)), mask);
    }

    void swiGluBackward(Tensor dgate, Tensor dup, Tensor dy, Tensor gate, Tensor up) {
        GluGradient gradient = new GluGradient(
                Floats.address(dgate),
                Floats.address(dup),
                Floats.address(dy),
                Floats.address(gate),
                Floats.address(up));
        each(dy.size(), gradient::block);
    }

    /** {@code y = gate s up} with {@code s = sigmoid(gate)}. */
    private record GluGradient(long dgate, long dup, long dy, long gate, long up) {
        void block(long from, int count) {
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                vector(from + (long) i * Floats.BYTES, ALL);
            }
            if (full < count) {
                vector(from + (long) full * Floats.BYTES, Floats.first(count - full));
            }
        }

        private void vector(long at, VectorMask<Float> mask) {
            FloatVector g = Floats.load(gate + at, mask);
            FloatVector u = Floats.load(up + at, mask);
            FloatVector d = Floats.load(dy + at, mask);
            FloatVector s = Exp.sigmoid(g);
            FloatVector silu = g.mul(s);
            FloatVector slope = silu.neg().add(1f).fma(s, silu); // s (1 + g (1 - s)) = s (1 - silu) + silu
            Floats.store(dup + at, d.mul(silu), mask);
            Floats.store(dgate + at, d.mul(u).mul(slope), mask);
        }
    }

    void adamW(Tensor w, Tensor m, Tensor v, Tensor dw, AdamW update) {
        AdamStep step =
                new AdamStep(Floats.address(w), Floats.address(m), Floats.address(v), Floats.address(dw), update);
        each(w.size(), step::block);
    }

    private record AdamStep(long w, long m, long v, long dw, AdamW update) {
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
