package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Python's string methods, on Java's strings. */
final class Strings {
    private Strings() {}

    /** What Python's {@code str.isspace} says of one character; none of them lies outside the basic plane. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    /** Cuts white space, or these characters, from the left, the right or both. */
    static String strip(String text, @Nullable String characters, boolean left, boolean right) {
        IntPredicate cut = characters == null ? Strings::isSpace : c -> characters.indexOf(c) >= 0;
        int start = 0;
        int end = text.length();
        while (left && start < end && cut.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && cut.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    /** At most {@code most} cuts, from the left; a negative number is no bound. A null separator is white space. */
    static List<String> split(String text, @Nullable String separator, long most) {
        return separator == null ? splitAtSpace(text, most) : splitAt(text, separator, most);
    }

    private static List<String> splitAt(String text, String separator, long most) {
        requireNotEmpty(separator);
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && (most < 0 || parts.size() < most); ) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> splitAtSpace(String text, long most) {
        List<String> parts = new ArrayList<>();
        String rest = strip(text, null, true, false);
        while (!rest.isEmpty()) {
            if (most >= 0 && parts.size() >= most) {
                parts.add(rest);
                break;
            }
            int end = 0;
            while (end < rest.length() && !isSpace(rest.charAt(end))) {
                end++;
            }
            parts.add(rest.substring(0, end));
            rest = strip(rest.substring(end), null, true, false);
        }
        return parts;
    }

    /** As {@link #split}, but cutting from the right; the separator must be given. */
    static List<String> splitFromRight(String text, String separator, long most) {
        requireNotEmpty(separator);
        List<String> parts = new ArrayList<>();
        int end = text.length();
        while (most < 0 || parts.size() < most) {
            int at = text.lastIndexOf(separator, end - separator.length());
            if (at < 0 || end < separator.length()) {
                break;
            }
            parts.addFirst(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.addFirst(text.substring(0, end));
        return parts;
    }

    private static void requireNotEmpty(String separator) {
        if (separator.isEmpty()) {
            throw new TemplateException("split: the separator must not be empty");
        }
    }

    /** Lines without their ends; no empty line after a newline at the very end. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(splitAt(text.replace("\r\n", "\n").replace('\r', '\n'), "\n", -1));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    static String replace(String text, String old, String by, long most) {
        if (most < 0) {
            return text.replace(old, by);
        }
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (long count = 0; count < most; count++) {
            int at = text.indexOf(old, from);
            if (at < 0 || (old.isEmpty() && from >= text.length())) {
                break;
            }
            result.append(text, from, at).append(by);
            if (old.isEmpty()) {
                result.append(text.charAt(from));
            }
            from = at + Math.max(1, old.length());
        }
        return result.append(text, Math.min(from, text.length()), text.length()).toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** Every letter after something that is none in upper case, all others in lower case. */
    static String title(String text) {
        StringBuilder result = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            result.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isLetter(c);
        }
        return result.toString();
    }

    static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    /** Whether there is a letter that has a case, and all that have one have this one. */
    static boolean cased(String text, boolean upper) {
        return text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c))
                && text.codePoints().noneMatch(upper ? Character::isLowerCase : Character::isUpperCase);
    }

    /** In the order of code points, as Python compares. */
    static int compare(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean bothOrNone = Character.isSurrogate(x) == Character.isSurrogate(y);
                return bothOrNone ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
