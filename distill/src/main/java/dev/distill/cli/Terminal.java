package dev.distill.cli;

import java.util.List;
import java.util.Optional;

/**
 * What the three streams are connected to.
 *
 * @param in whether stdin is a terminal
 * @param out whether stdout is a terminal
 * @param err whether stderr is a terminal
 * @param columns the terminal's width in characters, at the start
 */
record Terminal(boolean in, boolean out, boolean err, int columns) {
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    /** No terminal at all: files and pipes. */
    static final Terminal NONE = new Terminal(false, false, false, USUAL_COLUMNS);

    /** The size that the terminal has now; the one at the start where it does not tell. */
    WindowSize size() {
        Optional<WindowSize> now = err ? WindowSize.now() : Optional.empty();
        return now.orElse(new WindowSize(columns, USUAL_ROWS));
    }

    /**
     * The launcher looks, for Java cannot tell the streams apart, and says in {@code distill.terminal} which of
     * {@code in,out,err} are terminals. Without the launcher all are if Java has a console.
     */
    static Terminal ofThisProcess() {
        String told = System.getProperty("distill.terminal");
        if (told == null) {
            java.io.Console console = System.console();
            boolean all = console != null && console.isTerminal();
            return new Terminal(all, all, all, USUAL_COLUMNS);
        }
        List<String> streams = List.of(told.split(","));
        return new Terminal(
                streams.contains("in"),
                streams.contains("out"),
                streams.contains("err"),
                Integer.getInteger("distill.columns", USUAL_COLUMNS));
    }
}
