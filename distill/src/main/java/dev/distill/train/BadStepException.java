package dev.distill.train;

import java.util.List;
import java.util.stream.Collectors;

/** A step that would have spoilt the student; its update was not made, and the state before it is saved. */
public final class BadStepException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_NAMED = 64;

    /** @param batch its {@link #names} */
    BadStepException(int step, String problem, String batch) {
        super("train: step " + step + " is bad: " + problem + ". Its batch: " + batch + ". Step " + (step - 1)
                + " is saved. Look at these traces, or lower the learning rate; with train.on-bad-step: skip or roll-back the same"
                + " command goes on without them");
    }

    /** The traces of a batch, for a message. */
    static String names(List<String> traceIds) {
        if (traceIds.isEmpty()) {
            return "traces unknown";
        }
        String named = traceIds.stream().distinct().limit(MOST_NAMED).collect(Collectors.joining(", ", "traces ", ""));
        long more = traceIds.stream().distinct().count() - MOST_NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
