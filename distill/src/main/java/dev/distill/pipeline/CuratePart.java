package dev.distill.pipeline;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Choice;
import dev.distill.data.curate.Correctness;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.NonEmpty;
import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code curate:} what is kept. Filters and thresholds are {@link CurationSettings#standard}'s.
 *
 * @param requireReasoning whether a trace without reasoning apart from its answer is dropped; false for teachers that reason
 *     in the answer itself
 * @param undecided what becomes of answers whose correctness the verifier cannot decide
 * @param judged what a judge's verdicts count for, where there are any
 * @param heldOut files of questions that must not be trained on
 * @param perPrompt traces of one prompt at most, 0 for all
 */
public record CuratePart(
        boolean requireReasoning,
        Correctness.Undecided undecided,
        Correctness.Judged judged,
        List<Path> heldOut,
        int perPrompt,
        Choice.Order order) {
    static CuratePart read(Section section) {
        CuratePart part = new CuratePart(
                section.flag("require-reasoning", true),
                section.choice("undecided", Correctness.Undecided.class, Correctness.Undecided.DROP_WITH_REFERENCE),
                section.choice("judge", Correctness.Judged.class, Correctness.Judged.WHERE_UNDECIDED),
                section.paths("held-out"),
                section.whole("per-prompt", 0, 0, 1000),
                section.choice("prefer", Choice.Order.class, Choice.Order.FIRST));
        section.done();
        return part;
    }

    /** @param apart names of the verifiers whose verdicts the traces carry already */
    CurationSettings settings(Set<String> apart) throws IOException {
        List<HeldOutSet> sets = new ArrayList<>();
        for (Path file : heldOut) {
            List<String> questions = PromptFile.read(file, PromptFormat.PLAIN).prompts().stream()
                    .map(Prompt::question)
                    .toList();
            sets.add(HeldOutSet.ofQuestions(EvalPart.taskName(file), questions));
        }
        MathVerifier verifier = new MathVerifier();
        CurationSettings settings = CurationSettings.standard(verifier, sets)
                .withFilter(new NonEmpty(requireReasoning, NonEmpty.STANDARD.minReasoningWords()))
                .withFilter(new Correctness(verifier, apart, judged, undecided));
        return perPrompt == 0 ? settings : settings.withChoice(new Choice(perPrompt, order));
    }
}
