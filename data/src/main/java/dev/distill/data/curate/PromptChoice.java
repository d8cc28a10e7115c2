package dev.distill.data.curate;

import dev.distill.data.curate.Decision.Dropped;
import dev.distill.data.curate.Decision.Kept;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Keeps at most so many traces of each prompt. */
final class PromptChoice {
    /** The longest at the head; of equal ones the latest. */
    private static final Comparator<Kept> LONGEST = Comparator.comparingLong((Kept kept) -> length(kept.trace()))
            .thenComparingLong(Kept::position)
            .reversed();

    private final @Nullable Choice choice;
    private final Tally tally;
    private final Map<String, Integer> taken = new HashMap<>();
    private final Map<String, PriorityQueue<Kept>> held = new HashMap<>();

    PromptChoice(@Nullable Choice choice, Tally tally) {
        this.choice = choice;
        this.tally = tally;
    }

    void offer(Kept trace) {
        if (choice == null) {
            tally.keep(trace);
            return;
        }
        switch (choice.order()) {
            case FIRST -> first(trace, choice);
            case SHORTEST -> shortest(trace, choice);
        }
    }

    private void first(Kept trace, Choice choice) {
        if (taken.merge(trace.trace().promptId(), 1, Integer::sum) <= choice.perPrompt()) {
            tally.keep(trace);
        } else {
            drop(trace, "the prompt has " + choice.perPrompt() + " traces already");
        }
    }

    private void shortest(Kept trace, Choice choice) {
        PriorityQueue<Kept> queue = held.computeIfAbsent(trace.trace().promptId(), _ -> new PriorityQueue<>(LONGEST));
        queue.add(trace);
        if (queue.size() > choice.perPrompt()) {
            Kept longest = queue.remove();
            drop(longest, "the prompt has " + choice.perPrompt() + " shorter traces");
        }
    }

    /** Keeps what is held, in the order of the input. */
    void finish() {
        List<Kept> rest = new ArrayList<>();
        held.values().forEach(rest::addAll);
        rest.sort(Comparator.comparingLong(Kept::position));
        rest.forEach(tally::keep);
    }

    private void drop(Kept trace, String detail) {
        tally.drop(new Dropped(trace.position(), trace.trace(), Curation.PER_PROMPT, detail));
    }

    private static long length(Trace trace) {
        return trace.answer().length()
                + (trace.reasoning() == null ? 0L : trace.reasoning().length());
    }
}
