package dev.distill.data.template.jinja;

import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Python's {@code strftime}, in English, for the directives that print a date and a time. */
final class Strftime {
    private Strftime() {}

    static String format(String format, Run run) {
        run.budget().chars(16L * format.length());
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                result.append(c);
                continue;
            }
            char letter = format.charAt(++i);
            boolean unpadded = letter == '-' && i + 1 < format.length();
            if (unpadded) {
                letter = format.charAt(++i);
            }
            String text = letter == '%' ? "%" : run.now().format(pattern(letter));
            result.append(unpadded ? withoutLeadingZeros(text) : text);
        }
        return result.toString();
    }

    private static String withoutLeadingZeros(String text) {
        String rest = Strings.strip(text, "0", true, false);
        return rest.isEmpty() ? "0" : rest;
    }

    private static DateTimeFormatter pattern(char letter) {
        String pattern = switch (letter) {
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> "MM";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'd' -> "dd";
            case 'j' -> "DDD";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'p' -> "a";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'f' -> "SSSSSS";
            case 'Z' -> "zzz";
            case 'z' -> "xx";
            case 'F' -> "uuuu-MM-dd";
            case 'T' -> "HH:mm:ss";
            case 'R' -> "HH:mm";
            case 'D' -> "MM/dd/uu";
            default -> throw new TemplateException("strftime_now: %" + letter + " is not supported");
        };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
