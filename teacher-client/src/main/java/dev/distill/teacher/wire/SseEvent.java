package dev.distill.teacher.wire;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event.
 *
 * @param name the event field; null where there was none
 * @param data the data lines, joined by line feeds; empty where there were none
 * @param id the id field of this event; null where there was none
 */
public record SseEvent(
        @Nullable String name, String data, @Nullable String id) {
    /** Anthropic's, where the event's name has got lost. */
    private static final Pattern PING = Pattern.compile("\\{\\s*\"type\"\\s*:\\s*\"ping\"\\s*}");

    private static final int LONGEST_PING = 32;

    /** Whether it says only that the connection stands. */
    boolean isKeepAlive() {
        return data.isBlank()
                || "ping".equals(name)
                || (data.length() <= LONGEST_PING && PING.matcher(data).matches());
    }
}
