package dev.distill.pipeline;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Choice;
import dev.distill.data.curate.Correctness;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Decontamination;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.HeldOutSets;
import dev.distill.data.curate.Mix;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.curate.NoCodeBlocks;
import dev.distill.data.curate.NonEmpty;
import dev.distill.data.curate.PassRate;
import dev.distill.data.curate.PromptDuplicates;
import dev.distill.data.curate.SimilarPrompts;
import dev.distill.data.intake.HeldOutFile;
import dev.distill.data.intake.PromptFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code curate:} what is kept. Filters and thresholds are {@link CurationSettings#standard}'s.
 *
 * @param requireReasoning whether a trace without reasoning apart from its answer is dropped; false for teachers that reason
 *     in the answer itself
 * @param undecided what becomes of answers whose correctness the verifier cannot decide
 * @param judged what a judge's verdicts count for, where there are any
 * @param verdicts names of verdicts with which the traces came that say whether an answer is right
 * @param dropAllCode whether code in the reasoning is dropped where the question is about code too
 * @param heldOut files of questions that must not be trained on
 * @param contamination how much of their words a trace may share
 * @param label names of checks, or kinds of them, that label a trace and do not drop it
 * @param off names of filters that do not run
 * @param duplicates what counts as repeating another trace
 * @param similarity Jaccard similarity from which traces are near duplicates
 * @param promptSimilarity the same of prompts of which only one's traces are kept; 0 to keep all
 * @param passRate how hard the prompts may be; null for any
 * @param choice how many traces of a prompt are kept; null for all
 * @param mix how much of each kind is kept; null for all
 */
public record CuratePart(
        boolean requireReasoning,
        Correctness.Undecided undecided,
        Correctness.Judged judged,
        List<String> verdicts,
        boolean dropAllCode,
        List<Path> heldOut,
        Decontamination.Settings contamination,
        List<String> label,
        List<String> off,
        PromptDuplicates.Rule duplicates,
        double similarity,
        double promptSimilarity,
        @Nullable PassRate passRate,
        @Nullable Choice choice,
        @Nullable Mix mix) {
    private static final double LEAST_SIMILARITY = 0.3;

    static CuratePart read(Section section) {
        boolean requireReasoning = section.flag("require-reasoning", true);
        Correctness.Undecided undecided =
                section.choice("undecided", Correctness.Undecided.class, Correctness.Undecided.DROP_WITH_REFERENCE);
        Correctness.Judged judged =
                section.choice("judge", Correctness.Judged.class, Correctness.Judged.WHERE_UNDECIDED);
        List<String> verdicts = CheckNames.verdicts(section);
        boolean dropAllCode = section.flag("drop-all-code", false);
        List<Path> heldOut = section.paths("held-out");
        Decontamination.Settings contamination = contamination(section.section("contamination"));
        List<String> label = CheckNames.label(section, heldOut, verdicts);
        List<String> off = CheckNames.off(section);
        PromptDuplicates.Rule duplicates =
                section.choice("duplicates", PromptDuplicates.Rule.class, PromptDuplicates.Rule.NEAR);
        double similarity = section.real("similarity", NearDuplicateSettings.STANDARD.threshold(), LEAST_SIMILARITY, 1);
        double promptSimilarity = section.real("prompt-similarity", 0, 0, 1);
        if (promptSimilarity > 0 && promptSimilarity < LEAST_SIMILARITY) {
            section.problem(
                    "prompt-similarity",
                    "must be " + LEAST_SIMILARITY + " to 1, or 0 to keep the traces of all prompts; got "
                            + promptSimilarity);
            promptSimilarity = 0;
        }
        double least = section.real("min-pass-rate", 0, 0, 1);
        double most = section.real("max-pass-rate", 1, 0, 1);
        if (least > most) {
            section.problem("min-pass-rate", "must be at most max-pass-rate; got " + least + " and " + most);
            most = least;
        }
        if ((least > 0 || most < 1) && off.contains(MathVerifier.NAME)) {
            section.problem("off", "the pass rates need " + MathVerifier.NAME + "; label it in curate.label instead");
        }
        int perPrompt = section.whole("per-prompt", 0, 0, 1000);
        Choice.Order prefer = section.choice("prefer", Choice.Order.class, Choice.Order.FIRST);
        Mix mix = MixPart.read(section.section("mix"));
        section.done();
        return new CuratePart(
                requireReasoning,
                undecided,
                judged,
                verdicts,
                dropAllCode,
                heldOut,
                contamination,
                label,
                off,
                duplicates,
                similarity,
                promptSimilarity,
                least > 0 || most < 1 ? new PassRate(least, most) : null,
                perPrompt == 0 ? null : new Choice(perPrompt, prefer),
                mix);
    }

    private static Decontamination.Settings contamination(Section section) {
        Decontamination.Settings standard = Decontamination.Settings.STANDARD;
        Decontamination.Settings settings = new Decontamination.Settings(
                section.whole("ngram", standard.n(), Decontamination.MIN_N, Decontamination.MAX_N),
                section.real("similarity", standard.fuzzy(), Decontamination.MIN_FUZZY, 1),
                section.real("quoted-share", standard.coverage(), 0, 1));
        section.done();
        return settings;
    }

    /**
     * What is checked.
     *
     * @param apart names of the verifiers whose verdicts the traces carry already
     * @param asked how the prompts were asked
     */
    CurationSettings settings(Set<String> apart, PromptFormat asked) throws IOException {
        List<HeldOutSet> sets = new ArrayList<>();
        for (Path file : heldOut) {
            sets.add(HeldOutFile.read(file, EvalPart.taskName(file), null));
        }
        return CurationSettings.standard(new MathVerifier(), new HeldOutSets(sets, contamination))
                .withFilter(new NonEmpty(requireReasoning, NonEmpty.STANDARD.minReasoningWords()))
                .withFilter(correctness(apart, undecided))
                .withFilter(new NoCodeBlocks(dropAllCode))
                .without(Set.copyOf(off))
                .labelling(Set.copyOf(label))
                .withDuplicates(
                        duplicates != PromptDuplicates.Rule.NONE,
                        duplicates == PromptDuplicates.Rule.NEAR ? near(similarity) : null)
                .withSimilarPrompts(
                        promptSimilarity == 0
                                ? null
                                : new SimilarPrompts(near(promptSimilarity), asked.before(), asked.after()))
                .choosing(passRate, choice, mix);
    }

    /** By what an answer is found right. */
    Correctness correctness(Set<String> apart, Correctness.Undecided policy) {
        return new Correctness(new MathVerifier(), apart, policy)
                .withJudged(judged)
                .withStated(verdicts);
    }

    private static NearDuplicateSettings near(double threshold) {
        NearDuplicateSettings standard = NearDuplicateSettings.STANDARD;
        return new NearDuplicateSettings(standard.words(), standard.permutations(), threshold, standard.maxShingles());
    }
}
