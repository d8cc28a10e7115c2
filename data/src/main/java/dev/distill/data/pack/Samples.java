package dev.distill.data.pack;

import java.util.List;

/** Samples by number. Lengths are asked for far more often than samples, and must be cheap. */
public interface Samples {
    /** How many there are; the same for as long as batches are made of them. */
    int size();

    /** The length in tokens of a sample, from 0. */
    int length(int index);

    Sample get(int index);

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
