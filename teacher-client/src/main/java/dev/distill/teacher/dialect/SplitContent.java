package dev.distill.teacher.dialect;

import dev.distill.data.trace.FinishReason;
import dev.distill.teacher.Reply;

/** A reply whose reasoning, if any, lies inside the content, between think tags; the template may have written the first. */
final class SplitContent {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private SplitContent() {}

    static Reply reply(String raw, FinishReason finish, String model) {
        int start = raw.stripLeading().startsWith(OPEN) ? raw.indexOf(OPEN) + OPEN.length() : -1;
        int end = raw.indexOf(CLOSE);
        if (end >= 0) {
            String reasoning = raw.substring(Math.max(start, 0), end).strip();
            return new Reply(reasoning, raw.substring(end + CLOSE.length()).strip(), raw, finish, model);
        }
        return start >= 0
                ? new Reply(raw.substring(start).strip(), "", raw, finish, model)
                : new Reply(null, raw, raw, finish, model);
    }
}
