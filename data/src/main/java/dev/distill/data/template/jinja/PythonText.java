package dev.distill.data.template.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** How Python prints values: {@code str()} and {@code repr()}. */
final class PythonText {
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    PythonText(Budget budget) {
        this.budget = budget;
    }

    String str(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Undefined undefined -> "";
            default -> repr(value);
        };
    }

    String repr(Value value) {
        write(value);
        return out.toString();
    }

    private void write(Value value) {
        budget.enter();
        switch (value) {
            case Value.None none -> out.append("None");
            case Value.Bool b -> out.append(b.value() ? "True" : "False");
            case Value.Int i -> out.append(i.value());
            case Value.Real r -> out.append(real(r.value()));
            case Value.Text text -> quote(text.value());
            case Value.Sequence sequence -> sequence(sequence);
            case Value.Dict dict -> dict(dict);
            case Value.Undefined undefined -> out.append("Undefined");
            case Value.Namespace namespace -> out.append("<namespace>");
            case Value.Function function ->
                out.append("<function ").append(function.name()).append('>');
            case Value.Loop loop -> out.append("<loop>");
        }
        budget.leave();
    }

    private void sequence(Value.Sequence sequence) {
        List<Value> items = sequence.items();
        budget.items(items.size());
        out.append(sequence.tuple() ? '(' : '[');
        for (int i = 0; i < items.size(); i++) {
            out.append(i > 0 ? ", " : "");
            write(items.get(i));
        }
        out.append(sequence.tuple() && items.size() == 1 ? "," : "").append(sequence.tuple() ? ')' : ']');
    }

    private void dict(Value.Dict dict) {
        budget.items(2L * dict.entries().size());
        out.append('{');
        for (Iterator<Map.Entry<Value, Value>> i = dict.entries().entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Value, Value> entry = i.next();
            write(entry.getKey());
            out.append(": ");
            write(entry.getValue());
            out.append(i.hasNext() ? ", " : "");
        }
        out.append('}');
    }

    private void quote(String text) {
        budget.chars(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (c == ' ' || printable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** The shortest digits that give this number again; with an exponent below 1e-4 and from 1e16 on. */
    static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') >= 0 ? plain : plain + ".0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : String.valueOf(Math.abs(exponent));
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
    }
}
