package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Names of texts up to case and spaces. */
final class FoldedText {
    private FoldedText() {}

    /** The name of a trace: of its conversation, reasoning and answer. */
    static String of(Trace trace) {
        return Hash.of(List.of(
                ofPrompt(trace), fold(Objects.requireNonNullElse(trace.reasoning(), "")), fold(trace.answer())));
    }

    /** The name of the conversation that it answers. */
    static String ofPrompt(Trace trace) {
        List<String> parts = new ArrayList<>();
        for (Message message : trace.messages()) {
            parts.add(message.role().word());
            parts.add(fold(message.content()));
        }
        return Hash.of(parts);
    }

    /** In lower case, each run of white space one space, none at either end. */
    static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                space = !folded.isEmpty();
            } else {
                if (space) {
                    folded.append(' ');
                    space = false;
                }
                folded.append(Character.toLowerCase(c));
            }
        }
        return folded.toString();
    }
}
