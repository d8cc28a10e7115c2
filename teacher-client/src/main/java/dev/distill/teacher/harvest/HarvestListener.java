package dev.distill.teacher.harvest;

import dev.distill.data.trace.Prompt;

/** Somebody who shows how far a harvest is. */
@FunctionalInterface
public interface HarvestListener {
    /** Nobody. */
    HarvestListener NONE = progress -> {};

    /** Called at the start, twice a second and at the end, one call of all these at a time. */
    void progress(HarvestProgress progress);

    /** A unit of this prompt has its reply, and the ledger has it on the disk. From the thread that asked: be quick. */
    default void completed(Prompt prompt) {}

    /** A unit was given up. Those that earlier runs gave up come before the first progress, all others one call at a time with it. */
    default void failed(LedgerAccount.Failed unit, Prompt prompt) {}

    /** A unit that was given up has its reply now. */
    default void recovered(String unit) {}

    /** Something that a person should know of this harvest before it begins, one line. */
    default void told(String line) {}
}
