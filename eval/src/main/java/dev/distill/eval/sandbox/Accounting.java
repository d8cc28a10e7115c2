package dev.distill.eval.sandbox;

import dev.distill.eval.sandbox.Ran.Ended;
import dev.distill.eval.sandbox.Ran.Used;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who counts the memory and the processes of a program, and says when it has too much. */
sealed interface Accounting permits ControlGroups, ProcessLimits {
    /** One word for a person: {@code cgroup2}, {@code cgroup1} or {@code rlimits}. */
    String word();

    /** Whether the kernel itself holds all processes together to the limits; otherwise it is told to hold each. */
    boolean holdsTogether();

    /** The account of one program that is about to start. */
    Account open(Limits limits) throws IOException;

    /** One program's account. For one thread. */
    interface Account extends AutoCloseable {
        /** Files into which a process that is to be counted writes its id. */
        List<Path> doors();

        /** What it has too much of by now. */
        Optional<Ended> breach(ProcessHandle launcher) throws IOException;

        /** Ends all its processes. */
        void kill(ProcessHandle launcher) throws IOException;

        Used used() throws IOException;

        /**
         * Ends the account.
         *
         * @throws SandboxException if a process is alive that should not be
         */
        @Override
        void close() throws IOException;
    }
}
