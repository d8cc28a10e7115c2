package dev.distill.cli;

import dev.distill.pipeline.Stop;
import java.util.function.IntConsumer;

/**
 * Ctrl-C in a conversation. The first stops the answer that is being written; a second one before the next message ends
 * the process, at once: there is nothing to save. SIGTERM does so always.
 */
final class AnswerInterrupt implements AutoCloseable {
    private static final int SIGNAL_BASE = 128;

    private final Console console;
    private final IntConsumer leave;
    private final Runnable restoreInt;
    private final Runnable restoreTerm;
    private Stop answer = new Stop();
    private boolean writing;
    private boolean once;

    /** From now on, in place of what signals did before. */
    AnswerInterrupt(Console console) {
        this(console, code -> Runtime.getRuntime().halt(code));
    }

    /** @param leave ends the process with this code */
    AnswerInterrupt(Console console, IntConsumer leave) {
        this.console = console;
        this.leave = leave;
        this.restoreInt = Signals.handle("INT", this::take);
        this.restoreTerm = Signals.handle("TERM", signal -> leave.accept(SIGNAL_BASE + signal));
    }

    /** A message has come, and is being answered. Returns what asks to stop that. */
    synchronized Stop begin() {
        answer = new Stop();
        writing = true;
        once = false;
        return answer;
    }

    /** The answer has ended. */
    synchronized void end() {
        writing = false;
    }

    synchronized void take(int signal) {
        if (once) {
            leave.accept(SIGNAL_BASE + signal);
        }
        once = true;
        if (writing) {
            answer.request();
        } else {
            console.info("once more to leave");
        }
    }

    @Override
    public void close() {
        restoreInt.run();
        restoreTerm.run();
    }
}
