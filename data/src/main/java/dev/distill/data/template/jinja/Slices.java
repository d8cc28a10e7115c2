package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code value[start:stop:step]}, with Python's rules for what is missing, negative or too far. */
final class Slices {
    private Slices() {}

    static Value cut(Value value, @Nullable Long start, @Nullable Long stop, @Nullable Long step, Budget budget) {
        long by = step == null ? 1 : step;
        if (by == 0) {
            throw new TemplateException("a slice's step must not be 0");
        }
        return switch (value) {
            case Value.Text text -> {
                int[] points = text.value().codePoints().toArray();
                budget.chars(points.length);
                StringBuilder part = new StringBuilder();
                for (int i : indices(points.length, start, stop, by)) {
                    part.appendCodePoint(points[i]);
                }
                yield new Value.Text(part.toString());
            }
            case Value.Sequence sequence -> {
                budget.items(sequence.items().size());
                List<Value> part = new ArrayList<>();
                for (int i : indices(sequence.items().size(), start, stop, by)) {
                    part.add(sequence.items().get(i));
                }
                yield new Value.Sequence(part, sequence.tuple());
            }
            case Value.Undefined undefined -> throw new TemplateException(undefined.what() + " is undefined");
            default -> throw new TemplateException(value.type() + " cannot be sliced");
        };
    }

    private static List<Integer> indices(int size, @Nullable Long start, @Nullable Long stop, long step) {
        boolean forward = step > 0;
        long from = bound(start, size, forward ? 0 : size - 1, forward);
        long to = bound(stop, size, forward ? size : -1, forward);
        List<Integer> indices = new ArrayList<>();
        // The bounds lie within the list, so a step beyond its size ends the walk without overflow.
        long by = Math.clamp(step, -size - 1L, size + 1L);
        for (long i = from; forward ? i < to : i > to; i += by) {
            indices.add((int) i);
        }
        return indices;
    }

    private static long bound(@Nullable Long given, int size, long otherwise, boolean forward) {
        if (given == null) {
            return otherwise;
        }
        long at = given < 0 ? given + size : given;
        return forward ? Math.clamp(at, 0, size) : Math.clamp(at, -1, size - 1);
    }
}
