package dev.distill.teacher.wire;

/** A server sent a line or an event without end. */
public final class EventTooLongException extends RuntimeException {
    EventTooLongException(int longest) {
        super("an event is longer than " + longest + " bytes");
    }
}
