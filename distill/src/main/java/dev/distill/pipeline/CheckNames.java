package dev.distill.pipeline;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.DropReasons;
import dev.distill.data.curate.FilterRule;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.eval.code.CodeVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names of checks in {@code curate.off} and {@code curate.label}. A name that would do nothing is a mistake. */
final class CheckNames {
    /** All comparisons with held-out files together. */
    private static final String CONTAMINATION = "contamination";

    private CheckNames() {}

    /** Names of checks that are left out, whole. */
    static List<String> off(Section section) {
        List<String> known = checks();
        List<String> names = section.words("off", List.of());
        for (String name : names) {
            if (!known.contains(name)) {
                section.problem(
                        "off",
                        name.contains(":") && known.contains(FilterRule.family(name))
                                ? "takes whole checks; to keep what " + name + " finds, name it in curate.label"
                                : unknown(name, known));
            }
        }
        return names;
    }

    /**
     * Names of checks that drop nothing; of one that tells kinds apart also {@code CHECK:KIND}.
     *
     * @param heldOut each file is a kind of contamination
     * @param verdicts names of verdicts that the traces came with
     */
    static List<String> label(Section section, List<Path> heldOut, List<String> verdicts) {
        List<String> known = checks();
        known.add(CodeVerifier.NAME);
        known.addAll(verdicts);
        Map<String, List<String>> kinds = new TreeMap<>(DropReasons.kinds());
        kinds.put(CONTAMINATION, heldOut.stream().map(EvalPart::taskName).toList());
        List<String> names = section.words("label", List.of());
        for (String name : names) {
            String check = FilterRule.family(name);
            if (known.contains(name)) {
                continue;
            }
            if (!known.contains(check)) {
                section.problem("label", unknown(name, known));
                continue;
            }
            String kind = name.substring(check.length() + 1);
            List<String> there = kinds.getOrDefault(check, List.of());
            if (!there.contains(kind)) {
                section.problem(
                        "label",
                        check + " has no kind \"" + kind + "\"; "
                                + (there.isEmpty()
                                        ? "it tells no kinds apart"
                                        : "there are " + String.join(", ", there)));
            }
        }
        return names;
    }

    /** Names of verdicts with which traces came: never those of this program's own checks. */
    static List<String> verdicts(Section section) {
        List<String> names = section.words("verdicts", List.of());
        for (String name : names) {
            if (GivenVerdicts.STANDARD.isCheck(name)) {
                section.problem(
                        "verdicts",
                        name + " is a check of this program's; verdicts so named with which traces came are called "
                                + GivenVerdicts.STANDARD.name(name) + ": name that to let them count");
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

    private static String unknown(String name, List<String> known) {
        return "there is no check \"" + name + "\"; there are " + String.join(", ", known);
    }
}
