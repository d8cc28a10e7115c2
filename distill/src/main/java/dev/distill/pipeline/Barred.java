package dev.distill.pipeline;

import dev.distill.data.curate.Decontamination;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why a trace may not be trained on, by the verdicts that it carries; a recipe may allow each by its name. */
enum Barred {
    /** It holds a question of a held-out set. */
    CONTAMINATED(Decontamination.PREFIX, "hold a held-out question", "let curation drop them (curate.held-out)"),
    /** Its prompt's licence forbids training. */
    LICENCE("licence", "have a prompt whose licence forbids training", "drop them"),
    /** The teacher's terms forbid training on its replies. */
    TERMS("terms", "have a teacher whose terms forbid training on its replies", "drop them");

    private static final int MOST_NAMED = 5;

    private final String by;
    private final String what;
    private final String cure;

    Barred(String by, String what, String cure) {
        this.by = by;
        this.what = what;
        this.cure = cure;
    }

    /** As recipes spell it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The verdict that says so. */
    private Optional<Verdict> of(Trace trace) {
        return trace.verdicts().stream()
                .filter(verdict -> verdict.outcome() == Verdict.Outcome.FAIL)
                .filter(verdict -> verdict.by().equals(by) || verdict.by().startsWith(by.endsWith(":") ? by : by + ":"))
                .findFirst();
    }

    /** What is wrong with these traces, with what helps; empty where nothing is. */
    Optional<String> problem(List<Trace> traces) {
        List<Trace> barred =
                traces.stream().filter(trace -> of(trace).isPresent()).toList();
        if (barred.isEmpty()) {
            return Optional.empty();
        }
        Verdict first = of(barred.getFirst()).orElseThrow();
        String ids = String.join(
                ", ", barred.stream().limit(MOST_NAMED).map(Trace::id).toList());
        return Optional.of(barred.size() + " of " + traces.size() + " traces " + what + " (" + first.by() + ": "
                + first.reason() + "): " + ids + (barred.size() > MOST_NAMED ? " ..." : "") + "; " + cure
                + ", or say train.allow: " + word());
    }
}
