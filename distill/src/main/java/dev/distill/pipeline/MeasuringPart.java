package dev.distill.pipeline;

/**
 * Those keys of {@code train:} that say what is measured and shown of a student on the way. None of them changes what is learnt, but for the samples
 * that are held back.
 *
 * @param heldBack samples kept for the validation loss, at most a fifth of all
 * @param every steps between two validation losses
 * @param samplePrompts prompts of those held back, which the student answers each time that the loss is measured; 0 for none
 * @param sampleTokens where such an answer is cut
 * @param score questions that the student answers on the way
 */
public record MeasuringPart(int heldBack, int every, int samplePrompts, int sampleTokens, ScorePart score) {

    static MeasuringPart read(Section section) {
        return new MeasuringPart(
                section.whole("validation-samples", 64, 0, 1_000_000),
                section.whole("validate-every", 100, 1, Integer.MAX_VALUE),
                section.whole("sample-prompts", 2, 0, 1000),
                section.whole("sample-tokens", 256, 1, 1_000_000),
                ScorePart.read(section));
    }
}
