package dev.distill.teacher.wire;

import org.jspecify.annotations.Nullable;

/**
 * One server-sent event.
 *
 * @param name the event field; null where there was none
 * @param data the data lines, joined by line feeds; empty where there were none
 * @param id the id field of this event; null where there was none
 */
public record SseEvent(
        @Nullable String name, String data, @Nullable String id) {}
