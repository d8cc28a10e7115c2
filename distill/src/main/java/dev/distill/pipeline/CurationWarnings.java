package dev.distill.pipeline;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.data.trace.Trace;
import dev.distill.eval.code.CodeProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is no error of a recipe and yet seldom meant: names that no trace bears, programs that nobody runs, nothing kept. */
final class CurationWarnings {
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();
    private final AtomicLong programs = new AtomicLong();
    private final boolean programsRun;

    /**
     * @param verdicts names that {@code curate.verdicts} gives
     * @param programsRun whether programs in answers were run
     */
    CurationWarnings(List<String> verdicts, boolean programsRun) {
        this.unheard.addAll(verdicts);
        this.programsRun = programsRun;
    }

    /** Hears of each trace once, on any thread. */
    void see(Trace trace) {
        if (!unheard.isEmpty()) {
            GivenVerdicts.STANDARD.of(trace).verdicts().forEach(verdict -> unheard.remove(verdict.by()));
        }
        if (!programsRun && CodeProblem.of(trace.reference()).isPresent()) {
            programs.incrementAndGet();
        }
    }

    /** What is to be said once the curation is over. */
    List<String> lines(CurationReport report) {
        List<String> lines = new ArrayList<>();
        if (!unheard.isEmpty() && report.read() > 0) {
            lines.add("curate.verdicts: must name verdicts that traces came with; none of " + report.read()
                    + " traces has one named " + String.join(", ", new TreeSet<>(unheard))
                    + ". The cards of their folders list those that there are");
        }
        if (programs.get() > 0) {
            lines.add("curate: the references of " + programs + " traces are tests of programs, which a curation does"
                    + " not run; set verify.sandbox to bubblewrap, for verify and for curate");
        }
        if (report.kept() == 0 && report.read() > 0) {
            report.dropped().entrySet().stream()
                    .max(Comparator.comparingLong(Map.Entry::getValue))
                    .ifPresent(most -> lines.add("curate: none of " + report.read()
                            + " traces was kept; most often by " + most.getKey() + " (" + most.getValue()
                            + "). decisions.jsonl says why of each"));
        }
        return lines;
    }
}
