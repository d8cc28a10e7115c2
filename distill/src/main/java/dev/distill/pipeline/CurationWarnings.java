package dev.distill.pipeline;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.data.trace.Trace;
import dev.distill.eval.code.CodeProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is no error of a recipe and yet seldom meant: names that no trace bears, ids that stand twice, programs that nobody runs, nothing kept. For one thread. */
final class CurationWarnings {
    private final Set<String> unheard = new HashSet<>();
    private final TwiceRead ids = new TwiceRead();
    private final List<Path> folders;
    private final boolean programsRun;
    private long programs;

    /**
     * @param verdicts names that {@code curate.verdicts} gives
     * @param programsRun whether programs in answers were run
     * @param folders where the traces lie
     */
    CurationWarnings(List<String> verdicts, boolean programsRun, List<Path> folders) {
        this.unheard.addAll(verdicts);
        this.folders = folders;
        this.programsRun = programsRun;
    }

    /** Hears of each trace once, one after the other. */
    void see(Trace trace) {
        if (!unheard.isEmpty()) {
            GivenVerdicts.STANDARD.of(trace).verdicts().forEach(verdict -> unheard.remove(verdict.by()));
        }
        if (!programsRun && CodeProblem.of(trace.reference()).isPresent()) {
            programs++;
        }
        ids.add(trace.id());
    }

    /** What is to be said once the curation is over. */
    List<String> lines(CurationReport report) {
        List<String> lines = new ArrayList<>();
        if (!unheard.isEmpty() && report.read() > 0) {
            lines.add("curate.verdicts: must name verdicts that traces came with; none of " + report.read()
                    + " traces has one named " + String.join(", ", new TreeSet<>(unheard))
                    + ". The cards of their folders list those that there are");
        }
        long repeats = ids.repeats();
        if (repeats > 0) { // what is decided about an id would be said of several traces
            lines.add(
                    "harvest.traces: must name each trace once; the ids of " + repeats + " traces stand there before ("
                            + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + "). Of traces that are the same curate.duplicates keeps one; of those that differ decisions.jsonl"
                            + " tells several under one id. Name one of the folders that hold the same");
        }
        if (programs > 0) {
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
