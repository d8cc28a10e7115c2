package dev.distill.pipeline;

import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.optim.Schedule;
import java.util.Locale;

/**
 * Those keys of {@code train:} that say how many updates there are, and what one does.
 *
 * @param epochs passes over the samples, where {@code steps} is 0
 * @param steps optimizer updates, 0 to count epochs instead
 * @param peak learning rate
 * @param warmup share of the updates in which the rate rises
 * @param floor the rate's end, as a share of its peak; R1's distillation took a tenth
 * @param decayShare of the updates after the warm-up, where the decay is WSD
 * @param optimizer the rule of the updates
 */
public record UpdatesPart(
        double epochs,
        int steps,
        double peak,
        double warmup,
        double floor,
        Decay decay,
        double decayShare,
        OptimizerSettings optimizer) {

    /** What makes updates of gradients. */
    public enum Rule {
        ADAMW,
        ADAMW_8BIT,
        MUON
    }

    /** How the learning rate falls. */
    public enum Decay {
        COSINE,
        LINEAR,
        CONSTANT,
        WSD
    }

    static UpdatesPart read(Section section, TrainPart.Mode mode) {
        return new UpdatesPart(
                section.real("epochs", 2, 0.001, 10_000),
                section.whole("steps", 0, 0, Integer.MAX_VALUE),
                section.real("learning-rate", mode == TrainPart.Mode.FULL ? 2e-5 : 2e-4, 1e-12, 10),
                section.real("warmup", 0.03, 0, 1),
                section.real("floor", 0.1, 0, 1),
                section.choice("schedule", Decay.class, Decay.COSINE),
                section.real("decay-share", 0.1, 0.001, 1),
                optimizer(section, mode));
    }

    private static OptimizerSettings optimizer(Section section, TrainPart.Mode mode) {
        AdamWSettings usual = AdamWSettings.DEFAULT;
        AdamWSettings adamW = new AdamWSettings(
                section.real("beta1", usual.beta1(), 0, 0.999999),
                section.real("beta2", usual.beta2(), 0, 0.999999),
                usual.epsilon(),
                section.real("weight-decay", usual.weightDecay(), 0, 10),
                section.real("clip-norm", usual.clipNorm(), 1e-9, 1e9));
        Rule rule = section.choice("optimizer", Rule.class, Rule.ADAMW);
        if (rule == Rule.MUON && mode != TrainPart.Mode.FULL) {
            section.problem(
                    "optimizer",
                    "muon is for the matrices of the blocks, of which an adapter trains none; got mode "
                            + mode.name().toLowerCase(Locale.ROOT) + "; write adamw or adamw-8bit");
        }
        return switch (rule) {
            case ADAMW -> adamW;
            case ADAMW_8BIT -> new EightBitAdamWSettings(adamW);
            case MUON -> new MuonSettings(MuonSettings.MOMENTUM, adamW);
        };
    }

    /** Updates of the whole run, once it is known how many an epoch has. */
    int total(int stepsOfAnEpoch) {
        return steps > 0 ? steps : Math.max(1, (int) Math.round(epochs * stepsOfAnEpoch));
    }

    /** The learning rate over so many updates. */
    Schedule schedule(int total) {
        Schedule.Decay fall = switch (decay) {
            case COSINE -> Schedule.Decay.Cosine.HALF;
            case LINEAR -> new Schedule.Decay.Linear();
            case CONSTANT -> new Schedule.Decay.Constant();
            case WSD -> new Schedule.Decay.StableThenLinear(decayShare);
        };
        return new Schedule(peak, (int) Math.round(warmup * total), total, floor, fall);
    }
}
