package dev.distill.plan;

import dev.distill.plan.Workload.Load;

/**
 * How long the parts of a training step take. A step's time is
 *
 * <pre>
 * tokens x token + squares x attention + targets x head + rows x row + update
 * </pre>
 *
 * @param token seconds of a token in all blocks, attention's scores left out
 * @param attention seconds of each squared token of a sample, in all blocks
 * @param head seconds of a target
 * @param row seconds of what is done once for each row, however long it is: weights in four bits are widened for its products
 * @param update seconds of the optimizer, once a step
 * @param forward share of a pass that its forward takes, for validation
 * @param source how that is known, for a person
 */
public record Speed(
        double token, double attention, double head, double row, double update, double forward, String source) {

    /** Of one update with this load. */
    public double stepSeconds(Load load) {
        return passSeconds(load) + update;
    }

    /** Of a validation: a forward of what makes up this load. */
    public double forwardSeconds(Load load) {
        return forward * passSeconds(load);
    }

    private double passSeconds(Load load) {
        return load.tokens() * token + load.squares() * attention + load.targets() * head + load.rows() * row;
    }
}
