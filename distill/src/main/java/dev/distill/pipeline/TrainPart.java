package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Schedule;
import dev.distill.train.BadSteps;
import dev.distill.train.Saving;
import dev.distill.train.TrainSettings;
import java.util.List;
import java.util.Optional;

/**
 * {@code train:} how.
 *
 * @param mode every weight, or a LoRA on frozen ones
 * @param compute what large products multiply
 * @param epochs passes over the samples, where {@code steps} is 0
 * @param steps optimizer updates, 0 to count epochs instead
 * @param batchSamples samples of one update
 * @param rowTokens the most tokens of one packed row
 * @param overLong what is done with a sample that is longer than that
 * @param unfit what is done with a trace that makes no sample
 * @param peak learning rate
 * @param warmup share of the updates in which the rate rises
 * @param floor the rate's end, as a share of its peak; R1's distillation took a tenth
 * @param saving when the state is saved, and how much of that stays
 * @param badSteps when a step is bad, and what happens then
 * @param validation samples held back for the validation loss, at most a fifth of all
 */
public record TrainPart(
        Mode mode,
        Compute compute,
        double epochs,
        int steps,
        int batchSamples,
        int rowTokens,
        Packing.OverLong overLong,
        Unfit unfit,
        double peak,
        double warmup,
        double floor,
        Decay decay,
        AdamWSettings optimizer,
        int validation,
        int validateEvery,
        Saving saving,
        BadSteps badSteps,
        Lora lora) {

    /** What is trained. */
    public enum Mode {
        FULL,
        LORA
    }

    /** What large products multiply: a type, or the one that this machine is fastest in. */
    public enum Compute {
        AUTO,
        FLOAT,
        BFLOAT16,
        INT8
    }

    /** What is done with a trace that makes no sample that could be trained on honestly. */
    public enum Unfit {
        /** The training does not begin. */
        RAISE,
        /** It is left out, and counted. */
        DROP
    }

    /** How the learning rate falls. */
    public enum Decay {
        COSINE,
        LINEAR,
        CONSTANT
    }

    /** The adapter, where the mode is LoRA. */
    public record Lora(int rank, double alpha, boolean rankStabilised, List<String> targets) {}

    static TrainPart read(Section section) {
        Mode mode = section.choice("mode", Mode.class, Mode.FULL);
        AdamWSettings adamw = AdamWSettings.DEFAULT;
        Section lora = section.section("lora");
        int rank = lora.whole("rank", 16, 1, 65_536);
        TrainPart part = new TrainPart(
                mode,
                section.choice("compute", Compute.class, Compute.AUTO),
                section.real("epochs", 2, 0.001, 10_000),
                section.whole("steps", 0, 0, Integer.MAX_VALUE),
                section.whole("batch-samples", 64, 1, 1_000_000),
                section.whole("row-tokens", 32_768, 16, 10_000_000),
                section.choice("over-long", Packing.OverLong.class, Packing.OverLong.DROP),
                section.choice("unfit", Unfit.class, Unfit.RAISE),
                section.real("learning-rate", mode == Mode.LORA ? 2e-4 : 2e-5, 1e-12, 10),
                section.real("warmup", 0.03, 0, 1),
                section.real("floor", 0.1, 0, 1),
                section.choice("schedule", Decay.class, Decay.COSINE),
                new AdamWSettings(
                        section.real("beta1", adamw.beta1(), 0, 0.999999),
                        section.real("beta2", adamw.beta2(), 0, 0.999999),
                        adamw.epsilon(),
                        section.real("weight-decay", adamw.weightDecay(), 0, 10),
                        section.real("clip-norm", adamw.clipNorm(), 1e-9, 1e9)),
                section.whole("validation-samples", 64, 0, 1_000_000),
                section.whole("validate-every", 100, 1, Integer.MAX_VALUE),
                new Saving(
                        section.whole("checkpoint-every", 200, 1, Integer.MAX_VALUE),
                        section.whole("keep-checkpoints", Saving.DEFAULT_KEEP, 1, 1_000_000)),
                badSteps(section),
                new Lora(
                        rank,
                        lora.real("alpha", 2.0 * rank, 1e-6, 1e6),
                        lora.flag("rank-stabilised", false),
                        lora.words("targets", List.of(LoraConfig.ALL_LINEAR))));
        lora.done();
        section.done();
        return part;
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
        return mode == Mode.FULL
                ? Optional.empty()
                : Optional.of(new LoraConfig(lora.rank, lora.alpha, lora.rankStabilised, lora.targets, seed));
    }

    /** The loop's settings, once it is known how many updates an epoch has. */
    TrainSettings settings(int stepsOfAnEpoch) {
        int total = steps > 0 ? steps : Math.max(1, (int) Math.round(epochs * stepsOfAnEpoch));
        Schedule.Decay fall = switch (decay) {
            case COSINE -> Schedule.Decay.Cosine.HALF;
            case LINEAR -> new Schedule.Decay.Linear();
            case CONSTANT -> new Schedule.Decay.Constant();
        };
        Schedule schedule = new Schedule(peak, (int) Math.round(warmup * total), total, floor, fall);
        return new TrainSettings(total, schedule, optimizer, validateEvery, saving, badSteps);
    }
}
