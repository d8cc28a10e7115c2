package dev.distill.pipeline;

import dev.distill.student.adapter.LoraConfig;
import java.util.List;

/**
 * {@code train.lora:} the adapter, where the mode is LoRA.
 *
 * @param dora whether rows of the changed weights have trained lengths
 * @param plusRatio B's learning rate as a multiple of A's
 * @param targets layers by the end of their names
 * @param saved modules of which the adapter has a copy of its own, trained whole
 */
public record LoraPart(
        int rank,
        double alpha,
        boolean rankStabilised,
        boolean dora,
        double plusRatio,
        List<String> targets,
        List<String> saved) {

    static LoraPart read(Section section) {
        int rank = section.whole("rank", 16, 1, 65_536);
        LoraPart part = new LoraPart(
                rank,
                section.real("alpha", 2.0 * rank, 1e-6, 1e6),
                section.flag("rank-stabilised", false),
                section.flag("dora", false),
                section.real("plus-ratio", 1, 1e-3, 1e6),
                section.words("targets", List.of(LoraConfig.ALL_LINEAR)),
                section.words("modules-to-save", List.of()));
        section.done();
        return part;
    }

    LoraConfig config(long seed) {
        return new LoraConfig(rank, alpha, rankStabilised, targets, seed)
                .withDora(dora)
                .withPlusRatio(plusRatio)
                .withSaved(new LoraConfig.Saved(saved, false));
    }
}
