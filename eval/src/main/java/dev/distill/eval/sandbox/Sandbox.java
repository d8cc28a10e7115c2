package dev.distill.eval.sandbox;

import dev.distill.data.journal.Folders;
import dev.distill.eval.sandbox.Accounting.Account;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs that nobody has read. Each runs alone, in a sandbox of its own that is gone when {@link #run} returns. Safe for any number of
 * threads; use platform threads, for the kernel ends a sandbox with the thread that made it.
 */
public final class Sandbox implements AutoCloseable {
    /** The folder in which a program starts and may write. */
    public static final String WORK = "/work";

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

    private final Path folder;
    private final Launcher launcher;
    private final Accounting accounting;

    private Sandbox(Path folder, Launcher launcher, Accounting accounting) {
        this.folder = folder;
        this.launcher = launcher;
        this.accounting = accounting;
    }

    /**
     * Finds the way in which programs can be walled in on this machine, and tries it.
     *
     * @throws SandboxException if there is none
     */
    public static Sandbox open() throws IOException {
        Optional<ControlGroups> groups = ControlGroups.find();
        if (groups.isPresent()) {
            try {
                return open(groups.get());
            } catch (SandboxException e) {
                LOG.info("not by control groups: {}", e.getMessage());
            }
        }
        return open(new ProcessLimits());
    }

    /** One that counts in this way. */
    static Sandbox open(Accounting accounting) throws IOException {
        Path folder = Files.createTempDirectory("distill-sandbox-");
        try {
            Sandbox sandbox = new Sandbox(folder, Launcher.find(folder), accounting);
            sandbox.tryOut();
            return sandbox;
        } catch (IOException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    private void tryOut() throws IOException {
        Ran ran;
        try {
            ran = run(Job.of(List.of("/bin/sh", "-c", "(echo $$) & wait"), List.of(), Limits.STANDARD));
        } catch (SandboxException | UncheckedIOException e) {
            throw refusal(String.valueOf(e.getMessage()), e);
        }
        if (!ran.well() || !ran.out().matches("\\d{1,2}\n")) { // of few processes
            throw refusal(
                    "a program that starts another, which prints its process's number ended with " + ran.ended() + " "
                            + ran.exitCode() + ", \"" + ran.out().strip() + "\", \""
                            + ran.err().strip() + "\"",
                    null);
        }
    }

    private static SandboxException refusal(String found, @Nullable Throwable cause) {
        return new SandboxException(
                "sandbox: this machine must let bubblewrap make user, mount, process and network namespaces; got: "
                        + found
                        + "; allow them (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1,"
                        + " kernel.apparmor_restrict_unprivileged_userns=0; in a container, a seccomp profile that lets"
                        + " unshare and mount pass), verify on another machine, or run no code",
                cause);
    }

    /** What counts memory and processes: {@code cgroup2}, {@code cgroup1} or {@code rlimits}. */
    public String accounting() {
        return accounting.word();
    }

    /**
     * Runs a program to its end, or to its limits.
     *
     * @throws SandboxException if the sandbox broke
     */
    public Ran run(Job job) {
        Path room = folder;
        try {
            room = Files.createTempDirectory(folder, "run-");
            try (Account account = accounting.open(job.limits())) {
                return Execution.of(job, account, launcher.process(job, room, accounting, account.doors()), room);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("sandbox: interrupted while a program ran"));
        } catch (IOException e) {
            throw new UncheckedIOException("sandbox: " + e.getMessage(), e);
        } finally {
            if (!room.equals(folder)) {
                delete(room);
            }
        }
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("sandbox: " + folder + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    /** Leaves no file. No program runs any more. */
    @Override
    public void close() {
        if (Files.exists(folder)) {
            delete(folder);
        }
    }
}
