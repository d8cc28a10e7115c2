package dev.distill.student.ops;

/**
 * What a loss takes of a teacher's distributions. A row's loss is
 * {@code (1 - share) cross-entropy + share temperature² D(teacher, student)}, the student's logits divided by the temperature in D (Hinton et al.
 * 2015, arXiv:1503.02531, section 2); where the teacher says nothing of a row it is the cross-entropy.
 *
 * @param temperature above 0; the teacher's log-probabilities must have been taken at it
 * @param share 0 to 1
 */
public record Distillation(Divergence divergence, double temperature, double share) {
    public Distillation {
        if (!(temperature > 0) || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("distillation: needs a temperature above 0 and a share from 0 to 1; got "
                    + temperature + " and " + share);
        }
    }

    /** The loss of a row that the teacher has spoken of. */
    public double loss(double crossEntropy, double divergence) {
        return (1 - share) * crossEntropy + share * temperature * temperature * divergence;
    }

    /** What the loss's gradient by a logit takes of the gradient of D by that logit over the temperature. */
    public double slope() {
        return share * temperature;
    }
}
