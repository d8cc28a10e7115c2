package dev.distill.student.ops.cpu;

import dev.distill.student.ops.BucketDivergence;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.SoftTargets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loss of one row, from its logits: against its target, and against a teacher where one has spoken of it. */
final class RowLoss {
    private final LogitRow logits;
    private final int target;
    private final float logSumExp;
    private final double crossEntropy;
    private final @Nullable Soft soft;

    /** Beside the teacher: the student's distribution at the temperature of the comparison. */
    private record Soft(Distillation how, float logSumExp, BucketDivergence divergence) {
        float alpha() {
            return (float) (1 / how.temperature());
        }
    }

    RowLoss(LogitRow logits, CrossEntropy call, int row) {
        this.logits = logits;
        this.target = call.target(row);
        this.logSumExp = logits.logSumExp(1);
        this.crossEntropy = logSumExp - logits.at(target);
        SoftTargets targets = call.soft();
        this.soft = targets != null && targets.has(row) ? soft(targets, row) : null;
    }

    private Soft soft(SoftTargets targets, int row) {
        float alpha = (float) (1 / targets.how().temperature());
        float lse = alpha == 1 ? logSumExp : logits.logSumExp(alpha);
        BucketDivergence divergence = new BucketDivergence(
                targets.how().divergence(), targets.teacher(), row, token -> alpha * logits.at(token) - lse);
        return new Soft(targets.how(), lse, divergence);
    }

    /** Minus the target's log-probability. */
    double crossEntropy() {
        return crossEntropy;
    }

    /** The distance from the teacher; 0 without one. */
    double divergence() {
        return soft == null ? 0 : soft.divergence.value();
    }

    double value() {
        return soft == null ? crossEntropy : soft.how.loss(crossEntropy, soft.divergence.value());
    }

    /** Turns the logits into the gradient of {@code dloss} times the loss. */
    void toGradient(float dloss) {
        if (soft == null) {
            logits.toGradient(logSumExp, target, dloss);
            return;
        }
        double ofTarget = dloss * (1 - soft.how.share());
        double ofTeacher = dloss * soft.how.slope();
        List<LogitRow.Addend> addends = new ArrayList<>();
        addends.add(new LogitRow.Addend(target, (float) -ofTarget));
        for (int i = 0; i < soft.divergence.named(); i++) {
            float value = (float) (ofTeacher * soft.divergence.correction(i));
            addends.add(new LogitRow.Addend(soft.divergence.token(i), value));
        }
        logits.toGradient(
                new LogitRow.Weighted(1, logSumExp, (float) ofTarget),
                new LogitRow.Weighted(soft.alpha(), soft.logSumExp, (float) (ofTeacher * soft.divergence.slope())),
                addends);
    }
}
