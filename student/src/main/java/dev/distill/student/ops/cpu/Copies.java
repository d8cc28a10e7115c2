package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;

/** Copies of numbers from one type of FLOAT, BFLOAT16, SPLIT, NF4 and the dynamic ones to another. */
final class Copies {
    private Copies() {}

    /** {@code y = x}. {@link Elements#each} gives whole blocks of a dynamic tensor, and of NF4. */
    static void copy(Workers workers, Tensor y, Tensor x) {
        if (y.type() == DType.NF4) {
            NormalFloats.of(y).round(workers, x);
            return;
        }
        if (y.type() == x.type()) {
            long to = Floats.address(y);
            long from = Floats.address(x);
            long size = x.type().bytes();
            Elements.each(
                    workers,
                    y.size(),
                    (first, count) -> Floats.copy(to + first * size, from + first * size, count * size));
            return;
        }
        Target target = target(y);
        Source source = source(x);
        Elements.each(workers, y.size(), (first, count) -> target.write(first, count, source));
    }

    /** Writes a stretch of numbers as floats, to where the target wants them or to a buffer of its own: the address is returned. */
    private interface Source {
        long read(long first, int count, long buffer);
    }

    private interface Target {
        void write(long first, int count, Source source);
    }

    private static Source source(Tensor x) {
        if (x.type() == DType.SPLIT) {
            SplitNumbers numbers = SplitNumbers.of(x);
            return (first, count, buffer) -> {
                numbers.read(first, count, buffer);
                return buffer;
            };
        }
        if (x.type().isDynamic()) {
            DynamicNumbers numbers = DynamicNumbers.of(x);
            return (first, count, buffer) -> {
                numbers.read(first, count, buffer);
                return buffer;
            };
        }
        if (x.type() == DType.NF4) {
            NormalFloats numbers = NormalFloats.of(x);
            return (first, count, buffer) -> {
                numbers.read(first, count, buffer);
                return buffer;
            };
        }
        Numbers numbers = Numbers.of(x);
        return numbers::read;
    }

    private static Target target(Tensor y) {
        if (y.type() == DType.SPLIT) {
            SplitNumbers numbers = SplitNumbers.of(y);
            return (first, count, source) ->
                    numbers.write(first, count, source.read(first, count, Stage.buffer(0, count)));
        }
        if (y.type().isDynamic()) {
            DynamicNumbers numbers = DynamicNumbers.of(y);
            return (first, count, source) ->
                    numbers.write(first, count, source.read(first, count, Stage.buffer(0, count)));
        }
        Numbers numbers = Numbers.of(y);
        return (first, count, source) -> {
            long to = numbers.target(first, Stage.buffer(0, count));
            long values = source.read(first, count, to);
            if (values == to) {
                numbers.done(first, count, to);
            } else {
                numbers.set(first, count, values);
            }
        };
    }
}
