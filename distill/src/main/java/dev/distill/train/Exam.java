package dev.distill.train;

import dev.distill.eval.metric.Interval;
import java.io.IOException;

/** Held-out questions that the model in training answers now and then: what it can do, beside how well it foretells. */
public interface Exam {
    /** None. */
    Exam NONE = new Exam() {
        @Override
        public boolean isDue(int step, int steps) {
            return false;
        }

        @Override
        public boolean selects() {
            return false;
        }

        @Override
        public String fingerprint() {
            return "";
        }

        @Override
        public Score sit() {
            return Score.NONE;
        }
    };

    /**
     * One sitting.
     *
     * @param questions that were asked; 0 where there was no sitting
     * @param passAt1 share of right answers with its 95 % interval; not numbers where there was no sitting
     */
    record Score(int questions, Interval passAt1) {
        public static final Score NONE = new Score(0, new Interval(Double.NaN, Double.NaN, Double.NaN));

        public boolean isThere() {
            return questions > 0;
        }
    }

    /**
     * Whether the questions are asked after this step.
     *
     * @param step 0 before the first
     * @param steps of the whole run
     */
    boolean isDue(int step, int steps);

    /** Whether the checkpoint of the highest score stays, in place of that of the lowest validation loss. */
    boolean selects();

    /** Names the questions, how they are asked and how answers are limited: scores of different ones are not compared. */
    String fingerprint();

    /** Asks the model as it is now. What it answers must not change the training. */
    Score sit() throws IOException;
}
