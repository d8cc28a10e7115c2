package dev.distill.data.template.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code value | name(arguments)}: text, numbers and JSON here, lists in {@link ListFilters}. */
final class Filters {
    private static final Pattern WORD_BREAK = Pattern.compile("(?<=[-\\s({\\[<])(?![-\\s({\\[<])");

    private Filters() {}

    static Value apply(String name, Value value, Args args) {
        Value text = text(name, value, args);
        if (text != null) {
            return args.finish(text);
        }
        Value list = ListFilters.apply(name, value, args);
        if (list != null) {
            return args.finish(list);
        }
        throw new TemplateException("there is no filter \"" + name + "\"");
    }

    private static @Nullable Value text(String name, Value value, Args args) {
        return switch (name) {
            case "string", "safe" -> args.run.text(args.run.str(value));
            case "trim" -> of(args, Strings.strip(str(value, args), args.text(0, "chars"), true, true));
            case "upper" -> of(args, str(value, args).toUpperCase(Locale.ROOT));
            case "lower" -> of(args, str(value, args).toLowerCase(Locale.ROOT));
            case "capitalize" -> of(args, Strings.capitalize(str(value, args)));
            case "title" -> of(args, title(str(value, args)));
            case "replace" -> replace(value, args);
            case "indent" -> indent(str(value, args), args);
            case "escape", "e" -> of(args, escape(str(value, args)));
            case "format" -> format(value, args);
            case "tojson" -> tojson(value, args);
            case "default", "d" -> defaulted(value, args);
            case "int" -> number(value, args, true);
            case "float" -> number(value, args, false);
            case "abs" -> abs(value);
            case "round" -> round(value, args);
            case "attr" -> Attributes.named(value, args.requireText(0, "name"), args.run);
            default -> null;
        };
    }

    private static String str(Value value, Args args) {
        String text = args.run.str(value);
        args.run.budget().chars(text.length());
        return text;
    }

    private static Value of(Args args, String text) {
        return args.run.text(text);
    }

    /** Jinja's own rule: a word begins after white space, a dash or an opening bracket. */
    private static String title(String text) {
        StringBuilder result = new StringBuilder();
        for (String word : WORD_BREAK.split(text, -1)) {
            result.append(Strings.capitalize(word));
        }
        return result.toString();
    }

    private static Value replace(Value value, Args args) {
        Value old = args.require(0, "old");
        Value by = args.require(1, "new");
        return Methods.replace(
                str(value, args), str(old, args), str(by, args), args.whole(2, "count", -1), args.run.budget());
    }

    private static Value indent(String text, Args args) {
        Value width = args.get(0, "width", new Value.Int(4));
        boolean first = args.flag(1, "first", false);
        boolean blank = args.flag(2, "blank", false);
        String indent = width instanceof Value.Text given
                ? given.value()
                : " ".repeat(Math.clamp(args.whole(0, "width", 4), 0, 1_000));
        List<String> lines = Strings.split(text, "\n", -1);
        args.run.budget().chars((long) lines.size() * indent.length());
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean indented = i == 0 ? first : blank || !line.isEmpty();
            result.append(i > 0 ? "\n" : "").append(indented ? indent : "").append(line);
        }
        return of(args, result.toString());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Value format(Value value, Args args) {
        args.takesAll();
        return of(args, Printf.format(str(value, args), new Value.Sequence(args.positional, true), args.run.budget()));
    }

    private static Value tojson(Value value, Args args) {
        boolean ascii = args.flag(0, "ensure_ascii", false);
        Value indent = args.get(1, "indent", Value.None.NONE);
        Value separators = args.get(2, "separators", Value.None.NONE);
        boolean sortKeys = args.flag(3, "sort_keys", false);
        String indentText = switch (indent) {
            case Value.None none -> null;
            case Value.Text text -> text.value();
            default -> " ".repeat(Math.clamp(args.whole(1, "indent", 0), 0, 1_000));
        };
        String items = indentText == null ? ", " : ",";
        String keys = ": ";
        if (separators instanceof Value.Sequence pair && pair.items().size() == 2) {
            items = str(pair.items().get(0), args);
            keys = str(pair.items().get(1), args);
        }
        PythonJson.Style style = new PythonJson.Style(indentText, items, keys, sortKeys, ascii);
        return of(args, PythonJson.print(value, style, args.run.budget()));
    }

    private static Value defaulted(Value value, Args args) {
        Value otherwise = args.get(0, "default_value", Value.Text.EMPTY);
        boolean orFalse = args.flag(1, "boolean", false);
        return value instanceof Value.Undefined || (orFalse && !value.truth()) ? otherwise : value;
    }

    private static Value number(Value value, Args args, boolean whole) {
        Value otherwise = args.get(0, "default", whole ? new Value.Int(0) : new Value.Real(0));
        int base = whole ? (int) args.whole(1, "base", 10) : 10;
        try {
            return switch (value) {
                case Value.Bool b when whole -> new Value.Int(b.value() ? 1 : 0);
                case Value.Int i when whole -> i;
                case Value.Real r when whole && Math.abs(r.value()) < 0x1p63 -> new Value.Int((long) r.value());
                case Value.Text t
                when whole && base != 10 ->
                    new Value.Int(Long.parseLong(t.value().strip(), base));
                case Value.Text t
                when whole ->
                    new Value.Int(new BigDecimal(t.value().strip())
                            .setScale(0, RoundingMode.DOWN)
                            .longValueExact());
                case Value.Text t -> new Value.Real(new BigDecimal(t.value().strip()).doubleValue());
                case Value.Bool b -> new Value.Real(Operators.real(b));
                case Value.Int i -> new Value.Real(i.value());
                case Value.Real r when !whole -> r;
                default -> otherwise;
            };
        } catch (NumberFormatException | ArithmeticException e) {
            return otherwise;
        }
    }

    private static Value abs(Value value) {
        boolean negative = Operators.isNumber(value) && Operators.real(value) < 0;
        if (negative || Operators.isNumber(value)) {
            return negative ? Operators.negated(value) : value;
        }
        throw new TemplateException("abs needs a number; got " + value.type());
    }

    /** A float always, as in Jinja; halves go to the even neighbour, as in Python. */
    private static Value round(Value value, Args args) {
        int precision = Math.clamp(args.whole(0, "precision", 0), -400, 400);
        String method = args.text(1, "method");
        if (!Operators.isNumber(value)) {
            throw new TemplateException("round needs a number; got " + value.type());
        }
        RoundingMode mode = switch (method == null ? "common" : method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateException("round: method must be common, ceil or floor; got " + method);
        };
        double number = Operators.real(value);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return value;
        }
        return new Value.Real(new BigDecimal(number).setScale(precision, mode).doubleValue());
    }
}
