package dev.distill.train;

import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.LossSum;
import java.time.Instant;
import java.util.List;

/**
 * One update, as it stands in {@code metrics.jsonl}. What it taught stands apart from what it cost: a run that was stopped and
 * went on has the same {@link Learning} as one that was not, to the last bit, and other {@link Cost}.
 *
 * @param step from 1; 0 is the state before the first update
 */
public record StepReport(int step, Learning learning, Cost cost) {

    /**
     * What data, settings and the first weights decide.
     *
     * @param loss mean over the step's trained tokens, in nats, before the update; NaN at step 0
     * @param teaching what the loss is made of, where a teacher's distributions are learnt; else {@link Teaching#NONE}
     * @param gradientNorm before clipping; NaN at step 0
     * @param learningRate of this update
     * @param tokens positions that went through the model in this step, trained or not
     * @param trainedTokens those of them that had a target
     * @param dropped samples of this step that were left out, too long for a row
     * @param validation after this update; {@link Validation.Losses#NONE} where it was not measured
     * @param score after this update; {@link Exam.Score#NONE} where no questions were asked
     */
    public record Learning(
            double loss,
            Teaching teaching,
            double gradientNorm,
            double learningRate,
            long tokens,
            long trainedTokens,
            int dropped,
            Validation.Losses validation,
            Exam.Score score) {

        /** The state before the first update. */
        static Learning before(Validation.Losses validation, Exam.Score score) {
            return new Learning(Double.NaN, Teaching.NONE, Double.NaN, 0, 0, 0, 0, validation, score);
        }

        /** A step none of whose samples fits into a row: the twin of this run has the same step. */
        static Learning nothing(double learningRate, int dropped) {
            return new Learning(
                    Double.NaN,
                    Teaching.NONE,
                    Double.NaN,
                    learningRate,
                    0,
                    0,
                    dropped,
                    Validation.Losses.NONE,
                    Exam.Score.NONE);
        }
    }

    /**
     * Means over the step's trained tokens, in nats, before they are weighed against each other.
     *
     * @param crossEntropy of the text
     * @param divergence from the teacher
     */
    public record Teaching(double crossEntropy, double divergence) {
        /** Without a teacher. */
        public static final Teaching NONE = new Teaching(Double.NaN, Double.NaN);

        static Teaching of(List<PackedRow> rows, LossSum loss) {
            boolean taught = rows.stream().anyMatch(row -> row.soft() != null);
            return taught ? new Teaching(loss.crossEntropy() / loss.count(), loss.divergence() / loss.count()) : NONE;
        }
    }

    /**
     * What the machine and the hour decide.
     *
     * @param at when the step was over, validation included, to the millisecond
     * @param seconds wall time of the step, batch making included, validation not
     * @param memory of this process at its end
     * @param matmulShare useful operations of the step, as a share of what products alone reach in its time on this machine; NaN
     *     where that rate is not known
     */
    public record Cost(Instant at, double seconds, Resident memory, double matmulShare) {}

    public double loss() {
        return learning.loss;
    }

    public double gradientNorm() {
        return learning.gradientNorm;
    }

    public double learningRate() {
        return learning.learningRate;
    }

    public long tokens() {
        return learning.tokens;
    }

    public long trainedTokens() {
        return learning.trainedTokens;
    }

    /** Mean over the validation set's trained tokens after this update; NaN where it was not measured. */
    public double validationLoss() {
        return learning.validation.all();
    }

    public double seconds() {
        return cost.seconds;
    }

    /** Positions a second; NaN where none went through the model. */
    public double tokensPerSecond() {
        return perSecond(learning.tokens);
    }

    /** Trained tokens a second; NaN where there was none. */
    public double trainedTokensPerSecond() {
        return perSecond(learning.trainedTokens);
    }

    private double perSecond(long count) {
        return count == 0 || cost.seconds <= 0 ? Double.NaN : count / cost.seconds;
    }
}
