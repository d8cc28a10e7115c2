package dev.distill.data.template.jinja;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % values}, with {@code %s %r %d %i %f %x %%}, a width, and a precision. */
final class Printf {
    private static final Pattern CONVERSION = Pattern.compile("%(-?)(0?)(\\d{0,3})(?:\\.(\\d{1,3}))?([a-zA-Z%])");

    private Printf() {}

    static String format(String format, Value values, Budget budget) {
        List<Value> arguments =
                values instanceof Value.Sequence sequence && sequence.tuple() ? sequence.items() : List.of(values);
        StringBuilder result = new StringBuilder();
        Matcher conversion = CONVERSION.matcher(format);
        int next = 0;
        int from = 0;
        budget.chars(format.length());
        while (conversion.find()) {
            result.append(format, from, conversion.start());
            from = conversion.end();
            if (conversion.group(5).equals("%")) {
                result.append('%');
                continue;
            }
            if (next == arguments.size()) {
                throw new TemplateException("\"%\": more conversions than the " + next + " values");
            }
            String text = one(conversion, arguments.get(next++), budget);
            budget.chars(text.length());
            result.append(padded(conversion, text));
        }
        if (next < arguments.size()) {
            throw new TemplateException("\"%\": " + arguments.size() + " values for " + next + " conversions");
        }
        return result.append(format.substring(from)).toString();
    }

    private static String one(Matcher conversion, Value value, Budget budget) {
        String letter = conversion.group(5);
        int precision = conversion.group(4) == null ? -1 : Integer.parseInt(conversion.group(4));
        switch (letter) {
            case "s", "r" -> {
                PythonText printer = new PythonText(budget);
                String text = letter.equals("s") ? printer.str(value) : printer.repr(value);
                return precision >= 0 && precision < text.length() ? text.substring(0, precision) : text;
            }
            case "d", "i", "f", "x" -> {
                if (!Operators.isNumber(value)) {
                    throw new TemplateException("\"%" + letter + "\" needs a number; got " + value.type());
                }
                double number = Operators.real(value);
                return switch (letter) {
                    case "f" -> String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + "f", number);
                    case "x" -> Long.toHexString((long) number);
                    default -> value instanceof Value.Int i ? Long.toString(i.value()) : Long.toString((long) number);
                };
            }
            default -> throw new TemplateException("\"%" + letter + "\" is not supported");
        }
    }

    private static String padded(Matcher conversion, String text) {
        int width = conversion.group(3).isEmpty() ? 0 : Integer.parseInt(conversion.group(3));
        if (text.length() >= width) {
            return text;
        }
        String zero = conversion.group(2);
        int missing = width - text.length();
        if (!conversion.group(1).isEmpty()) {
            return text + " ".repeat(missing);
        }
        if (zero.isEmpty() || conversion.group(5).equals("s")) {
            return " ".repeat(missing) + text;
        }
        return text.startsWith("-") ? "-" + "0".repeat(missing) + text.substring(1) : "0".repeat(missing) + text;
    }
}
