package dev.distill.cli;

import dev.distill.data.template.ReasoningSplitter.Piece;
import dev.distill.respond.TextGenerator;

/** A reply for people: on a terminal as it grows, the reasoning dimmed; elsewhere whole, the reasoning between markers. */
final class ReplyPrinter {
    private final Console console;
    private boolean reasoned; // reasoning stands on the terminal, and no answer yet

    ReplyPrinter(Console console) {
        this.console = console;
    }

    /** The next piece of a text that grows on the terminal. */
    void print(Piece piece) {
        console.stream(piece.reasoning(), true);
        reasoned |= !piece.reasoning().isEmpty();
        if (reasoned && !piece.answer().isEmpty()) {
            console.endReasoning();
            reasoned = false;
        }
        console.stream(piece.answer(), false);
    }

    /** Ends the text's last line. */
    void end() {
        reasoned = false;
        console.print("");
    }

    /** The whole text. */
    static String plain(TextGenerator.Text text) {
        return text.reasoning().isEmpty()
                ? text.answer()
                : "<think>\n" + text.reasoning() + "\n</think>\n\n" + text.answer();
    }
}
