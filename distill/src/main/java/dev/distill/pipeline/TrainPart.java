package dev.distill.pipeline;

import dev.distill.data.pack.Packing;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.WeightPatterns;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.optim.Schedule;
import dev.distill.train.BadSteps;
import dev.distill.train.Saving;
import dev.distill.train.TrainSettings;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code train:} how.
 *
 * @param mode every weight, or a LoRA on frozen ones, whole or in four bits
 * @param compute what large products multiply
 * @param activations whether they wait for the backward, or are computed again in it; the numbers are the same
 * @param epochs passes over the samples, where {@code steps} is 0
 * @param steps optimizer updates, 0 to count epochs instead
 * @param batchSamples samples of one update
 * @param batchTokens tokens of one update, in place of that; 0 to count samples
 * @param rowTokens the most tokens of one packed row
 * @param overLong what is done with a sample that is longer than that
 * @param unfit what is done with a trace that makes no sample
 * @param neftune alpha of the noise on embeddings; 0 for none
 * @param peak learning rate
 * @param warmup share of the updates in which the rate rises
 * @param floor the rate's end, as a share of its peak; R1's distillation took a tenth
 * @param decayShare of the updates after the warm-up, where the decay is WSD
 * @param optimizer the rule of the updates
 * @param freeze patterns for names of weights that stay as they are, where the others are trained
 * @param saving when the state is saved, and how much of that stays
 * @param badSteps when a step is bad, and what happens then
 * @param validation samples held back for the validation loss, at most a fifth of all
 * @param samplePrompts prompts of those, which the student answers each time that the loss is measured; 0 for none
 * @param sampleTokens where such an answer is cut
 * @param allow reasons for which traces are not trained on, and are all the same
 * @param score questions that the student answers on the way
 * @param distill whose probabilities are learnt beside the text
 */
public record TrainPart(
        Mode mode,
        Compute compute,
        Decoder.Memory activations,
        double epochs,
        int steps,
        int batchSamples,
        int batchTokens,
        int rowTokens,
        Packing.OverLong overLong,
        Unfit unfit,
        double neftune,
        double peak,
        double warmup,
        double floor,
        Decay decay,
        double decayShare,
        OptimizerSettings optimizer,
        int validation,
        int validateEvery,
        Saving saving,
        BadSteps badSteps,
        int samplePrompts,
        int sampleTokens,
        List<String> freeze,
        Lora lora,
        Set<Barred> allow,
        ScorePart score,
        Optional<DistillPart> distill) {

    /** What is trained. */
    public enum Mode {
        FULL,
        LORA,
        QLORA
    }

    /** What makes updates of gradients. */
    public enum Rule {
        ADAMW,
        ADAMW_8BIT,
        MUON
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
        CONSTANT,
        WSD
    }

    /**
     * The adapter, where the mode is LoRA.
     *
     * @param dora whether rows of the changed weights have trained lengths
     * @param plusRatio B's learning rate as a multiple of A's
     * @param saved modules of which the adapter has a copy of its own, trained whole
     */
    public record Lora(
            int rank,
            double alpha,
            boolean rankStabilised,
            boolean dora,
            double plusRatio,
            List<String> targets,
            List<String> saved) {

        private static Lora read(Section section) {
            int rank = section.whole("rank", 16, 1, 65_536);
            return new Lora(
                    rank,
                    section.real("alpha", 2.0 * rank, 1e-6, 1e6),
                    section.flag("rank-stabilised", false),
                    section.flag("dora", false),
                    section.real("plus-ratio", 1, 1e-3, 1e6),
                    section.words("targets", List.of(LoraConfig.ALL_LINEAR)),
                    section.words("modules-to-save", List.of()));
        }

        private LoraConfig config(long seed) {
            return new LoraConfig(rank, alpha, rankStabilised, targets, seed)
                    .withDora(dora)
                    .withPlusRatio(plusRatio)
                    .withSaved(new LoraConfig.Saved(saved, false));
        }
    }

    static TrainPart read(Section section) {
        Mode mode = section.choice("mode", Mode.class, Mode.FULL);
        Section lora = section.section("lora");
        TrainPart part = new TrainPart(
                mode,
                compute(section, mode),
                section.choice("activations", Decoder.Memory.class, Decoder.Memory.KEEP),
                section.real("epochs", 2, 0.001, 10_000),
                section.whole("steps", 0, 0, Integer.MAX_VALUE),
                section.whole("batch-samples", 64, 1, 1_000_000),
                section.whole("batch-tokens", 0, 0, Integer.MAX_VALUE),
                section.whole("row-tokens", 32_768, 16, 10_000_000),
                section.choice("over-long", Packing.OverLong.class, Packing.OverLong.DROP),
                section.choice("unfit", Unfit.class, Unfit.RAISE),
                section.real("neftune-alpha", 0, 0, 1e4),
                section.real("learning-rate", mode == Mode.FULL ? 2e-5 : 2e-4, 1e-12, 10),
                section.real("warmup", 0.03, 0, 1),
                section.real("floor", 0.1, 0, 1),
                section.choice("schedule", Decay.class, Decay.COSINE),
                section.real("decay-share", 0.1, 0.001, 1),
                optimizer(section, mode),
                section.whole("validation-samples", 64, 0, 1_000_000),
                section.whole("validate-every", 100, 1, Integer.MAX_VALUE),
                new Saving(
                        section.whole("checkpoint-every", 200, 1, Integer.MAX_VALUE),
                        section.whole("keep-checkpoints", Saving.DEFAULT_KEEP, 1, 1_000_000)),
                badSteps(section),
                section.whole("sample-prompts", 2, 0, 1000),
                section.whole("sample-tokens", 256, 1, 1_000_000),
                section.words("freeze", List.of()),
                Lora.read(lora),
                allowed(section),
                ScorePart.read(section),
                Optional.ofNullable(DistillPart.read(section.section("distill"))));
        if (mode == Mode.LORA && !part.freeze.isEmpty()) {
            section.problem("freeze", "an adapter leaves every weight as it is; leave freeze out, or say mode: full");
        }
        if (part.batchTokens > 0) {
            batchTokens(section, part);
        }
        lora.done();
        section.done();
        return part;
    }

    private static void batchTokens(Section section, TrainPart part) {
        if (section.has("batch-samples")) {
            section.problem("batch-tokens", "a step counts tokens or samples (batch-samples), not both; leave one out");
        }
        if (part.batchTokens < part.rowTokens) {
            section.problem(
                    "batch-tokens",
                    "must be 0, or at least one row, train.row-tokens " + part.rowTokens + "; got " + part.batchTokens
                            + "; make the rows shorter or the batch larger");
        }
        if (part.distill.isPresent() && part.distill.get().onPolicy() > 0) {
            section.problem(
                    "batch-tokens",
                    "steps of the student's own texts (distill.on-policy) have a number of texts; say batch-samples");
        }
    }

    /** How samples become steps. */
    Packing packing(long seed) {
        Packing.Rule rule = batchTokens > 0
                ? new Packing.Tokens(batchTokens, Packing.Tokens.WINDOW)
                : new Packing.Count(batchSamples);
        return new Packing(rowTokens, rule, overLong, seed);
    }

    /** The same with this teacher. */
    TrainPart with(DistillPart teacher) {
        return new TrainPart(
                mode,
                compute,
                activations,
                epochs,
                steps,
                batchSamples,
                batchTokens,
                rowTokens,
                overLong,
                unfit,
                neftune,
                peak,
                warmup,
                floor,
                decay,
                decayShare,
                optimizer,
                validation,
                validateEvery,
                saving,
                badSteps,
                samplePrompts,
                sampleTokens,
                freeze,
                lora,
                allow,
                score,
                Optional.of(teacher));
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

    private static Set<Barred> allowed(Section section) {
        Set<Barred> allowed = EnumSet.noneOf(Barred.class);
        List<String> known = Arrays.stream(Barred.values()).map(Barred::word).toList();
        for (String word : section.words("allow", List.of())) {
            if (known.contains(word)) {
                allowed.add(Barred.valueOf(word.toUpperCase(Locale.ROOT)));
            } else {
                section.problem("allow", "must be of " + String.join(", ", known) + "; got " + word);
            }
        }
        return Set.copyOf(allowed);
    }

    private static OptimizerSettings optimizer(Section section, Mode mode) {
        AdamWSettings usual = AdamWSettings.DEFAULT;
        AdamWSettings adamW = new AdamWSettings(
                section.real("beta1", usual.beta1(), 0, 0.999999),
                section.real("beta2", usual.beta2(), 0, 0.999999),
                usual.epsilon(),
                section.real("weight-decay", usual.weightDecay(), 0, 10),
                section.real("clip-norm", usual.clipNorm(), 1e-9, 1e9));
        Rule rule = section.choice("optimizer", Rule.class, Rule.ADAMW);
        if (rule == Rule.MUON && mode != Mode.FULL) {
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
        int total = steps > 0 ? steps : Math.max(1, (int) Math.round(epochs * stepsOfAnEpoch));
        Schedule.Decay fall = switch (decay) {
            case COSINE -> Schedule.Decay.Cosine.HALF;
            case LINEAR -> new Schedule.Decay.Linear();
            case CONSTANT -> new Schedule.Decay.Constant();
            case WSD -> new Schedule.Decay.StableThenLinear(decayShare);
        };
        Schedule schedule = new Schedule(peak, (int) Math.round(warmup * total), total, floor, fall);
        return new TrainSettings(total, schedule, optimizer, validateEvery, saving, badSteps);
    }
}
