package dev.distill.data.answer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
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

    /** Signs behind a box that go on with it; a star may be a mark of bold type, and a dash an afterthought. */
    private static final Pattern BEHIND = Pattern.compile(
            "\\s*(?:\\\\(?:cdot|times|div|pm|mp|sqrt|pi|[dt]?frac)(?![A-Za-z])"
                    + "|[·×÷^]|\\*(?=\\s*\\d)|/(?=\\s*[\\d(\\\\])|\\+(?=\\s*[\\dA-Za-z(\\\\])|[-−](?=\\s*(?:\\d|\\\\(?:sqrt|pi|[dt]?frac))))");

    /** The same before a box, and a minus at the start of a formula or of a side of an equation. */
    private static final Pattern AHEAD = Pattern.compile(
            "(?:\\\\(?:cdot|times|div|pm|mp)|[·×÷^_]|[\\d}]\\s*[*/]|(?:[=$≈]|\\\\approx|\\\\[(\\[])\\s*[-−])\\s*+$");

    /** Where a side of an equation, a formula or a sentence begins or ends. */
    private static final Pattern EDGE =
            Pattern.compile("[$\\n=;:≈&]|,(?!\\d{3})|\\\\[\\[\\]()\\\\]|\\\\(?:approx|q?quad|text|mbox|end)(?![a-z])"
                    + "|(?<![\\\\A-Za-z])[A-Za-z]{2,}|[.!?](?=\\s|$)");

    private static final Pattern SENTENCE_END = Pattern.compile("\\n|[.!?](?=\\s|$)");
    private static final Pattern LISTED = Pattern.compile("[,;]|\\b(?:and|or)\\b");

    /** What makes a part of a larger formula of what stands in the braces behind it. */
    private static final Pattern OUTER = Pattern.compile("(?:frac|sqrt|[\\]}^_])\\s*+$");

    private static final int MAX_SIDE = 100;

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
        if (group.size() == 1) {
            return whole(text, group.getFirst());
        }
        StringBuilder contents = new StringBuilder(group.getFirst().content());
        for (int i = 1; i < group.size(); i++) {
            String gap = text.substring(group.get(i - 1).end(), group.get(i).start());
            boolean again = group.get(i).content().equals(group.get(i - 1).content());
            if (!again || LISTED.matcher(gap).find()) {
                contents.append(Formulas.separator(gap)).append(group.get(i).content());
            }
        }
        return new Box(group.getFirst().start(), group.getLast().end(), contents.toString());
    }

    /** The box with the rest of its side where it is only a factor or a term of it: {@code \boxed{5} \cdot 10^3}. */
    private static Box whole(String text, Box box) {
        String ahead = text.substring(Math.max(0, box.start() - MAX_SIDE), box.start());
        String behind = text.substring(box.end(), Math.min(text.length(), box.end() + MAX_SIDE));
        boolean before = AHEAD.matcher(ahead).find();
        boolean words = Statement.goesOn(behind);
        boolean after = words || BEHIND.matcher(behind).lookingAt();
        if (!before && !after) {
            return box;
        }
        Matcher edge = EDGE.matcher(ahead);
        int from = 0;
        while (edge.find()) {
            from = edge.end();
        }
        int to = words ? sentence(behind) : edge.reset(behind).find() ? edge.start() : behind.length();
        return new Box(
                box.start(),
                box.end(),
                (before ? ahead.substring(from) : "") + "{" + box.content() + "}"
                        + (after ? behind.substring(0, to) : ""));
    }

    private static int sentence(String text) {
        Matcher end = SENTENCE_END.matcher(text);
        return end.find() ? end.start() : text.length();
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
                if (command >= 0 && !isInside(text, open)) {
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

    /** Whether the innermost of the open braces belongs to a root, a fraction or an exponent. */
    private static boolean isInside(String text, Deque<Integer> open) {
        int brace = open.isEmpty() ? 0 : open.peek();
        return brace > 0
                && OUTER.matcher(text.substring(Math.max(0, brace - 10), brace)).find();
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
