package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Names of texts as they are, up to how lines end: case and indentation carry meaning (mW and MW, Python), and what differs in them
 * alone is {@link NearDuplicates}' business.
 */
final class ExactText {
    private ExactText() {}

    /** The name of a trace: of its conversation, reasoning and answer. */
    static String of(Trace trace) {
        return Hash.of(List.of(
                ofPrompt(trace), plain(Objects.requireNonNullElse(trace.reasoning(), "")), plain(trace.answer())));
    }

    /** The name of the conversation that it answers. */
    static String ofPrompt(Trace trace) {
        List<String> parts = new ArrayList<>();
        for (Message message : trace.messages()) {
            parts.add(message.role().word());
            parts.add(plain(message.content()));
        }
        return Hash.of(parts);
    }

    /** With {@code \n} for each line's end, no blanks before it, and neither blanks nor empty lines at the end. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int end = 0; // behind the last character of this line that is no blank
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                plain.setLength(end);
                plain.append('\n');
                end = plain.length();
                i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
            } else {
                plain.append(c);
                end = Character.isWhitespace(c) || Character.isSpaceChar(c) ? end : plain.length();
            }
        }
        plain.setLength(end);
        while (!plain.isEmpty() && plain.charAt(plain.length() - 1) == '\n') {
            plain.setLength(plain.length() - 1);
        }
        return plain.toString();
    }
}
