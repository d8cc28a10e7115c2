package dev.distill.student.model;

/**
 * How far logits are from those of an exacter computation, over some positions.
 *
 * <p>With p the exacter computation's distribution and q the other: the divergence is Kullback and Leibler's {@code sum p log(p / q)} in nats,
 * the loss that of the token that follows, and the greedy token the likeliest.
 */
final class LogitDifference {
    private double largestLogit;
    private double largestDifference;
    private double divergence;
    private double loss;
    private double exactLoss;
    private int positions;
    private int sameGreedy;
    private int targets;

    /** @param target the token that follows; negative where none does */
    void add(float[] exact_V, float[] actual_V, int target) {
        double exactTotal = logSumExp(exact_V);
        double actualTotal = logSumExp(actual_V);
        for (int id = 0; id < exact_V.length; id++) {
            largestLogit = Math.max(largestLogit, Math.abs(exact_V[id]));
            largestDifference = Math.max(largestDifference, Math.abs((double) exact_V[id] - actual_V[id]));
            double exact = exact_V[id] - exactTotal;
            divergence += Math.exp(exact) * (exact - (actual_V[id] - actualTotal));
        }
        sameGreedy += greedy(exact_V) == greedy(actual_V) ? 1 : 0;
        positions++;
        if (target >= 0) {
            exactLoss += exactTotal - exact_V[target];
            loss += actualTotal - actual_V[target];
            targets++;
        }
    }

    int positions() {
        return positions;
    }

    /** The largest difference of a logit, in shares of the largest logit. */
    double largest() {
        return largestDifference / largestLogit;
    }

    /** Mean over the positions. */
    double divergence() {
        return divergence / positions;
    }

    /** Share of the positions with the same greedy token. */
    double greedy() {
        return (double) sameGreedy / positions;
    }

    /** By what share the mean loss is larger; negative where it is smaller. */
    double loss() {
        return loss / exactLoss - 1;
    }

    @Override
    public String toString() {
        return "largest difference %.2e of the largest logit, divergence %.2e, greedy %.4f, loss %.4f instead of %.4f (%+.2f %%), of %d positions"
                .formatted(
                        largest(),
                        divergence(),
                        greedy(),
                        loss / targets,
                        exactLoss / targets,
                        100 * loss(),
                        positions);
    }

    private static double logSumExp(float[] logits_V) {
        double largest = logits_V[greedy(logits_V)];
        double sum = 0;
        for (float logit : logits_V) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    private static int greedy(float[] logits_V) {
        int best = 0;
        for (int id = 1; id < logits_V.length; id++) {
            best = logits_V[id] > logits_V[best] ? id : best;
        }
        return best;
    }
}
