package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import org.jspecify.annotations.Nullable;

/**
 * Where a unit stands.
 *
 * @param completedAt position in the ledger of the record that completed it
 * @param completedBytes length of that record; 0 while it is not complete
 * @param failedAttemptsCost what attempts that did not complete it have cost; null for nothing
 * @param givenUp why it was given up; null if it was not
 * @param forGood whether it is not to be tried again
 */
record Standing(
        long completedAt,
        int completedBytes,
        @Nullable Money failedAttemptsCost,
        @Nullable String givenUp,
        boolean forGood) {
    static final Standing NEW = new Standing(0, 0, null, null, false);

    /** After a reply; the first one counts. */
    Standing completed(long at, int bytes) {
        return isCompleted() ? this : new Standing(at, bytes, failedAttemptsCost, null, false);
    }

    /** After an attempt that brought none. */
    Standing failedAttempt(Money cost) {
        Money all = failedAttemptsCost == null ? cost : failedAttemptsCost.plus(cost);
        return new Standing(completedAt, completedBytes, all, givenUp, forGood);
    }

    Standing givenUp(String reason, boolean never) {
        return isCompleted() ? this : new Standing(0, 0, failedAttemptsCost, reason, never);
    }

    boolean isCompleted() {
        return completedBytes > 0;
    }

    /** Whether a new run has nothing to do for it. */
    boolean isSettled() {
        return isCompleted() || forGood;
    }
}
