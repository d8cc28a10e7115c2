package dev.distill.data.curate;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Verdicts with which traces came, from a file or a folder that this run did not make. Whoever wrote them could write what they liked, so
 * those that bear the name of a check of this program are called {@code given:NAME}: a verdict {@code math} is always what
 * {@code math} has found here. They count where somebody names them, as those under other names do ({@link Correctness#stated}).
 * {@code contamination:SET} keeps its name, for it forbids and allows nothing.
 *
 * @param checks names of this program's checks, without kinds
 */
public record GivenVerdicts(Set<String> checks) {
    public static final String PREFIX = "given:";

    /** The name of verdicts that come from running programs. */
    static final String PROGRAMS = "code";

    /** With the names of all checks that there are. */
    public static final GivenVerdicts STANDARD = new GivenVerdicts(standardChecks());

    public GivenVerdicts {
        checks = Set.copyOf(checks);
    }

    private static Set<String> standardChecks() {
        Set<String> checks = new HashSet<>(
                CurationSettings.standard(new MathVerifier(), List.of()).filterNames());
        checks.add(Correctness.JUDGE);
        checks.add(PROGRAMS);
        return checks;
    }

    /** Those, and the names under which these settings find something. */
    static GivenVerdicts of(CurationSettings settings) {
        Set<String> checks = new HashSet<>(STANDARD.checks);
        for (FilterRule rule : settings.filters()) {
            if (!(rule.filter() instanceof Decontamination)) {
                checks.add(rule.filter().name());
            }
            if (rule.filter() instanceof Correctness correctness) {
                checks.addAll(correctness.apart());
            }
        }
        return new GivenVerdicts(checks);
    }

    /** Whether this is the name of a check of this program's, or of a kind that it tells apart. */
    public boolean isCheck(String by) {
        return checks.contains(by) || checks.contains(FilterRule.family(by));
    }

    /** What a verdict of this name is called that a trace came with. */
    public String name(String by) {
        return isCheck(by) ? PREFIX + by : by;
    }

    public Verdict of(Verdict verdict) {
        return new Verdict(name(verdict.by()), verdict.outcome(), verdict.reason());
    }

    /** A trace as it came. */
    public Trace of(Trace trace) {
        return trace.withVerdicts(trace.verdicts().stream().map(this::of).toList());
    }

    /**
     * All verdicts about a trace, each once. One that was found again has its own name, so that curating what was curated adds nothing.
     *
     * @param given with which it came
     * @param found by the checks of this run
     */
    List<Verdict> with(List<Verdict> given, List<Verdict> found) {
        Set<Verdict> all = new LinkedHashSet<>();
        for (Verdict verdict : given) {
            all.add(found.contains(verdict) ? verdict : of(verdict));
        }
        all.addAll(found);
        return new ArrayList<>(all);
    }
}
