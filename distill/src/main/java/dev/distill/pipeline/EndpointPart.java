package dev.distill.pipeline;

import dev.distill.eval.task.Responder.Decoding;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.harvest.Asking;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code eval.endpoint:} an API whose model is evaluated. Its keys are those of {@code teacher} that say whom to ask and those of {@code harvest} that say how
 * fast and for how much; how it samples is the evaluation's.
 */
public record EndpointPart(TeacherPart teacher, HarvestPart harvest) {
    static final String SECTION = "eval.endpoint";

    static EndpointPart read(Section section) {
        HarvestPart harvest = HarvestPart.paced(section, Asking.of(1), List.of());
        SortedMap<String, String> extra = section.section("extra").fields();
        Sampling sampling = new Sampling(
                Sampling.R1.temperature(), Sampling.R1.topP(), Sampling.R1.maxTokens(), OptionalLong.empty(), extra);
        return new EndpointPart(TeacherPart.asked(section, sampling), harvest);
    }

    Whom whom(Recipe recipe) {
        return new Whom(SECTION, teacher, harvest, recipe.seed());
    }

    /** How it is asked to sample, which is as the evaluation does. */
    Sampling sampling(Decoding decoding) {
        SortedMap<String, String> extra = new TreeMap<>(teacher.sampling().extra());
        if (decoding.topK() > 0) {
            extra.put("top_k", Integer.toString(decoding.topK()));
        }
        return new Sampling(
                decoding.temperature(),
                decoding.topP(),
                decoding.maxNewTokens(),
                decoding.seed() == 0 ? OptionalLong.empty() : OptionalLong.of(decoding.seed()),
                extra);
    }
}
