package dev.distill.teacher.pace;

import dev.distill.teacher.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices that nothing works: so many attempts in a row have failed, over all units, and none has succeeded for a while. A
 * run in which nothing ever succeeded does not get that while: its address or model is wrong. Nor do requests that are forbidden.
 */
public final class Circuit {
    private final int failures;
    private final Duration quiet;
    private final LongSupplier clock;
    private int inARow;
    private int forbiddenInARow;
    private boolean succeeded;
    private long lastSuccess;

    /**
     * @param failures attempts in a row
     * @param quiet without success, after the first
     */
    public Circuit(int failures, Duration quiet) {
        this(failures, quiet, System::nanoTime);
    }

    Circuit(int failures, Duration quiet, LongSupplier nanoClock) {
        this.failures = failures;
        this.quiet = quiet;
        this.clock = nanoClock;
    }

    public synchronized void success() {
        inARow = 0;
        forbiddenInARow = 0;
        succeeded = true;
        lastSuccess = clock.getAsLong();
    }

    /** Whether any attempt has succeeded. */
    public synchronized boolean hasSucceeded() {
        return succeeded;
    }

    /** Counts a failed attempt; returns the message with which to stop the run, once it is time for that. */
    public synchronized Optional<String> failure(Outcome outcome) {
        inARow++;
        forbiddenInARow += outcome instanceof Outcome.Unauthorized ? 1 : 0;
        if (forbiddenInARow >= failures) { // that does not pass: the key is no longer good
            return Optional.of(
                    "the last " + forbiddenInARow + " requests that were forbidden had none between them that"
                            + " succeeded, most recently: " + outcome.describe());
        }
        if (inARow < failures || (succeeded && clock.getAsLong() - lastSuccess < quiet.toNanos())) {
            return Optional.empty();
        }
        return Optional.of("the last " + inARow + " requests all failed, most recently: " + outcome.describe());
    }
}
