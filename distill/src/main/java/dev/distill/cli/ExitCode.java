package dev.distill.cli;

/** What the process ends with; scripts rely on it. */
final class ExitCode {
    static final int DONE = 0;
    /** The run failed; the message says what is saved and how to go on. */
    static final int FAILED = 1;
    /** The command line, a recipe or an input is wrong; all problems are listed. */
    static final int WRONG_INPUT = 2;
    /** A budget stopped the run, cleanly; the same words go on. */
    static final int BUDGET = 3;
    /** A gate refused: parity, quality, contamination. */
    static final int GATE = 4;

    private ExitCode() {}
}
