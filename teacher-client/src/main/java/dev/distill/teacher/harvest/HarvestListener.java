package dev.distill.teacher.harvest;

import dev.distill.data.trace.Prompt;

/** Somebody who shows how far a harvest is. */
@FunctionalInterface
public interface HarvestListener {
    /** Nobody. */
    HarvestListener NONE = progress -> {};

    /** Called once at the start, after every change and every second, from the threads of the harvest, one call at a time: be quick. */
    void progress(HarvestProgress progress);

    /** A unit was given up. Those that earlier runs gave up come before the first progress, all others one call at a time with it. */
    default void failed(LedgerAccount.Failed unit, Prompt prompt) {}

    /** A unit that was given up has its reply now. */
    default void recovered(String unit) {}

    /** Something that a person should know of this harvest before it begins, one line. */
    default void told(String line) {}
}
