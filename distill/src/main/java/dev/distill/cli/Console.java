package dev.distill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a command says: results on stdout, as text or as one JSON object; progress, warnings and the rest on stderr. Safe
 * for several threads.
 */
final class Console {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    /**
     * What the user asked for.
     *
     * @param quiet no progress
     * @param verbose details too
     * @param colour on terminals
     * @param json one object in place of the text
     */
    record Style(boolean quiet, boolean verbose, boolean colour, boolean json) {}

    private final PrintWriter out;
    private final PrintWriter err;
    private final Terminal terminal;
    private final Style style;
    private boolean lineOpen; // a progress line stands on the terminal's last line

    Console(PrintWriter out, PrintWriter err, Terminal terminal, Style style) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.style = style;
    }

    boolean isVerbose() {
        return style.verbose();
    }

    boolean isJson() {
        return style.json();
    }

    /** Whether stdout is a terminal that gets text: somebody reads while it is written. */
    boolean isLive() {
        return terminal.out() && !style.json();
    }

    /** Whether somebody types at a terminal and reads there what is answered. */
    boolean isDialogue() {
        return terminal.in() && isLive();
    }

    // ---- stdout

    /** A line of the result for people; nothing where JSON is asked for. */
    synchronized void print(String line) {
        if (!style.json()) {
            clearLine();
            out.println(line);
            out.flush();
        }
    }

    /** A piece of a text that grows on the terminal, without a line's end; nothing where JSON is asked for. */
    synchronized void stream(String piece, boolean dimmed) {
        if (!style.json() && !piece.isEmpty()) {
            clearLine();
            out.print(dimmed && terminal.out() && style.colour() ? DIM + piece + PLAIN : piece);
            out.flush();
        }
    }

    /** Ends the reasoning of a text that grows on the terminal: the answer stands apart from it. */
    synchronized void endReasoning() {
        if (!style.json()) {
            out.print("\n\n");
        }
    }

    /** The result as JSON, once, at the end; nothing where text is asked for. */
    synchronized void result(ObjectNode json) {
        if (style.json()) {
            clearLine();
            try {
                out.println(new ObjectMapper().writeValueAsString(json));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a tree of JSON can be written", e);
            }
            out.flush();
        }
    }

    // ---- stderr

    /** What the user should know to make sense of the result. */
    synchronized void warn(String message) {
        say("warning: " + message);
    }

    /** What is being done; not with {@code --quiet}. */
    synchronized void info(String message) {
        if (!style.quiet()) {
            say(message);
        }
    }

    /** For those who look closely: only with {@code -v}. */
    synchronized void detail(String message) {
        if (style.verbose()) {
            say(message);
        }
    }

    /**
     * Progress of one kind of work.
     *
     * @param total units of all the work; 0 where it is not known
     */
    Progress progress(String what, long total) {
        return new Progress(this, what, total, terminal.err(), System::nanoTime);
    }

    /** @param line null takes the line away */
    synchronized void progressLine(@Nullable String line) {
        if (style.quiet()) {
            return;
        }
        if (!terminal.err()) {
            if (line != null) {
                say(line);
            }
            return;
        }
        clearLine();
        if (line != null) {
            int room = Math.max(1, terminal.columns() - 1);
            err.print(line.length() > room ? line.substring(0, room) : line);
            err.flush();
            lineOpen = true;
        }
    }

    private void say(String message) {
        clearLine();
        err.println(message);
        err.flush();
    }

    private void clearLine() {
        if (lineOpen) {
            err.print(CLEAR_LINE);
            err.flush();
            lineOpen = false;
        }
    }
}
