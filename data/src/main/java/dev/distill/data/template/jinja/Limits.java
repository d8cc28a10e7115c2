package dev.distill.data.template.jinja;

/**
 * How much a template may do. The defaults are far above what a real one needs: the largest known template, with tools,
 * takes less than 100,000 units of work.
 *
 * @param work units: a statement, an expression, a character produced or searched is 1, an item of a list 8; to this come
 *     {@code workPerInput} units for each character of the input
 * @param workPerInput so that a long conversation has room in proportion
 * @param outputChars characters of the rendered text
 * @param depth statements, expressions and macro calls inside each other
 */
public record Limits(long work, int workPerInput, int outputChars, int depth) {
    public static final Limits DEFAULT = new Limits(20_000_000, 100, 64 << 20, 250);

    public Limits {
        if (work < 1 || workPerInput < 0 || outputChars < 1 || depth < 1) {
            throw new IllegalArgumentException("template limits: work, output characters and depth must be at least 1,"
                    + " work per input at least 0; got " + work + ", " + outputChars + ", " + depth + ", "
                    + workPerInput);
        }
    }
}
