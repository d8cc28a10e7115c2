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
        if (scaling instanceof Scaling.Yarn && !(theta > 1)) {
            throw new IllegalArgumentException("rope scaling yarn: theta must be above 1, got " + theta);
        }
    }

    /** Rotary embedding without scaling. */
    public static Rope of(double theta) {
        return new Rope(theta, new Scaling.None());
    }

    /** The same scaling over frequencies of another base. */
    public Rope withTheta(double other) {
        return new Rope(other, scaling);
    }

    /** The D/2 inverse frequencies of a head of width D, in radians a position. */
    public float[] inverseFrequencies(int headWidth) {
        double[] frequencies = new double[headWidth / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(theta, -2.0 * i / headWidth);
        }
        scaling.scale(frequencies, theta);
        float[] scaled = new float[frequencies.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) frequencies[i];
        }
        return scaled;
    }

    /** What cosines and sines are multiplied by, of queries and keys alike: 1 but for {@link Scaling.Yarn}. */
    public double amplitude() {
        return scaling.amplitude();
    }

    /** The schemes that published models of our families use. */
    public sealed interface Scaling {

        /**
         * Scales the frequencies of a head, in place.
         *
         * @param frequencies radians a position; entry i comes as {@code theta^(-2i/D)}
         */
        void scale(double[] frequencies, double theta);

        /** What cosines and sines are multiplied by. */
        default double amplitude() {
            return 1;
        }

        /** The frequencies as they are. */
        record None() implements Scaling {
            @Override
            public void scale(double[] frequencies, double theta) {}
        }

        /** Position interpolation (arXiv:2306.15595): every frequency divided by the factor. */
        record Linear(double factor) implements Scaling {
            public Linear {
                requireFactor("linear", factor);
            }

            @Override
            public void scale(double[] frequencies, double theta) {
                for (int i = 0; i < frequencies.length; i++) {
                    frequencies[i] /= factor;
                }
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
            public void scale(double[] frequencies, double theta) {
                for (int i = 0; i < frequencies.length; i++) {
                    double turns = originalPositions * frequencies[i] / (2 * Math.PI);
                    double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
                    frequencies[i] = mix(frequencies[i] / factor, frequencies[i], Math.clamp(kept, 0, 1));
                }
            }
        }

        /**
         * YaRN (arXiv:2309.00071, section 3): pairs that turn more than {@code betaFast} times over the original length keep
         * their frequency, those that turn less than {@code betaSlow} times are divided by the factor, and those between
         * are interpolated by their index.
         *
         * @param truncate whether the two bounds are moved outwards to whole indices, as YaRN's own code does
         * @param amplitude of cosines and sines, the square root of the paper's 1/t; see {@link #amplitude(double)}
         */
        record Yarn(
                double factor,
                int originalPositions,
                double betaFast,
                double betaSlow,
                boolean truncate,
                double amplitude)
                implements Scaling {
            /** The paper's bounds for Llama models. */
            public static final double BETA_FAST = 32;

            public static final double BETA_SLOW = 1;

            public Yarn {
                requireFactor("yarn", factor);
                if (!(betaSlow > 0) || !(betaFast > betaSlow) || originalPositions <= 0) {
                    throw new IllegalArgumentException("rope scaling yarn: need 0 < beta_slow < beta_fast and positive"
                            + " original_max_position_embeddings; got " + betaSlow + ", " + betaFast + ", "
                            + originalPositions);
                }
                if (!(amplitude > 0) || Double.isInfinite(amplitude)) {
                    throw new IllegalArgumentException(
                            "rope scaling yarn: the attention factor must be positive and finite, got " + amplitude);
                }
            }

            /** With the paper's bounds and amplitude. */
            public static Yarn of(double factor, int originalPositions) {
                return new Yarn(factor, originalPositions, BETA_FAST, BETA_SLOW, true, amplitude(factor));
            }

            /** The paper's amplitude: {@code 0.1 ln(factor) + 1}. */
            public static double amplitude(double factor) {
                return 0.1 * Math.log(factor) + 1;
            }

            @Override
            public void scale(double[] frequencies, double theta) {
                int headWidth = 2 * frequencies.length;
                double fast = index(betaFast, headWidth, theta);
                double slow = index(betaSlow, headWidth, theta);
                double from = Math.max(truncate ? Math.floor(fast) : fast, 0);
                double to = Math.min(truncate ? Math.ceil(slow) : slow, headWidth - 1);
                double width = from == to ? 0.001 : to - from; // no division by zero; the value is YaRN's own
                for (int i = 0; i < frequencies.length; i++) {
                    double kept = 1 - Math.clamp((i - from) / width, 0, 1);
                    frequencies[i] = mix(frequencies[i] / factor, frequencies[i], kept);
                }
            }

            /** The index (a fraction) of the pair that turns so often over the original length. */
            private double index(double turns, int headWidth, double theta) {
                return headWidth * Math.log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
            }
        }

        private static double mix(double divided, double whole, double kept) {
            return (1 - kept) * divided + kept * whole;
        }

        private static void requireFactor(String name, double factor) {
            if (!(factor >= 1) || Double.isInfinite(factor)) {
                throw new IllegalArgumentException(
                        "rope scaling " + name + ": factor must be at least 1, got " + factor);
            }
        }
    }
}
