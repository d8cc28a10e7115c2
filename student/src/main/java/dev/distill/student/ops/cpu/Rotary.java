package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Rotary position embedding, half-split layout. */
final class Rotary {
    /** Numbers of a task. */
    private static final int BLOCK = 8 * 1024;

    private static final VectorMask<Float> ALL = Floats.first(Floats.LANES);

    private final Workers workers;

    Rotary(Workers workers) {
        this.workers = workers;
    }

    /** @param sign 1 forward; -1 backward, which turns the other way */
    void turn(Tensor x_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N, float sign) {
        Numbers xs = Numbers.of(x_NHD);
        long cos = Floats.address(cos_PD2);
        long sin = Floats.address(sin_PD2);
        int heads = x_NHD.dim(1);
        int half = x_NHD.dim(2) / 2;
        int width = 2 * half * heads;
        int block = Math.max(1, BLOCK / width);
        int rows = positions_N.length;
        workers.each(Math.ceilDiv(rows, block), (task, worker) -> {
            for (int n = task * block; n < Math.min(rows, (task + 1) * block); n++) {
                long table = (long) positions_N[n] * half * Floats.BYTES;
                long x = xs.read((long) n * width, width, Stage.buffer(0, width));
                for (int h = 0; h < heads; h++) {
                    turnHead(x + 2L * h * half * Floats.BYTES, cos + table, sin + table, sign, half);
                }
                xs.done((long) n * width, width, x);
            }
        });
    }

    private static void turnHead(long x, long cos, long sin, float sign, int half) {
        int full = Floats.SPECIES.loopBound(half);
        long offset = (long) half * Floats.BYTES;
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            turnVector(x + at, offset, cos + at, sin + at, sign, ALL);
        }
        if (full < half) {
            long at = (long) full * Floats.BYTES;
            turnVector(x + at, offset, cos + at, sin + at, sign, Floats.first(half - full));
        }
    }

    /** {@code (a, b) -> (a cos - b sin, b cos + a sin)}. */
    private static void turnVector(long x, long offset, long cos, long sin, float sign, VectorMask<Float> mask) {
        FloatVector a = Floats.load(x, mask);
        FloatVector b = Floats.load(x + offset, mask);
        FloatVector c = Floats.load(cos, mask);
        FloatVector s = Floats.load(sin, mask).mul(sign);
        Floats.store(x, a.mul(c).sub(b.mul(s)), mask);
        Floats.store(x + offset, b.mul(c).add(a.mul(s)), mask);
    }
}
