package dev.distill.eval.grade;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The arguments of one instruction, as IFEval's data has them. What is missing is an IllegalArgumentException: the question is broken, not the answer. */
record Arguments(JsonNode node) {
    /** As Python's {@code re}: letters of all scripts, and only a line feed ends a line. */
    static final int PYTHON = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES;

    String text(String name) {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("instruction: " + name + " must be a text; got " + node);
        }
        return value.asText();
    }

    int whole(String name) {
        JsonNode value = node.path(name);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("instruction: " + name + " must be a number; got " + node);
        }
        return value.asInt();
    }

    List<String> texts(String name) {
        JsonNode value = node.path(name);
        if (!value.isArray()) {
            throw new IllegalArgumentException("instruction: " + name + " must be a list; got " + node);
        }
        List<String> texts = new ArrayList<>();
        value.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /**
     * Compares a count.
     *
     * @param relation names the argument that is {@code less than} or {@code at least}
     * @param threshold names the one that it is compared with
     */
    boolean holds(int count, String relation, String threshold) {
        return switch (text(relation)) {
            case "less than" -> count < whole(threshold);
            case "at least" -> count >= whole(threshold);
            default ->
                throw new IllegalArgumentException(
                        "instruction: " + relation + " must be less than or at least; got " + text(relation));
        };
    }

    /** A word as the published checks take it: a pattern, whatever its case; where it is none, itself. */
    static Pattern word(String word, boolean whole) {
        String edge = whole ? "\\b" : "";
        int flags = PYTHON | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        try {
            return Pattern.compile(edge + word + edge, flags);
        } catch (PatternSyntaxException e) {
            return Pattern.compile(edge + Pattern.quote(word) + edge, flags);
        }
    }

    static int count(Pattern pattern, String text) {
        return (int) pattern.matcher(text).results().count();
    }
}
