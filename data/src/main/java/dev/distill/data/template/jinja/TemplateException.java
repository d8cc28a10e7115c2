package dev.distill.data.template.jinja;

import java.io.Serial;

/**
 * A template is wrong, refuses its input ({@code raise_exception}), or went beyond its {@link Limits}. The message begins
 * with the place: {@code chat template, line 3, column 14: ...}.
 */
public final class TemplateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final int line;
    private final int column;

    /** A problem without a place in the template. */
    public TemplateException(String problem) {
        super("chat template: " + problem);
        this.problem = problem;
        this.line = 0;
        this.column = 0;
    }

    private TemplateException(String problem, int line, int column) {
        super("chat template, line " + line + ", column " + column + ": " + problem);
        this.problem = problem;
        this.line = line;
        this.column = column;
    }

    /** The line, from 1; 0 where no place in the template is to blame. */
    public int line() {
        return line;
    }

    /** The column, from 1; 0 where no place in the template is to blame. */
    public int column() {
        return column;
    }

    /** What is wrong, without the place. For {@code raise_exception}: the template's own words. */
    public String problem() {
        return problem;
    }

    /** This exception with the place at this offset of the source, unless it has one already. */
    TemplateException at(String source, int offset) {
        if (line > 0) {
            return this;
        }
        int end = Math.min(offset, source.length());
        int newLine = source.lastIndexOf('\n', end - 1);
        int lines = 1
                + (int) source.substring(0, end).chars().filter(c -> c == '\n').count();
        return new TemplateException(problem, lines, end - newLine);
    }
}
