package dev.distill.data.template.jinja;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed template. Immutable; rendering it is safe for several threads. */
public final class JinjaTemplate {
    private static final int DEEPEST_INPUT = 100;

    private final String source;
    private final List<Node> nodes;

    private JinjaTemplate(String source, List<Node> nodes) {
        this.source = source;
        this.nodes = nodes;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException if the source is no template, or uses what is not supported
     */
    public static JinjaTemplate parse(String source) {
        String normalised = Lexer.normalise(source);
        return new JinjaTemplate(normalised, TemplateParser.parse(normalised));
    }

    /**
     * Renders with these variables.
     *
     * @param variables plain data: null, booleans, numbers, strings, maps and lists of such
     * @param now what {@code strftime_now} prints
     * @throws TemplateException if the template fails, refuses the input, or goes beyond the limits
     */
    public Rendering render(Map<String, ? extends @Nullable Object> variables, ZonedDateTime now, Limits limits) {
        Scope scope = new Scope(null);
        long size = 0;
        for (Map.Entry<String, ? extends @Nullable Object> variable : variables.entrySet()) {
            Value value = Value.copyOf(variable.getValue(), DEEPEST_INPUT);
            size += value.size();
            scope.set(variable.getKey(), value);
        }
        Budget budget = new Budget(limits, size);
        return new Interpreter(source, new Run(budget, now)).run(nodes, new Scope(scope));
    }

    /** The source, with {@code \n} as line ends. */
    public String source() {
        return source;
    }
}
