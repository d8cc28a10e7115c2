package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Operations that treat every number alone. */
final class Elements {
    /** Numbers of a task. */
    private static final int BLOCK = Stage.COUNT;

    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, Floats.SPECIES.vectorShape());

    private final Workers workers;

    Elements(Workers workers) {
        this.workers = workers;
    }

    /** An operation on the {@code count} numbers from {@code first} on. */
    interface Kernel {
        void block(long first, int count);
    }

    private void each(long size, Kernel kernel) {
        each(workers, size, kernel);
    }

    static void each(Workers workers, long size, Kernel kernel) {
        int tasks = Math.toIntExact(Math.ceilDiv(size, BLOCK));
        workers.each(tasks, (task, worker) -> {
            long first = (long) task * BLOCK;
            kernel.block(first, (int) Math.min(BLOCK, size - first));
        });
    }

    private static long buffer(int index) {
        return Stage.buffer(index, BLOCK);
    }

    void add(Tensor y, Tensor a, Tensor b) {
        Numbers ys = Numbers.of(y);
        Numbers as = Numbers.of(a);
        Numbers bs = Numbers.of(b);
        each(y.size(), (first, count) -> {
            long to = ys.target(first, buffer(0));
            addBlock(to, as.read(first, count, buffer(1)), bs.read(first, count, buffer(2)), count);
            ys.done(first, count, to);
        });
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
        Numbers ys = Numbers.of(y);
        Numbers xs = Numbers.of(x);
        each(y.size(), (first, count) -> {
            long to = ys.read(first, count, buffer(0));
            axpyBlock(to, alpha, xs.read(first, count, buffer(1)), count);
            ys.done(first, count, to);
        });
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
        Numbers xs = Numbers.of(x);
        each(x.size(), (first, count) -> {
            long at = xs.read(first, count, buffer(0));
            scaleBlock(at, alpha, count);
            xs.done(first, count, at);
        });
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
        each(x.size(), (first, count) -> fillBlock(xAt + first * Floats.BYTES, value, count));
    }

    private static void fillBlock(long x, float value, int count) {
        FloatVector values = Floats.broadcast(value);
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            Floats.store(x + (long) i * Floats.BYTES, values);
        }
        for (int i = full; i < count; i++) {
            Floats.put(x + (long) i * Floats.BYTES, value);
        }
    }

    double sumOfSquares(Tensor x) {
        long xAt = Floats.address(x);
        double[] parts = new double[Math.toIntExact(Math.ceilDiv(x.size(), BLOCK))];
        each(x.size(), (first, count) -> parts[(int) (first / BLOCK)] = squares(xAt + first * Floats.BYTES, count));
        return Arrays.stream(parts)
                .reduce(0, (a, b) -> a + b); // in order; sum() would compensate in an order of its own
    }

    /** In double, of two halves of each vector side by side. */
    private static double squares(long x, int count) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = even;
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            FloatVector values = Floats.load(x + (long) i * Floats.BYTES);
            DoubleVector low = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector high = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 1);
            even = low.fma(low, even);
            odd = high.fma(high, odd);
        }
        double sum = 0;
        for (double lane : even.add(odd).toArray()) {
            sum += lane;
        }
        for (int i = full; i < count; i++) {
            double value = Floats.get(x + (long) i * Floats.BYTES);
            sum += value * value;
        }
        return sum;
    }

    void swiGlu(Tensor y, Tensor gate, Tensor up) {
        Numbers ys = Numbers.of(y);
        Numbers gates = Numbers.of(gate);
        Numbers ups = Numbers.of(up);
        each(y.size(), (first, count) -> {
            long to = ys.target(first, buffer(0));
            swiGluBlock(to, gates.read(first, count, buffer(1)), ups.read(first, count, buffer(2)), count);
            ys.done(first, count, to);
        });
    }

    private static void swiGluBlock(long y, long gate, long up, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            FloatVector g = Floats.load(gate + at);
            Floats.store(y + at, g.mul(Exp.sigmoid(g)).mul(Floats.load(up + at)));
        }
        if (full < count) {
            long at = (long) full * Floats.BYTES;
            swiGluOfTail(y + at, gate + at, up + at, count - full);
        }
    }

    private static void swiGluOfTail(long y, long gate, long up, int count) {
        VectorMask<Float> mask = Floats.first(count);
        FloatVector g = Floats.load(gate, mask);
        Floats.store(y, g.mul(Exp.sigmoid(g)).mul(Floats.load(up, mask)), mask);
    }

    void swiGluBackward(Tensor dgate, Tensor dup, Tensor dy, Tensor gate, Tensor up) {
        Numbers dgates = Numbers.of(dgate);
        Numbers dups = Numbers.of(dup);
        Numbers dys = Numbers.of(dy);
        Numbers gates = Numbers.of(gate);
        Numbers ups = Numbers.of(up);
        each(dy.size(), (first, count) -> {
            GluGradient block = new GluGradient(
                    dgates.target(first, buffer(0)),
                    dups.target(first, buffer(1)),
                    dys.read(first, count, buffer(2)),
                    gates.read(first, count, buffer(3)),
                    ups.read(first, count, buffer(4)),
                    buffer(5));
            sigmoidBlock(block.s, block.gate, count);
            block.runBlock(count);
            dgates.done(first, count, block.dgate);
            dups.done(first, count, block.dup);
        });
    }

    private static void sigmoidBlock(long y, long x, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Exp.sigmoid(Floats.load(x + at)));
        }
        if (full < count) {
            long at = (long) full * Floats.BYTES;
            sigmoidOfTail(y + at, x + at, count - full);
        }
    }

    private static void sigmoidOfTail(long y, long x, int count) {
        VectorMask<Float> mask = Floats.first(count);
        Floats.store(y, Exp.sigmoid(Floats.load(x, mask)), mask);
    }

    /** {@code y = gate s up} with {@code s = sigmoid(gate)}. */
    private record GluGradient(long dgate, long dup, long dy, long gate, long up, long s) {
        void runBlock(int count) {
            int full = Floats.SPECIES.loopBound(count);
            for (int i = 0; i < full; i += Floats.LANES) {
                long at = (long) i * Floats.BYTES;
                FloatVector d = Floats.load(dy + at);
                FloatVector sigmoid = Floats.load(s + at);
                FloatVector silu = Floats.load(gate + at).mul(sigmoid);
                FloatVector slope = silu.neg().add(1f).fma(sigmoid, silu); // s (1 + g (1 - s)) = s (1 - silu) + silu
                Floats.store(dgate + at, d.mul(Floats.load(up + at)).mul(slope));
                Floats.store(dup + at, d.mul(silu));
            }
            for (int i = full; i < count; i++) {
                long at = (long) i * Floats.BYTES;
                float d = Floats.get(dy + at);
                float sigmoid = Floats.get(s + at);
                float silu = Floats.get(gate + at) * sigmoid;
                float slope = Math.fma(1 - silu, sigmoid, silu);
                Floats.put(dgate + at, d * Floats.get(up + at) * slope);
                Floats.put(dup + at, d * silu);
            }
        }
    }
}
