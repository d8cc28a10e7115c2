package dev.distill.teacher;

/** Somebody who can be asked. Safe to call from many threads at once. */
public interface Teacher extends AutoCloseable {
    /**
     * Asks once, waits for the whole reply, and never throws for what a server, a network or a provider did: all of that is an
     * {@link Outcome}. Asking again is the caller's decision, see {@code dev.distill.teacher.pace.Policy}.
     */
    Exchange ask(TeacherRequest request);

    /**
     * The same, and tells when the reply begins: once, before this returns, on any thread; never for a request that got none. A teacher that does not
     * know when tells at the end.
     */
    default Exchange ask(TeacherRequest request, Runnable begun) {
        Exchange exchange = ask(request);
        if (exchange.outcome() instanceof Outcome.Completed) {
            begun.run();
        }
        return exchange;
    }

    /** Ends every exchange in progress; each returns {@link Outcome.CutStream} with {@link Outcome.Cut#CANCELLED}. */
    @Override
    void close();
}
