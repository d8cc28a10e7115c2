package dev.distill.student.optim;

import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.AdamW;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AdamW (arXiv:1711.05101) over the trained weights of a model, with clipping by the global norm (arXiv:1211.5063).
 * Owns the moments.
 *
 * <p>{@link #state()} and {@link #updates()} are all that resuming needs: with both restored, the next step gives the
 * same bits as it would have without the interruption.
 */
public final class Optimizer implements AutoCloseable {
    /** PyTorch's, so that clipped runs compare. */
    private static final double CLIP_EPSILON = 1e-6;

    private final Ops ops;
    private final AdamWSettings settings;
    private final Arena arena = Arena.ofShared();
    private final List<Slot> slots = new ArrayList<>();
    private int updates;

    private record Slot(Parameter parameter, Tensor gradient, Tensor moment1, Tensor moment2) {}

    /** @param parameters those without a gradient are left alone */
    public Optimizer(Ops ops, List<Parameter> parameters, AdamWSettings settings) {
        this.ops = ops;
        this.settings = settings;
        for (Parameter parameter : parameters) {
            @Nullable Tensor gradient = parameter.gradient();
            if (gradient != null) {
                int[] shape = parameter.value().shape();
                slots.add(new Slot(
                        parameter,
                        gradient,
                        Tensor.allocate(arena, DType.FLOAT, shape),
                        Tensor.allocate(arena, DType.FLOAT, shape)));
            }
        }
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("optimizer: nothing to train; every weight is frozen");
        }
    }

    /**
     * One update from the gradients that have gathered; afterwards they are zero.
     *
     * @return the global norm of the gradients before clipping
     * @throws ArithmeticException if it is not finite; weights and moments are then as they were and the gradients
     *     zero, so that a trainer may leave the batch out and go on
     */
    public double step(double learningRate) {
        double norm = gradientNorm();
        if (!Double.isFinite(norm)) {
            forgetGradients();
            throw new ArithmeticException("optimizer: update " + (updates + 1) + " has a gradient norm of " + norm
                    + "; lower the learning rate or look for a broken sample");
        }
        updates++;
        float clip = (float) Math.min(1, settings.clipNorm() / (norm + CLIP_EPSILON));
        for (Slot slot : slots) {
            ops.adamW(
                    slot.parameter.value(),
                    slot.moment1,
                    slot.moment2,
                    slot.gradient,
                    update(learningRate, slot.parameter.decays(), clip));
            slot.parameter.refresh(ops);
        }
        return norm;
    }

    /** The length of all gradients taken as one vector. */
    public double gradientNorm() {
        double squares = 0;
        for (Slot slot : slots) {
            squares += ops.sumOfSquares(slot.gradient);
        }
        return Math.sqrt(squares);
    }

    /** The gradients of the trained weights, in their order: the tensors themselves. */
    public List<Tensor> gradients() {
        return slots.stream().map(slot -> slot.gradient).toList();
    }

    /** Updates made so far. */
    public int updates() {
        return updates;
    }

    /** Goes on after this many updates, {@link #state()} having been filled from a checkpoint. */
    public void resumeAt(int updates) {
        if (updates < 0) {
            throw new IllegalArgumentException("optimizer: the count of updates must be at least 0, got " + updates);
        }
        this.updates = updates;
        slots.forEach(slot -> slot.parameter.refresh(ops));
    }

    /**
     * The trained weights ({@code parameter/NAME}) and their moments ({@code moment1/NAME}, {@code moment2/NAME}): the
     * tensors themselves, to save or to fill.
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Slot slot : slots) {
            state.put("parameter/" + slot.parameter.name(), slot.parameter.value());
            state.put("moment1/" + slot.parameter.name(), slot.moment1);
            state.put("moment2/" + slot.parameter.name(), slot.moment2);
        }
        return Collections.unmodifiableMap(state);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Sets all gradients to zero, without an update. */
    public void forgetGradients() {
        slots.forEach(slot -> ops.fill(slot.gradient, 0));
    }

    private AdamW update(double learningRate, boolean decays, float clip) {
        return new AdamW(
                (float) learningRate,
                (float) settings.beta1(),
                (float) settings.beta2(),
                (float) settings.epsilon(),
                decays ? (float) settings.weightDecay() : 0,
                updates,
                clip);
    }
}
