package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reasoning as lines, to put things between them. */
final class Lines {
    private static final Pattern BOX = Pattern.compile("\\\\boxed\\{[^}]*}");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final List<String> lines;

    private Lines(List<String> lines) {
        this.lines = lines;
    }

    static Lines of(String text) {
        return new Lines(new ArrayList<>(List.of(text.split("\n", -1))));
    }

    int size() {
        return lines.size();
    }

    String get(int i) {
        return lines.get(i);
    }

    void set(int i, String line) {
        lines.set(i, line);
    }

    /** Puts a line before line {@code i}, which may be the number of lines. */
    void insert(int i, String line) {
        lines.add(i, line);
    }

    /** The first {@code n} lines. */
    Lines first(int n) {
        return new Lines(new ArrayList<>(lines.subList(0, n)));
    }

    String text() {
        return String.join("\n", lines);
    }

    /** The boxed answer with its box; empty where there is none. */
    static String box(String answer) {
        Matcher matcher = BOX.matcher(answer);
        return matcher.find() ? matcher.group() : "";
    }

    /** Some number that stands in the text; "1" where there is none. */
    static String someNumber(String text, Draw draw) {
        List<String> numbers =
                NUMBER.matcher(text).results().map(result -> result.group()).toList();
        return numbers.isEmpty() ? "1" : draw.pick(numbers);
    }
}
