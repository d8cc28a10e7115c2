package dev.distill.eval.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program in an answer.
 *
 * @param language as its fence says; empty where it says none
 */
public record CodeBlock(Optional<Language> language, String source) {
    private static final int LONGEST_INDENT = 3;

    /** Within a list what belongs to an item stands as far in as its text. */
    private static final int LONGEST_INDENT_IN_LIST = 16;

    private static final Pattern FENCE =
            Pattern.compile("(?m)^ {0,16}(?:`{3,}|~{3,})[ \\t]*\\{?\\.?([A-Za-z][\\w+#-]{0,30})");

    private static final Pattern ITEM = Pattern.compile("\\s*(?:[-+*]|\\d{1,9}[.)])\\s.*");

    /**
     * The program of this answer: the last fenced block whose fence names a language that can be run; where there is none such, the last whose fence
     * names nothing, for after a program such blocks show what it prints. A fence that is not closed reaches to the end.
     */
    public static Optional<CodeBlock> last(String answer) {
        List<CodeBlock> named = new ArrayList<>();
        List<CodeBlock> unnamed = new ArrayList<>();
        List<String> lines = answer.lines().toList();
        int deepest = LONGEST_INDENT;
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (ITEM.matcher(line).matches()) {
                deepest = LONGEST_INDENT_IN_LIST;
            }
            String fence = fence(line, deepest);
            if (fence.isEmpty()) {
                continue;
            }
            int indent = indent(line);
            int end = at + 1;
            while (end < lines.size() && !closes(lines.get(end), fence, indent)) {
                end++;
            }
            String tag = line.strip().substring(fence.length()).strip();
            String word = tag.replaceFirst("^\\{\\s*\\.?", "").split("[\\s{},:=]", 2)[0];
            Optional<Language> language = Language.of(word);
            String source = source(lines.subList(at + 1, end), indent);
            if (!source.isBlank() && language.isPresent()) {
                named.add(new CodeBlock(language, source));
            } else if (!source.isBlank() && word.isEmpty()) {
                unnamed.add(new CodeBlock(language, source));
            }
            at = end;
        }
        List<CodeBlock> blocks = named.isEmpty() ? unnamed : named;
        return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.getLast());
    }

    /** The word that the last fence of an answer names, as javascript; empty where none names one. */
    static Optional<String> fenced(String answer) {
        return FENCE.matcher(answer).results().map(fence -> fence.group(1)).reduce((_, last) -> last);
    }

    /** The lines, each without what its fence is indented by, as far as it is indented too. */
    private static String source(List<String> lines, int indent) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line, Math.min(indent, indent(line)), line.length()).append('\n');
        }
        return text.toString();
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Three or more backticks or tildes at a line's beginning, as CommonMark has it; empty if it begins otherwise. */
    private static String fence(String line, int deepest) {
        String text = line.strip();
        if (indent(line) > deepest || text.isEmpty() || (text.charAt(0) != '`' && text.charAt(0) != '~')) {
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

    private static boolean closes(String line, String fence, int indent) {
        String other = fence(line, indent + LONGEST_INDENT);
        return other.length() >= fence.length()
                && other.charAt(0) == fence.charAt(0)
                && line.strip().equals(other);
    }
}
