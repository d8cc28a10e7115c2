package dev.distill.teacher;

/** Somebody who can be asked. Safe to call from many threads at once. */
public interface Teacher extends AutoCloseable {
    /**
     * Asks once, waits for the whole reply, and never throws for what a server, a network or a provider did: all of that is an
     * {@link Outcome}. Asking again is the caller's decision, see {@code dev.distill.teacher.pace.Policy}.
     */
    Exchange ask(TeacherRequest request);

    /** Ends every exchange in progress; each returns {@link Outcome.CutStream} with {@link Outcome.Cut#CANCELLED}. */
    @Override
    void close();
}
