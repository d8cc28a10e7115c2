package dev.distill.pipeline;

import dev.distill.data.curate.Decontamination;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /**
     * Traces of one kind.
     *
     * @param ids of the first of them
     * @param why the first one's verdict, with its reason
     */
    record Found(int count, List<String> ids, String why) {
        Found {
            ids = List.copyOf(ids);
        }

        private Found with(Found one) {
            List<String> more = new ArrayList<>(ids);
            if (more.size() < MOST_NAMED) {
                more.addAll(one.ids);
            }
            return new Found(count + one.count, more, why);
        }
    }

    /** Counts a trace among those of each kind that it is of. */
    static void count(Trace trace, Map<Barred, Found> found) {
        for (Barred kind : values()) {
            kind.of(trace)
                    .ifPresent(verdict -> found.merge(
                            kind,
                            new Found(1, List.of(trace.id()), verdict.by() + ": " + verdict.reason()),
                            Found::with));
        }
    }

    /** The verdict that says so. */
    private Optional<Verdict> of(Trace trace) {
        return trace.verdicts().stream()
                .filter(verdict -> verdict.outcome() == Verdict.Outcome.FAIL)
                .filter(verdict -> verdict.by().equals(by) || verdict.by().startsWith(by.endsWith(":") ? by : by + ":"))
                .findFirst();
    }

    /** What is wrong with these, with what helps. */
    String problem(Found found, int traces) {
        return found.count + " of " + traces + " traces " + what + " (" + found.why + "): "
                + String.join(", ", found.ids) + (found.count > found.ids.size() ? " ..." : "") + "; " + cure
                + ", or say train.allow: " + word();
    }
}
