package dev.distill.student.optim;

/**
 * The learning rate over a run: linear warm-up from 0 to the peak, then the decay.
 *
 * @param peak learning rate at the end of the warm-up
 * @param warmupSteps optimizer steps until the peak; 0 begins at it
 * @param totalSteps optimizer steps of the run, warm-up included
 * @param floor the decay ends at {@code floor x peak}, 0 to 1
 * @param decay the way from the peak to the floor
 */
public record Schedule(double peak, int warmupSteps, int totalSteps, double floor, Decay decay) {

    public Schedule {
        if (!(peak >= 0) || warmupSteps < 0 || totalSteps < Math.max(1, warmupSteps) || !(floor >= 0) || floor > 1) {
            throw new IllegalArgumentException("schedule: need a learning rate of at least 0, 0 <= warm-up <= total"
                    + " steps, at least one step, and a floor between 0 and 1 times the peak; got " + peak + ", "
                    + warmupSteps + ", " + totalSteps + ", " + floor);
        }
    }

    /**
     * The learning rate when {@code step} steps are done: 0 at step 0 of a warm-up, the peak at {@code warmupSteps}. A
     * trainer that makes update number i (from 1) asks for {@code at(i)}, so that no update is lost to a rate of zero.
     */
    public double at(int step) {
        if (step < warmupSteps) {
            return peak * step / warmupSteps;
        }
        double progress = Math.min(1, (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
        return peak * (floor + (1 - floor) * decay.at(progress));
    }

    /** From 1 to 0 over the steps after the warm-up. */
    public sealed interface Decay {

        /** The share of the way that is left. */
        double at(double progress);

        /** No decay. */
        record Constant() implements Decay {
            @Override
            public double at(double progress) {
                return 1;
            }
        }

        /**
         * The peak is kept, then a straight line down (warm-up, stable, decay: Hu et al. 2024, arXiv:2404.06395, section 4; the line: Hägele
         * et al. 2024, arXiv:2405.18392).
         *
         * @param share of the steps after the warm-up that the line takes, above 0, at most 1
         */
        record StableThenLinear(double share) implements Decay {
            public StableThenLinear {
                if (!(share > 0) || share > 1) {
                    throw new IllegalArgumentException(
                            "schedule: the decay's share of the steps must be above 0 and at most 1, got " + share);
                }
            }

            @Override
            public double at(double progress) {
                return Math.min(1, (1 - progress) / share);
            }
        }

        /** A straight line. */
        record Linear() implements Decay {
            @Override
            public double at(double progress) {
                return 1 - progress;
            }
        }

        /**
         * Waves of a cosine (arXiv:1608.03983).
         *
         * @param cycles 0.5 is one fall from peak to floor; 1 falls and rises again
         */
        record Cosine(double cycles) implements Decay {
            /** One fall from peak to floor. */
            public static final Cosine HALF = new Cosine(0.5);

            @Override
            public double at(double progress) {
                return (1 + StrictMath.cos(2 * Math.PI * cycles * progress)) / 2;
            }
        }
    }
}
