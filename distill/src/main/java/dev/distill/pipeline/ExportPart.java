package dev.distill.pipeline;

import dev.distill.export.WeightType;

/**
 * {@code export:} what to write.
 *
 * @param type of the weights
 * @param adapter whether a LoRA is written as a PEFT adapter too, beside the merged model
 */
public record ExportPart(WeightType type, boolean adapter) {
    static ExportPart read(Section section) {
        ExportPart part = new ExportPart(
                section.choice("type", WeightType.class, WeightType.BF16), section.flag("adapter", true));
        section.done();
        return part;
    }
}
