package dev.distill.pipeline;

import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.WeightPatterns;
import dev.distill.train.BadSteps;
import dev.distill.train.Saving;
import dev.distill.train.TrainSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code train:} how.
 *
 * @param mode every weight, or a LoRA on frozen ones, whole or in four bits
 * @param compute what large products multiply
 * @param activations whether they wait for the backward, or are computed again in it; the numbers are the same
 * @param batches what is trained on, and in which steps
 * @param updates how many there are, and what one does
 * @param measuring what is measured and shown on the way
 * @param saving when the state is saved, and how much of that stays
 * @param badSteps when a step is bad, and what happens then
 * @param take which student comes of it
 * @param freeze patterns for names of weights that stay as they are, where the others are trained
 * @param distill whose probabilities are learnt beside the text
 */
public record TrainPart(
        Mode mode,
        Compute compute,
        Decoder.Memory activations,
        BatchesPart batches,
        UpdatesPart updates,
        MeasuringPart measuring,
        Saving saving,
        BadSteps badSteps,
        TrainSettings.Take take,
        List<String> freeze,
        LoraPart lora,
        Optional<DistillPart> distill) {

    /** What is trained. */
    public enum Mode {
        FULL,
        LORA,
        QLORA
    }

    /** What large products multiply: a type, or the one that this machine is fastest in. */
    public enum Compute {
        AUTO,
        FLOAT,
        BFLOAT16,
        INT8
    }

    static TrainPart read(Section section) {
        Mode mode = section.choice("mode", Mode.class, Mode.FULL);
        TrainPart part = new TrainPart(
                mode,
                compute(section, mode),
                section.choice("activations", Decoder.Memory.class, Decoder.Memory.KEEP),
                BatchesPart.read(section),
                UpdatesPart.read(section, mode),
                MeasuringPart.read(section),
                new Saving(
                        section.whole("checkpoint-every", 200, 1, Integer.MAX_VALUE),
                        section.whole("keep-checkpoints", Saving.DEFAULT_KEEP, 1, 1_000_000)),
                badSteps(section),
                section.choice("take", TrainSettings.Take.class, TrainSettings.Take.LAST),
                section.words("freeze", List.of()),
                LoraPart.read(section.section("lora")),
                Optional.ofNullable(DistillPart.read(section.section("distill"))));
        if (mode != Mode.FULL && !part.freeze.isEmpty()) {
            section.problem("freeze", "an adapter leaves every weight as it is; leave freeze out, or say mode: full");
        }
        if (part.batches.batchTokens() > 0
                && part.distill.map(DistillPart::onPolicy).orElse(0.0) > 0) {
            section.problem(
                    "batch-tokens",
                    "steps of the student's own texts (distill.on-policy) have a number of texts; say batch-samples");
        }
        section.done();
        return part;
    }

    /** The same with this teacher. */
    TrainPart with(DistillPart teacher) {
        return with(batches, Optional.of(teacher));
    }

    /** The same for a model of so many positions. */
    TrainPart within(int positions) {
        return with(batches.within(positions), distill);
    }

    private TrainPart with(BatchesPart others, Optional<DistillPart> teacher) {
        return new TrainPart(
                mode, compute, activations, others, updates, measuring, saving, badSteps, take, freeze, lora, teacher);
    }

    private static Compute compute(Section section, Mode mode) {
        Compute compute = section.choice("compute", Compute.class, Compute.AUTO);
        if (mode == Mode.QLORA && compute == Compute.INT8) {
            section.problem(
                    "compute",
                    "weights in four bits (mode qlora) are multiplied in float or bfloat16; got int8; write one of these,"
                            + " or auto");
        }
        return compute;
    }

    private static BadSteps badSteps(Section section) {
        BadSteps fallback = BadSteps.DEFAULT;
        BadSteps.Policy policy = section.choice("on-bad-step", BadSteps.Policy.class, fallback.policy());
        double factor = section.real("spike-factor", fallback.spikeFactor(), 0, 1e6);
        if (factor > 0 && factor <= 1) {
            section.problem("spike-factor", "must be 0, for never, or above 1; got " + factor);
            return fallback;
        }
        return new BadSteps(policy, factor);
    }

    /** The adapter's config, where there is one. */
    Optional<LoraConfig> loraConfig(long seed) {
        return mode == Mode.FULL ? Optional.empty() : Optional.of(lora.config(seed));
    }

    /** The weights of this model that stay as they are; a pattern that cannot be meant is refused. */
    Set<String> frozen(ModelConfig model) {
        return new WeightPatterns("train.freeze", freeze).names(model);
    }

    /** The loop's settings, once it is known how many updates an epoch has. */
    TrainSettings settings(int stepsOfAnEpoch) {
        int total = updates.total(stepsOfAnEpoch);
        return new TrainSettings(
                        total, updates.schedule(total), updates.optimizer(), measuring.every(), saving, badSteps)
                .taking(take);
    }
}
