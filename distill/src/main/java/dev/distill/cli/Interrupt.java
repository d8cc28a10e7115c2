package dev.distill.cli;

import dev.distill.hub.Hub;
import dev.distill.pipeline.HarvestStage;
import dev.distill.pipeline.Stop;
import dev.distill.teacher.harvest.Ending;
import dev.distill.train.Trainer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl-C while a command runs. The first asks the command to stop at its next safe point, where it saves; the second ends
 * the process at once. A request to end from another process (SIGTERM) is taken in the same way.
 *
 * <p>Java's shutdown hooks do not serve: once they run, a second Ctrl-C has no effect.
 */
final class Interrupt {
    private static final int SIGNAL_BASE = 128;

    private final Stop stop;
    private final Console console;
    private final AtomicInteger code = new AtomicInteger();

    private Interrupt(Stop stop, Console console) {
        this.stop = stop;
        this.console = console;
    }

    /**
     * Runs a command that asks {@code stop} at its safe points.
     *
     * @return the command's exit code, or 130 or 143 where a signal came and the command ended, by itself or because it
     *     was asked to; any other failure is thrown on
     */
    static int during(Stop stop, Console console, Callable<Integer> command) throws Exception {
        Interrupt interrupt = new Interrupt(stop, console);
        Runnable restoreInt = Signals.handle("INT", interrupt::take);
        Runnable restoreTerm = Signals.handle("TERM", interrupt::take);
        try {
            int own = command.call();
            return interrupt.code.get() == 0 ? own : interrupt.code.get();
        } catch (Exception e) {
            if (interrupt.code.get() == 0 || !isStop(e)) {
                throw e;
            }
            console.warn(String.valueOf(e.getMessage()));
            return interrupt.code.get();
        } finally {
            restoreInt.run();
            restoreTerm.run();
        }
    }

    /** Whether a command says with this that it stopped as it was asked to, and has saved its state. */
    private static boolean isStop(Exception e) {
        return switch (e) {
            case Stop.StoppedException stage -> true;
            case Trainer.StoppedException training -> true;
            case Hub.StoppedException fetch -> true;
            case HarvestStage.UnfinishedException harvest -> harvest.ending() instanceof Ending.Interrupted;
            default -> false;
        };
    }

    private void take(int signal) {
        int exit = SIGNAL_BASE + signal;
        if (!code.compareAndSet(0, exit)) {
            Runtime.getRuntime().halt(exit);
        }
        console.warn("stopping at the next safe point; once more to end at once");
        stop.request();
    }
}
