package dev.distill.pipeline;

import dev.distill.hub.ModelSource;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.Divergence;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code train.distill:} a teacher whose probabilities are learnt beside the text.
 *
 * @param origin where they come from
 * @param topK tokens that it names at each place
 * @param how the student's distance from it is taken, and what share of the loss that is
 * @param onPolicy share of the steps in which it is asked of the student's own texts
 * @param newTokens where such a text is cut
 */
record DistillPart(TeacherOrigin origin, int topK, Distillation how, double onPolicy, int newTokens) {

    /** Kinds of distance. */
    enum Kind {
        FORWARD_KL,
        REVERSE_KL,
        JENSEN_SHANNON,
        SKEWED_FORWARD_KL,
        SKEWED_REVERSE_KL
    }

    /** @return null where the section names no teacher */
    static @Nullable DistillPart read(Section section) {
        TeacherOrigin origin = origin(section);
        int topK = section.whole("top-k", 50, 1, 1024);
        double temperature = section.real("temperature", 1, 0.01, 100);
        double share = section.real("share", 0.5, 0, 1);
        Kind kind = section.choice("divergence", Kind.class, Kind.FORWARD_KL);
        double mix = section.real("mix", kind == Kind.JENSEN_SHANNON ? 0.5 : 0.1, 0.001, 0.999);
        double onPolicy = section.real("on-policy", 0, 0, 1);
        int newTokens = section.whole("new-tokens", 512, 1, 1_000_000);
        section.done();
        if (origin == null) {
            return null;
        }
        if (origin instanceof TeacherOrigin.Stored && onPolicy > 0) {
            section.problem(
                    "on-policy",
                    "stored distributions (distributions) are of the traces, not of the student's own texts; got "
                            + onPolicy + "; set it to 0, or name the teacher as model");
        }
        if (origin instanceof TeacherOrigin.Api && temperature != 1) {
            section.problem("temperature", "an API's probabilities are taken at 1; got " + temperature);
        }
        Divergence divergence = switch (kind) {
            case FORWARD_KL -> new Divergence.ForwardKl();
            case REVERSE_KL -> new Divergence.ReverseKl();
            case JENSEN_SHANNON -> new Divergence.JensenShannon(mix);
            case SKEWED_FORWARD_KL -> new Divergence.SkewedForwardKl(mix);
            case SKEWED_REVERSE_KL -> new Divergence.SkewedReverseKl(mix);
        };
        return new DistillPart(origin, topK, new Distillation(divergence, temperature, share), onPolicy, newTokens);
    }

    private static @Nullable TeacherOrigin origin(Section section) {
        ModelSource model = section.model("model");
        Path stored = section.path("distributions");
        String url = section.text("url");
        if (model != null && stored != null) {
            section.problem("distributions", "stands in place of model; give one of the two");
        }
        if (url != null) {
            if (model != null || stored != null) {
                section.problem("url", "stands in place of model and distributions; give one of the three");
            }
            return TeacherOrigin.Api.read(section, url);
        }
        List.of("api-model", "key-env").forEach(section::text); // known words, of use with url alone
        section.whole("in-flight", TeacherOrigin.IN_FLIGHT, 1, 1024);
        section.flag("allow-http", false);
        if (stored != null) {
            return new TeacherOrigin.Stored(stored);
        }
        return model == null ? null : new TeacherOrigin.Model(model);
    }

    /** The same with its model in this folder. */
    DistillPart in(Path folder) {
        return new DistillPart(new TeacherOrigin.Model(new ModelSource.Local(folder)), topK, how, onPolicy, newTokens);
    }
}
