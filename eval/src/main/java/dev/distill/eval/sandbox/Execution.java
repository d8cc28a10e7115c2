package dev.distill.eval.sandbox;

import dev.distill.eval.sandbox.Accounting.Account;
import dev.distill.eval.sandbox.Ran.Ended;
import dev.distill.eval.sandbox.Ran.Used;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Watches one program from its start to its end. The thread that starts it waits for it, for the kernel ends the sandbox when the thread that made it
 * is gone.
 */
final class Execution {
    private static final long LOOK_MS = 20;
    private static final long PATIENCE_S = 10;

    // As a shell counts signals, and bwrap with it: 128 and the signal's number.
    private static final int KILLED = 128 + 9;
    private static final int OUT_OF_TIME = 128 + 24;
    private static final int FILE_TOO_LARGE = 128 + 25;

    private final Job job;
    private final Account account;
    private final Process process;
    private final Path room;
    private final long began = System.nanoTime();
    private final Output stdout;
    private final Output stderr;

    private Execution(Job job, Account account, Process process, Path room) {
        this.job = job;
        this.account = account;
        this.process = process;
        this.room = room;
        this.stdout = Output.of(process.getInputStream(), job.limits().outputBytes());
        this.stderr = Output.of(process.getErrorStream(), job.limits().outputBytes());
        Thread.ofPlatform().daemon().start(this::feed);
    }

    /** Runs it to its end, one way or another. */
    static Ran of(Job job, Account account, ProcessBuilder builder, Path room)
            throws IOException, InterruptedException {
        Execution execution = new Execution(job, account, builder.start(), room);
        try {
            return execution.watch();
        } catch (IOException | InterruptedException | RuntimeException e) {
            execution.kill();
            throw e;
        }
    }

    private void feed() {
        try (OutputStream in = process.getOutputStream()) {
            in.write(job.stdin());
        } catch (IOException e) {
            return; // it did not care to read all
        }
    }

    private Ran watch() throws IOException, InterruptedException {
        Optional<Ended> cut = Optional.empty();
        while (cut.isEmpty() && !process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
            cut = excess();
        }
        if (cut.isPresent()) {
            kill();
        }
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new SandboxException("sandbox: process " + process.pid() + " does not end although it was killed");
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - began);
        byte[] out = stdout.all();
        byte[] err = stderr.all();
        if (cut.isEmpty()) {
            cut = excess().filter(ended -> ended != Ended.TIME_LIMIT); // the kernel may have been faster than a look
        }
        if (cut.isPresent()) {
            return new Ran(cut.get(), KILLED, out, err, wall, account.used());
        }
        int code = Status.exitCode(room)
                .orElseThrow(
                        () -> new SandboxException("sandbox: its walls broke, or no program could be started in it: "
                                + new String(err, StandardCharsets.UTF_8).strip()));
        return new Ran(ended(code, wall), code, out, err, wall, used(code));
    }

    /** Whom the kernel has told that its time is over has had it, though the last look was a moment before. */
    private Used used(int code) throws IOException {
        Used used = account.used();
        Duration least = code == OUT_OF_TIME ? job.limits().cpu() : Duration.ZERO;
        return used.cpu().compareTo(least) >= 0
                ? used
                : new Used(used.by(), least, used.peakMemoryBytes(), used.refusedProcesses());
    }

    private Optional<Ended> excess() throws IOException {
        if (stdout.overflown() || stderr.overflown()) {
            return Optional.of(Ended.OUTPUT_LIMIT);
        }
        Optional<Ended> breach = account.breach(process.toHandle());
        return breach.isEmpty()
                        && System.nanoTime() - began > job.limits().wall().toNanos()
                ? Optional.of(Ended.TIME_LIMIT)
                : breach;
    }

    /** The kernel's own limits end a process by signals of theirs; who ignores that of time is killed a second later. */
    private Ended ended(int code, Duration wall) {
        return switch (code) {
            case OUT_OF_TIME -> Ended.TIME_LIMIT;
            case FILE_TOO_LARGE -> Ended.OUTPUT_LIMIT;
            case KILLED -> wall.compareTo(job.limits().cpu()) >= 0 ? Ended.TIME_LIMIT : Ended.ITSELF;
            default -> Ended.ITSELF;
        };
    }

    private void kill() throws IOException {
        account.kill(process.toHandle());
        process.destroyForcibly();
    }
}
