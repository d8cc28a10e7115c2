package dev.distill.student.model;

/**
 * The rotary position embedding (arXiv:2104.09864): position p turns the pair (x[i], x[i + D/2]) of a head by the angle
 * p x inverse frequency i.
 *
 * @param theta the base of the frequencies
 * @param scaling how they are stretched beyond the length of pre-training
 */
public record Rope(double theta, Scaling scaling) {

    public Rope {
        if (!(theta > 0) || Double.isInfinite(theta)) {
            throw new IllegalArgumentException("rope: theta must be positive and finite, got " + theta);
        }
    }

    /** Rotary embedding without scaling. */
    public static Rope of(double theta) {
        return new Rope(theta, new Scaling.None());
    }

    /** The D/2 inverse frequencies of a head of width D, in radians a position. */
    public float[] inverseFrequencies(int headWidth) {
        float[] frequencies = new float[headWidth / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) scaling.scale(Math.pow(theta, -2.0 * i / headWidth));
        }
        return frequencies;
    }

    /** The schemes that published models of our families use. */
    public sealed interface Scaling {

        /** The frequency (radians a position) that stands in for the given unscaled one. */
        double scale(double frequency);

        /** The frequencies as they are. */
        record None() implements Scaling {
            @Override
            public double scale(double frequency) {
                return frequency;
            }
        }

        /** Position interpolation (arXiv:2306.15595): every frequency divided by the factor. */
        record Linear(double factor) implements Scaling {
            public Linear {
                requireFactor("linear", factor);
            }

            @Override
            public double scale(double frequency) {
                return frequency / factor;
            }
        }

        /**
         * Llama 3.1's scheme (arXiv:2407.21783; the reference code of Llama 3.1): wavelengths longer than
         * {@code originalPositions / lowFrequencyFactor} are divided by the factor, those shorter than
         * {@code originalPositions / highFrequencyFactor} stay, and those between are interpolated.
         */
        record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
                implements Scaling {
            public Llama3 {
                requireFactor("llama3", factor);
                if (!(lowFrequencyFactor > 0)
                        || !(highFrequencyFactor > lowFrequencyFactor)
                        || originalPositions <= 0) {
                    throw new IllegalArgumentException("rope scaling llama3: need 0 < low_freq_factor <"
                            + " high_freq_factor and positive original_max_position_embeddings; got "
                            + lowFrequencyFactor + ", " + highFrequencyFactor + ", " + originalPositions);
                }
            }

            @Override
            public double scale(double frequency) {
                double wavelength = 2 * Math.PI / frequency;
                double turns = originalPositions / wavelength;
                if (turns < lowFrequencyFactor) {
                    return frequency / factor;
                }
                if (turns > highFrequencyFactor) {
                    return frequency;
                }
                double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
                return (1 - kept) * frequency / factor + kept * frequency;
            }
        }

        private static void requireFactor(String name, double factor) {
            if (!(factor >= 1) || Double.isInfinite(factor)) {
                throw new IllegalArgumentException(
                        "rope scaling " + name + ": factor must be at least 1, got " + factor);
            }
        }
    }
}
