package dev.distill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a command says: results on stdout, as text or as one JSON object; progress, warnings and the rest on stderr. Safe
 * for several threads.
 */
final class Console {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String LINE_UP = "\u001b[A";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final String DIM = "\u001b[2m";
    static final String PLAIN = "\u001b[0m";
    /** Yellow. */
    static final String ALARM = "\u001b[33m";

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
    private List<Integer> open = List.of(); // lengths of the progress lines that stand last on the terminal

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
        int room = terminal.err() ? room(terminal.size()) : Integer.MAX_VALUE;
        progressLines(line == null ? List.of() : List.of(line.length() > room ? line.substring(0, room) : line));
    }

    /**
     * Progress of several lines, redrawn in their place on a terminal.
     *
     * @param lines none takes them away; on a terminal none longer than its room, colours not counted
     */
    synchronized void progressLines(List<String> lines) {
        if (style.quiet()) {
            return;
        }
        if (!terminal.err()) {
            lines.forEach(this::say);
            return;
        }
        clearLine();
        if (!lines.isEmpty()) {
            err.print(String.join("\n", lines));
            err.flush();
            open = lines.stream()
                    .map(line -> COLOURS.matcher(line).replaceAll("").length())
                    .toList();
        }
    }

    /** Where progress is drawn: the terminal's size; empty where it is told line by line. */
    Optional<WindowSize> drawing() {
        return terminal.err() ? Optional.of(terminal.size()) : Optional.empty();
    }

    /** Whether what is drawn there may have colours. */
    boolean isColoured() {
        return terminal.err() && style.colour();
    }

    /** Characters of a line that is not to be broken. */
    static int room(WindowSize size) {
        return Math.max(1, size.columns() - 1);
    }

    private void say(String message) {
        clearLine();
        err.println(message);
        err.flush();
    }

    private void clearLine() {
        if (!open.isEmpty()) {
            int columns = terminal.size().columns(); // a window that was made narrower has broken the lines
            int rows = open.stream()
                    .mapToInt(length -> Math.max(1, Math.ceilDiv(length, columns)))
                    .sum();
            err.print(rows == 1 ? CLEAR_LINE : "\r" + LINE_UP.repeat(rows - 1) + CLEAR_BELOW);
            err.flush();
            open = List.of();
        }
    }
}
