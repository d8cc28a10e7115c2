package dev.distill.data.pack;

import java.util.List;

/** Samples by number. Lengths are asked for far more often than samples, and must be cheap. */
public interface Samples {
    /** How many there are; the same for as long as batches are made of them. */
    int size();

    /** The length in tokens of a sample, from 0. */
    int length(int index);

    Sample get(int index);

    /** The trace that a sample was made from. */
    default String traceId(int index) {
        return get(index).traceId();
    }

    /** Some of these samples: the one of number i is the one of number {@code numbers[i]} here. The array is kept, not copied. */
    default Samples select(int[] numbers) {
        return new Selected(this, numbers);
    }

    /** These samples, and others behind them. */
    default Samples and(Samples others) {
        Samples first = this;
        return new Samples() {
            @Override
            public int size() {
                return Math.addExact(first.size(), others.size());
            }

            @Override
            public int length(int index) {
                return index < first.size() ? first.length(index) : others.length(index - first.size());
            }

            @Override
            public Sample get(int index) {
                return index < first.size() ? first.get(index) : others.get(index - first.size());
            }
        };
    }

    /** Samples that are held in memory. */
    static Samples of(List<Sample> samples) {
        List<Sample> held = List.copyOf(samples);
        return new Samples() {
            @Override
            public int size() {
                return held.size();
            }

            @Override
            public int length(int index) {
                return held.get(index).length();
            }

            @Override
            public Sample get(int index) {
                return held.get(index);
            }
        };
    }
}
