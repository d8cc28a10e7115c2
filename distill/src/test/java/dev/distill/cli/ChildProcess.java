package dev.distill.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A process that does not outlive this object, nor a test run that is interrupted. */
record ChildProcess(Process process, Thread atExit) implements AutoCloseable {
    static ChildProcess start(ProcessBuilder program) throws IOException {
        Process process = program.start();
        Thread atExit = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(atExit);
        return new ChildProcess(process, atExit);
    }

    /** Asks it to end and, where it does not within seconds, ends it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
