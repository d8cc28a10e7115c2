package dev.distill.teacher.harvest;

/** Somebody who shows how far a harvest is. */
@FunctionalInterface
public interface HarvestListener {
    /** Nobody. */
    HarvestListener NONE = progress -> {};

    /** Called once at the start and after every change, from the threads of the harvest, one call at a time: be quick. */
    void progress(HarvestProgress progress);

    /** Something that a person should know of this harvest before it begins, one line. */
    default void told(String line) {}
}
