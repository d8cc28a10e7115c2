package dev.distill.pipeline;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Choice;
import dev.distill.data.curate.Correctness;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.DropReasons;
import dev.distill.data.curate.FilterRule;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.Mix;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.curate.NonEmpty;
import dev.distill.data.curate.PassRate;
import dev.distill.data.curate.PromptDuplicates;
import dev.distill.data.intake.HeldOutFile;
import dev.distill.eval.code.CodeVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code curate:} what is kept. Filters and thresholds are {@link CurationSettings#standard}'s.
 *
 * @param requireReasoning whether a trace without reasoning apart from its answer is dropped; false for teachers that reason
 *     in the answer itself
 * @param undecided what becomes of answers whose correctness the verifier cannot decide
 * @param judged what a judge's verdicts count for, where there are any
 * @param heldOut files of questions that must not be trained on
 * @param label names of checks, or kinds of them, that label a trace and do not drop it
 * @param off names of filters that do not run
 * @param duplicates what counts as repeating another trace
 * @param similarity Jaccard similarity from which traces are near duplicates
 * @param passRate how hard the prompts may be; null for any
 * @param choice how many traces of a prompt are kept; null for all
 * @param mix how much of each kind is kept; null for all
 */
public record CuratePart(
        boolean requireReasoning,
        Correctness.Undecided undecided,
        Correctness.Judged judged,
        List<Path> heldOut,
        List<String> label,
        List<String> off,
        PromptDuplicates.Rule duplicates,
        double similarity,
        @Nullable PassRate passRate,
        @Nullable Choice choice,
        @Nullable Mix mix) {
    /** What {@code off} and {@code label} call the checks against held-out sets. */
    private static final String CONTAMINATION = "contamination";

    static CuratePart read(Section section) {
        boolean requireReasoning = section.flag("require-reasoning", true);
        Correctness.Undecided undecided =
                section.choice("undecided", Correctness.Undecided.class, Correctness.Undecided.DROP_WITH_REFERENCE);
        Correctness.Judged judged =
                section.choice("judge", Correctness.Judged.class, Correctness.Judged.WHERE_UNDECIDED);
        List<Path> heldOut = section.paths("held-out");
        List<String> label = label(section, heldOut);
        List<String> off = off(section);
        PromptDuplicates.Rule duplicates =
                section.choice("duplicates", PromptDuplicates.Rule.class, PromptDuplicates.Rule.NEAR);
        double similarity = section.real("similarity", NearDuplicateSettings.STANDARD.threshold(), 0.3, 1);
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
                heldOut,
                label,
                off,
                duplicates,
                similarity,
                least > 0 || most < 1 ? new PassRate(least, most) : null,
                perPrompt == 0 ? null : new Choice(perPrompt, prefer),
                mix);
    }

    /** Names of checks that can be left out. */
    private static List<String> off(Section section) {
        List<String> names = section.words("off", List.of());
        for (String name : names) {
            if (!checks().contains(name)) {
                boolean kind = checks().contains(FilterRule.family(name));
                section.problem(
                        "off",
                        kind
                                ? "takes whole checks; to keep what " + name + " finds, name it in curate.label"
                                : "there is no check \"" + name + "\"; there are " + String.join(", ", checks()));
            }
        }
        return names;
    }

    /** Names of checks, and of those that tell kinds apart also {@code CHECK:KIND}. */
    private static List<String> label(Section section, List<Path> heldOut) {
        List<String> known = new ArrayList<>(checks());
        known.add(CodeVerifier.NAME);
        Map<String, List<String>> kinds = new TreeMap<>(DropReasons.kinds());
        kinds.put(CONTAMINATION, heldOut.stream().map(EvalPart::taskName).toList());
        List<String> names = section.words("label", List.of());
        for (String name : names) {
            String check = FilterRule.family(name);
            if (!known.contains(check)) {
                section.problem("label", "there is no check \"" + name + "\"; there are " + String.join(", ", known));
            } else if (!check.equals(name)
                    && !kinds.getOrDefault(check, List.of()).contains(name.substring(check.length() + 1))) {
                section.problem(
                        "label",
                        check + " has no kind \"" + name.substring(check.length() + 1) + "\"; "
                                + (kinds.containsKey(check)
                                        ? "there are " + String.join(", ", kinds.get(check))
                                        : "it tells no kinds apart"));
            }
        }
        return names;
    }

    private static List<String> checks() {
        List<String> checks = new ArrayList<>(
                CurationSettings.standard(new MathVerifier(), List.of()).filterNames());
        checks.add(CONTAMINATION);
        return checks;
    }

    /** @param apart names of the verifiers whose verdicts the traces carry already */
    CurationSettings settings(Set<String> apart) throws IOException {
        List<HeldOutSet> sets = new ArrayList<>();
        for (Path file : heldOut) {
            sets.add(HeldOutFile.read(file, EvalPart.taskName(file), null));
        }
        MathVerifier verifier = new MathVerifier();
        return CurationSettings.standard(verifier, sets)
                .withFilter(new NonEmpty(requireReasoning, NonEmpty.STANDARD.minReasoningWords()))
                .withFilter(new Correctness(verifier, apart, judged, undecided))
                .without(Set.copyOf(off))
                .labelling(Set.copyOf(label))
                .withDuplicates(duplicates != PromptDuplicates.Rule.NONE, near())
                .choosing(passRate, choice, mix);
    }

    private @Nullable NearDuplicateSettings near() {
        NearDuplicateSettings standard = NearDuplicateSettings.STANDARD;
        return duplicates != PromptDuplicates.Rule.NEAR
                ? null
                : new NearDuplicateSettings(
                        standard.words(), standard.permutations(), similarity, standard.maxShingles());
    }
}
