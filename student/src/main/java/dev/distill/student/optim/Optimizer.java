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
 * AdamW (arXiv:1711.05101) or, for some matrices, {@link Muon} over the trained weights of a model, with clipping by
 * the global norm (arXiv:1211.5063). Owns the moments, in FLOAT or in eight bits.
 *
 * <p>{@link #state()} and {@link #updates()} are all that resuming needs: with both restored, the next step gives the
 * same bits as it would have without the interruption.
 */
public final class Optimizer implements AutoCloseable {
    /** PyTorch's, so that clipped runs compare. */
    private static final double CLIP_EPSILON = 1e-6;

    private final Ops ops;
    private final OptimizerSettings settings;
    private final Arena arena = Arena.ofShared();
    private final List<Slot> slots = new ArrayList<>();
    private final Muon muon;
    private int updates;

    /** A trained weight, its gradient and what its updates remember. */
    private sealed interface Slot {
        Parameter parameter();

        Tensor gradient();

        /** By the words before the weight's name in {@link #state}. */
        Map<String, Tensor> remembered();
    }

    private record AdamWSlot(Parameter parameter, Tensor gradient, Tensor moment1, Tensor moment2) implements Slot {
        @Override
        public Map<String, Tensor> remembered() {
            Map<String, Tensor> moments = new LinkedHashMap<>();
            moments.put("moment1/", moment1);
            moments.put("moment2/", moment2);
            return moments;
        }
    }

    private record MuonSlot(Parameter parameter, Tensor gradient, Tensor momentum, MuonSettings settings)
            implements Slot {
        @Override
        public Map<String, Tensor> remembered() {
            return Map.of("momentum/", momentum);
        }
    }

    /** @param parameters those without a gradient are left alone */
    public Optimizer(Ops ops, List<Parameter> parameters, OptimizerSettings settings) {
        this.ops = ops;
        this.settings = settings;
        this.muon = new Muon(ops);
        for (Parameter parameter : parameters) {
            @Nullable Tensor gradient = parameter.gradient();
            if (gradient != null) {
                slots.add(slot(parameter, gradient));
            }
        }
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("optimizer: nothing to train; every weight is frozen");
        }
    }

    private Slot slot(Parameter parameter, Tensor gradient) {
        int[] shape = parameter.value().shape();
        return switch (settings) {
            case MuonSettings muons
            when Muon.takes(parameter) ->
                new MuonSlot(parameter, gradient, Tensor.allocate(arena, DType.FLOAT, shape), muons);
            case EightBitAdamWSettings eightBits
            when gradient.size() >= EightBitAdamWSettings.LEAST_SIZE ->
                new AdamWSlot(
                        parameter,
                        gradient,
                        Tensor.allocateDynamic(arena, DType.DYNAMIC, shape),
                        Tensor.allocateDynamic(arena, DType.UNSIGNED_DYNAMIC, shape));
            case AdamWSettings _, EightBitAdamWSettings _, MuonSettings _ ->
                new AdamWSlot(
                        parameter,
                        gradient,
                        Tensor.allocate(arena, DType.FLOAT, shape),
                        Tensor.allocate(arena, DType.FLOAT, shape));
        };
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
        float clip = (float) Math.min(1, settings.adamW().clipNorm() / (norm + CLIP_EPSILON));
        for (Slot slot : slots) {
            double rate = learningRate * slot.parameter().rateFactor();
            switch (slot) {
                case AdamWSlot adamW ->
                    ops.adamW(
                            adamW.parameter.value(),
                            adamW.moment1,
                            adamW.moment2,
                            adamW.gradient,
                            update(rate, adamW.parameter.decays(), clip));
                case MuonSlot each -> muon.update(each.parameter, each.momentum, each.settings, rate, clip);
            }
            slot.parameter().refresh(ops);
        }
        return norm;
    }

    /** The length of all gradients taken as one vector. */
    public double gradientNorm() {
        double squares = 0;
        for (Slot slot : slots) {
            squares += ops.sumOfSquares(slot.gradient());
        }
        return Math.sqrt(squares);
    }

    /** The gradients of the trained weights, in their order: the tensors themselves. */
    public List<Tensor> gradients() {
        return slots.stream().map(slot -> slot.gradient()).toList();
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
        slots.forEach(slot -> slot.parameter().refresh(ops));
    }

    /**
     * The trained weights ({@code parameter/NAME}) and their moments ({@code moment1/NAME}, {@code moment2/NAME}; Muon's
     * {@code momentum/NAME}): the tensors themselves, to save or to fill.
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Slot slot : slots) {
            String name = slot.parameter().name();
            state.put("parameter/" + name, slot.parameter().value());
            slot.remembered().forEach((word, tensor) -> state.put(word + name, tensor));
        }
        return Collections.unmodifiableMap(state);
    }

    @Override
    public void close() {
        muon.close();
        arena.close();
    }

    /** Sets all gradients to zero, without an update. */
    public void forgetGradients() {
        slots.forEach(slot -> ops.fill(slot.gradient(), 0));
    }

    private AdamW update(double learningRate, boolean decays, float clip) {
        AdamWSettings adamW = settings.adamW();
        return new AdamW(
                (float) learningRate,
                (float) adamW.beta1(),
                (float) adamW.beta2(),
                (float) adamW.epsilon(),
                decays ? (float) adamW.weightDecay() : 0,
                updates,
                clip);
    }
}
