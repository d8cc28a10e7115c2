package dev.distill.pipeline;

import dev.distill.hub.ModelSource;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.Divergence;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code train.distill:} a teacher on this machine whose probabilities are learnt beside the text.
 *
 * @param model its folder, GGUF file or hub id
 * @param topK tokens that it names at each place
 * @param how the student's distance from it is taken, and what share of the loss that is
 * @param onPolicy share of the steps in which it is asked of the student's own texts
 * @param newTokens where such a text is cut
 */
record DistillPart(ModelSource model, int topK, Distillation how, double onPolicy, int newTokens) {

    /** Kinds of distance. */
    enum Kind {
        FORWARD_KL,
        REVERSE_KL,
        JENSEN_SHANNON,
        SKEWED_FORWARD_KL,
        SKEWED_REVERSE_KL
    }

    /** @return null where the section names no model */
    static @Nullable DistillPart read(Section section) {
        ModelSource model = section.model("model");
        int topK = section.whole("top-k", 50, 1, 1024);
        double temperature = section.real("temperature", 1, 0.01, 100);
        double share = section.real("share", 0.5, 0, 1);
        Kind kind = section.choice("divergence", Kind.class, Kind.FORWARD_KL);
        double mix = section.real("mix", kind == Kind.JENSEN_SHANNON ? 0.5 : 0.1, 0.001, 0.999);
        double onPolicy = section.real("on-policy", 0, 0, 1);
        int newTokens = section.whole("new-tokens", 512, 1, 1_000_000);
        section.done();
        if (model == null) {
            return null;
        }
        Divergence divergence = switch (kind) {
            case FORWARD_KL -> new Divergence.ForwardKl();
            case REVERSE_KL -> new Divergence.ReverseKl();
            case JENSEN_SHANNON -> new Divergence.JensenShannon(mix);
            case SKEWED_FORWARD_KL -> new Divergence.SkewedForwardKl(mix);
            case SKEWED_REVERSE_KL -> new Divergence.SkewedReverseKl(mix);
        };
        return new DistillPart(model, topK, new Distillation(divergence, temperature, share), onPolicy, newTokens);
    }

    /** The model's folder on this disk, once it has been fetched. */
    Path folder() {
        return switch (model) {
            case ModelSource.Local local -> local.path();
            case ModelSource.Missing missing -> missing.path();
            case ModelSource.OnHub hub ->
                throw new IllegalStateException(
                        "train.distill.model: " + hub.id() + " must be fetched before a stage begins");
        };
    }

    /** The same with its model in this folder. */
    DistillPart in(Path folder) {
        return new DistillPart(new ModelSource.Local(folder), topK, how, onPolicy, newTokens);
    }
}
