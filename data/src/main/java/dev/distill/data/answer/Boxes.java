package dev.distill.data.answer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds {@code \boxed{...}} with balanced braces, in one pass over the text. */
final class Boxes {
    /** The text between two boxes of one answer is no longer than this. */
    private static final int MAX_GAP = 60;

    private static final Pattern MARKUP =
            Pattern.compile("\\\\(?:text|mbox|textrm|mathrm)\\s*\\{|\\\\(?:quad|qquad)|\\\\[\\[\\](),;! ]|[{}$~.]");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z](?:_\\w|_)?(?:\\([a-z]\\))?\\s*=");
    private static final Pattern CONNECTIVE =
            Pattern.compile("\\s*(?:[,;]?\\s*(?:(?:\\S+\\s+){0,4}(?:and|or))?[,;]?)\\s*", Pattern.CASE_INSENSITIVE);

    private Boxes() {}

    /** Where a box begins (its backslash) and ends (after its brace), and what it holds. */
    record Box(int start, int end, String content) {}

    /** The answer in the last box, joined with those before it that belong to the same answer; null without a box. */
    static @Nullable Box last(String text) {
        List<Box> boxes = all(text);
        if (boxes.isEmpty()) {
            return null;
        }
        int first = boxes.size() - 1;
        while (first > 0 && belongTogether(text, boxes.get(first - 1), boxes.get(first))) {
            first--;
        }
        List<Box> group = boxes.subList(first, boxes.size());
        String joined = String.join(", ", group.stream().map(Box::content).toList());
        return new Box(group.getFirst().start(), group.getLast().end(), joined);
    }

    /** A last box that is never closed, up to the end of its line: references are sometimes cut so; null without one. */
    static @Nullable String unclosed(String text) {
        int start = text.lastIndexOf("\\boxed{");
        if (start < 0) {
            return null;
        }
        int line = text.indexOf('\n', start);
        String rest = text.substring(start + "\\boxed{".length(), line < 0 ? text.length() : line);
        return rest.replaceFirst("[$\\s]+$", "");
    }

    private static List<Box> all(String text) {
        List<Box> boxes = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && "{}".indexOf(text.charAt(i + 1)) >= 0) {
                i++;
            } else if (c == '{') {
                open.push(i);
            } else if (c == '}' && !open.isEmpty()) {
                int start = open.pop();
                int command = command(text, start);
                if (command >= 0) {
                    while (!boxes.isEmpty() && boxes.getLast().start() > command) {
                        boxes.removeLast(); // a box in a box: the outer one counts
                    }
                    boxes.add(
                            new Box(command, i + 1, text.substring(start + 1, i).strip()));
                }
            }
        }
        return boxes;
    }

    /** Where the command begins whose brace stands here; -1 where it is no box. */
    private static int command(String text, int brace) {
        int end = brace;
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        for (String name : new String[] {"\\boxed", "\\fbox", "\\framebox"}) {
            if (text.startsWith(name, end - name.length())) {
                return end - name.length();
            }
        }
        return -1;
    }

    private static boolean belongTogether(String text, Box first, Box second) {
        if (second.start() < first.end() || second.start() - first.end() > MAX_GAP) {
            return false;
        }
        String gap = text.substring(first.end(), second.start());
        if (gap.indexOf('\n') >= 0) {
            return false;
        }
        String words = LABEL.matcher(MARKUP.matcher(gap).replaceAll(" ")).replaceAll(" ");
        return CONNECTIVE.matcher(words).matches();
    }
}
