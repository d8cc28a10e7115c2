package dev.distill.cli;

import dev.distill.pipeline.Stop;

/**
 * Ctrl-C in a conversation. The first stops the answer that is being written; a second one before the next message ends
 * the process, at once: there is nothing to save. SIGTERM does so always.
 */
final class AnswerInterrupt implements AutoCloseable {
    private static final int SIGNAL_BASE = 128;

    private final Console console;
    private final Runnable restoreInt;
    private final Runnable restoreTerm;
    private Stop answer = new Stop();
    private boolean writing;
    private boolean once;

    /** From now on, in place of what signals did before. */
    AnswerInterrupt(Console console) {
        this.console = console;
        this.restoreInt = Signals.handle("INT", this::take);
        this.restoreTerm = Signals.handle("TERM", signal -> Runtime.getRuntime().halt(SIGNAL_BASE + signal));
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

    private synchronized void take(int signal) {
        if (once) {
            Runtime.getRuntime().halt(SIGNAL_BASE + signal);
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
