package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.NibbleLayout;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The few numbers of an activation's row that are far larger than its others, as trained models have them (Dettmers et al. 2022, "LLM.int8()",
 * section 3; Sun et al. 2024, "Massive Activations"). In the row they would leave the others a handful of the 127 steps; so they are taken out
 * before the row is rounded, and multiplied in FLOAT. Unlike LLM.int8()'s columns they are each row's own: a row's result does not depend on what
 * is computed beside it. What it gives and costs: docs/log.md.
 */
final class Outliers implements AutoCloseable {
    /** So many times the mean magnitude of a row makes an outlier. */
    private static final float FACTOR = 8;

    /** Of a row; the largest are taken. */
    private static final int MOST = 8;

    private final Workers workers;
    private final Scratch weights = new Scratch();
    private int[] columns = new int[0]; // of each row's outliers, MOST a row
    private float[] values = new float[0];
    private int[] counts = new int[0]; // of each row
    private int[] slots = new int[0]; // of each column, where its weights lie

    Outliers(Workers workers) {
        this.workers = workers;
    }

    /** Forgets what was taken, and makes room for so many rows of so many numbers. */
    void begin(int rows, int inputs) {
        if (counts.length < rows) {
            counts = new int[rows];
            columns = new int[rows * MOST];
            values = new float[rows * MOST];
        }
        if (slots.length < inputs) {
            slots = new int[inputs];
        }
        Arrays.fill(counts, 0, rows, 0);
    }

    /**
     * Takes a row's outliers out of it; may be called for several rows at a time.
     *
     * @param x the row's numbers, a copy
     */
    void take(int row, long x, int count) {
        float limit = FACTOR * sumOfMagnitudes(x, count) / count;
        int full = Floats.SPECIES.loopBound(count);
        for (int i = next(x, 0, full, limit); i < full; i = next(x, i + Floats.LANES, full, limit)) {
            takeFrom(row, x, i, i + Floats.LANES, limit);
        }
        takeFrom(row, x, full, count, limit);
        for (int k = 0; k < counts[row]; k++) {
            Floats.put(x + (long) columns[row * MOST + k] * Floats.BYTES, 0);
        }
    }

    /** Where the next vector with an outlier begins; {@code end} where there is none. */
    private static int next(long x, int from, int end, float limit) {
        FloatVector limits = Floats.broadcast(limit);
        int i = from;
        while (i < end
                && !Floats.load(x + (long) i * Floats.BYTES)
                        .abs()
                        .compare(VectorOperators.GT, limits)
                        .anyTrue()) {
            i += Floats.LANES;
        }
        return i;
    }

    private void takeFrom(int row, long x, int from, int to, float limit) {
        for (int i = from; i < to; i++) {
            float value = Floats.get(x + (long) i * Floats.BYTES);
            if (Math.abs(value) > limit) {
                insert(row, i, value);
            }
        }
    }

    /** Keeps the largest, in the order of their magnitude; of equal ones the first. */
    private void insert(int row, int column, float value) {
        int first = row * MOST;
        int place = counts[row];
        while (place > 0 && Math.abs(values[first + place - 1]) < Math.abs(value)) {
            place--;
        }
        if (place == MOST) {
            return;
        }
        int moved = Math.min(counts[row], MOST - 1) - place;
        System.arraycopy(columns, first + place, columns, first + place + 1, moved);
        System.arraycopy(values, first + place, values, first + place + 1, moved);
        columns[first + place] = column;
        values[first + place] = value;
        counts[row] = Math.min(counts[row] + 1, MOST);
    }

    private static float sumOfMagnitudes(long x, int count) {
        FloatVector even = Floats.broadcast(0);
        FloatVector odd = even;
        int full = count / (2 * Floats.LANES) * 2 * Floats.LANES;
        for (int i = 0; i < full; i += 2 * Floats.LANES) {
            long at = x + (long) i * Floats.BYTES;
            even = even.add(Floats.load(at).abs());
            odd = odd.add(Floats.load(at + (long) Floats.LANES * Floats.BYTES).abs());
        }
        float sum = Floats.sum(even.add(odd));
        for (int i = full; i < count; i++) {
            sum += Math.abs(Floats.get(x + (long) i * Floats.BYTES));
        }
        return sum;
    }

    /** Fetches the weights that the outliers of {@code rows} rows need. */
    void fetch(int rows, Tensor w_OI) {
        BitSet needed = new BitSet(w_OI.cols());
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < counts[row]; k++) {
                needed.set(columns[row * MOST + k]);
            }
        }
        int[] all = needed.stream().toArray();
        int outputs = w_OI.rows();
        long rowBytes = (long) outputs * Floats.BYTES;
        long to = weights.reserve(all.length * rowBytes);
        workers.each(all.length, (slot, worker) -> {
            slots[all[slot]] = slot;
            column(to + slot * rowBytes, w_OI, all[slot], 0, outputs);
        });
    }

    /** One input's weights to some outputs, as floats. */
    private static void column(long to, Tensor w_OI, int input, int first, int count) {
        if (w_OI.type() == DType.NIBBLES) {
            NibbleRows.column(to, w_OI.segment().address(), input, w_OI.cols(), first, count);
            return;
        }
        long scales = Floats.address(w_OI.scales()) + (long) first * Floats.BYTES;
        if (w_OI.type() == DType.PACKED) {
            PackedRows.column(to, w_OI.segment().address(), input, w_OI.cols(), first, count);
            QuantizedRows.multiply(to, to, scales, count);
        } else {
            column(to, w_OI.segment().address() + (long) first * w_OI.cols() + input, w_OI.cols(), scales, count);
        }
    }

    private static void column(long to, long bytes, int inputs, long scales, int outputs) {
        for (int o = 0; o < outputs; o++) {
            float weight = Bytes.get(bytes + (long) o * inputs);
            Floats.put(to + (long) o * Floats.BYTES, weight * Floats.get(scales + (long) o * Floats.BYTES));
        }
    }

    /**
     * Adds the outliers' share to part of a row of the result.
     *
     * @param outputs of the whole row
     * @param first output of the part
     * @param count outputs of the part
     */
    void addTo(int row, long result, int outputs, int first, int count) {
        long address = weights.reserve(0) + (long) first * Floats.BYTES;
        for (int k = 0; k < counts[row]; k++) {
            long weight = address + (long) slots[columns[row * MOST + k]] * outputs * Floats.BYTES;
            Elements.axpyBlock(result, values[row * MOST + k], weight, count);
        }
    }

    /** The same without {@link #fetch}, for weights that are in the cache, or too many to be fetched: a few rows would not pay for whole columns. */
    void addTo(int row, long result, Tensor w_OI, int first, int count) {
        long weight = Stage.buffer(2, NibbleLayout.padded(count));
        for (int k = 0; k < counts[row]; k++) {
            column(weight, w_OI, columns[row * MOST + k], first, count);
            Elements.axpyBlock(result, values[row * MOST + k], weight, count);
        }
    }

    @Override
    public void close() {
        weights.close();
    }
}
