package dev.distill.eval.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program in an answer.
 *
 * @param language as its fence says; empty where it says none
 */
public record CodeBlock(Optional<Language> language, String source) {
    private static final int LONGEST_INDENT = 3;

    /**
     * The last fenced block of this answer that is a program: its fence names a language that can be run, or none. A fence that is not closed reaches
     * to the end.
     */
    public static Optional<CodeBlock> last(String answer) {
        List<CodeBlock> blocks = new ArrayList<>();
        List<String> lines = answer.lines().toList();
        for (int at = 0; at < lines.size(); at++) {
            String fence = fence(lines.get(at));
            if (fence.isEmpty()) {
                continue;
            }
            String tag = lines.get(at).strip().substring(fence.length()).strip();
            int end = at + 1;
            while (end < lines.size() && !closes(lines.get(end), fence)) {
                end++;
            }
            String word = tag.replaceFirst("^\\{\\s*\\.?", "").split("[\\s{},:=]", 2)[0];
            Optional<Language> language = Language.of(word);
            if (word.isEmpty() || language.isPresent()) {
                String source = String.join("\n", lines.subList(at + 1, end));
                if (!source.isBlank()) {
                    blocks.add(new CodeBlock(language, source + "\n"));
                }
            }
            at = end;
        }
        return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.getLast());
    }

    /** Three or more backticks or tildes at a line's beginning, as CommonMark has it; empty if it begins otherwise. */
    private static String fence(String line) {
        int indent = line.length() - line.stripLeading().length();
        String text = line.strip();
        if (indent > LONGEST_INDENT || text.isEmpty() || (text.charAt(0) != '`' && text.charAt(0) != '~')) {
            return "";
        }
        char mark = text.charAt(0);
        int length = 0;
        while (length < text.length() && text.charAt(length) == mark) {
            length++;
        }
        boolean inline = mark == '`' && text.indexOf('`', length) >= 0;
        return length < 3 || inline ? "" : text.substring(0, length);
    }

    private static boolean closes(String line, String fence) {
        String other = fence(line);
        return other.length() >= fence.length()
                && other.charAt(0) == fence.charAt(0)
                && line.strip().equals(other);
    }
}
