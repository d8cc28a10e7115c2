package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How Python's {@code json.dumps} prints values: {@code ", "} and {@code ": "} between them on one line, {@code ","} at
 * the end of a line with an indent, and no escape for what is not ASCII unless asked for.
 */
final class PythonJson {
    /** @param indent what each level is indented by; null for one line */
    record Style(@Nullable String indent, String itemSeparator, String keySeparator, boolean sortKeys, boolean ascii) {}

    private final Budget budget;
    private final Style style;
    private final StringBuilder out = new StringBuilder();
    private int level;

    private PythonJson(Budget budget, Style style) {
        this.budget = budget;
        this.style = style;
    }

    static String print(Value value, Style style, Budget budget) {
        PythonJson json = new PythonJson(budget, style);
        json.write(value);
        return json.out.toString();
    }

    private void write(Value value) {
        budget.enter();
        switch (value) {
            case Value.None none -> out.append("null");
            case Value.Bool b -> out.append(b.value());
            case Value.Int i -> out.append(i.value());
            case Value.Real r -> out.append(real(r.value()));
            case Value.Text text -> quote(text.value());
            case Value.Sequence sequence -> list(sequence.items());
            case Value.Dict dict -> dict(dict);
            case Value.Undefined u -> throw notJson(u);
            case Value.Namespace n -> throw notJson(n);
            case Value.Function f -> throw notJson(f);
            case Value.Loop l -> throw notJson(l);
        }
        budget.leave();
    }

    private static TemplateException notJson(Value value) {
        return new TemplateException("tojson: " + value.type() + " has no JSON");
    }

    private static String real(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        return Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : PythonText.real(value);
    }

    private void list(List<Value> items) {
        budget.items(items.size());
        out.append('[');
        level++;
        for (int i = 0; i < items.size(); i++) {
            out.append(i > 0 ? style.itemSeparator : "");
            newLine();
            write(items.get(i));
        }
        close(items.isEmpty(), ']');
    }

    private void dict(Value.Dict dict) {
        budget.items(2L * dict.entries().size());
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
        if (style.sortKeys) {
            entries.sort((a, b) -> Operators.compare(a.getKey(), b.getKey(), budget));
        }
        out.append('{');
        level++;
        for (int i = 0; i < entries.size(); i++) {
            out.append(i > 0 ? style.itemSeparator : "");
            newLine();
            key(entries.get(i).getKey());
            out.append(style.keySeparator);
            write(entries.get(i).getValue());
        }
        close(entries.isEmpty(), '}');
    }

    private void key(Value key) {
        switch (key) {
            case Value.Text text -> quote(text.value());
            case Value.None none -> quote("null");
            case Value.Bool b -> quote(String.valueOf(b.value()));
            default -> quote(new PythonText(budget).str(key));
        }
    }

    private void close(boolean empty, char bracket) {
        level--;
        if (!empty) {
            newLine();
        }
        out.append(bracket);
    }

    private void newLine() {
        if (style.indent != null) {
            budget.chars((long) style.indent.length() * level);
            out.append('\n').append(style.indent.repeat(level));
        }
    }

    private void quote(String text) {
        budget.chars(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (style.ascii && c > '~')) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
