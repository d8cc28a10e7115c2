package dev.distill.data.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds formulas between LaTeX delimiters, and numbers outside them, in one pass over the text. */
final class Formulas {
    /** A piece of text and where it ends. */
    record Found(String text, int end) {}

    /** A formula in its delimiters. */
    private record Span(int start, int end, String content) {}

    private static final int MAX_FORMULA = 2_000;

    /** Digits, with the power, the power of ten or the letter that belongs to them; letters that name units do not. */
    private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\p{Nd}^])"
            + "(?:[-−]?(?:\\d{1,3}(?:[, ]\\d{3})++(?!\\d)|\\d++)(?:[.,]\\d++)?(?:/\\d++)?|[-−]?\\.\\d++)"
            + "(?:\\s?(?:[×·*]|\\\\times|\\\\cdot)\\s?10(?=\\^))?(?:\\^(?:\\{[-−]?\\d++\\}|[-−]?\\d++))?"
            + "(?:[eE][-+−]?\\d++(?![\\p{L}]))?"
            + "(?:(?![msghlLNJWVAK])[A-Za-z](?![\\p{L}']))?(?:\\s?\\\\?%)?");

    private static final Pattern CONNECTIVE = Pattern.compile("\\s*[,;]?\\s*(?:and|or)?\\s*");
    private static final Pattern EITHER = Pattern.compile("(?i)\\bor\\b");
    private static final Pattern WORD = Pattern.compile("(?<![\\\\\\p{L}])\\p{L}{3,}");
    private static final Pattern LONE_LETTER = Pattern.compile("\\\\?[A-Za-z]+(?:_\\{?\\w+\\}?)?");

    private final String text;
    private final List<Span> spans;

    private Formulas(String text, List<Span> spans) {
        this.text = text;
        this.spans = spans;
    }

    static Formulas in(String text) {
        List<Span> spans = new ArrayList<>();
        Scanner scanner = new Scanner(text);
        for (int i = 0; i < text.length(); i++) {
            Span span = scanner.at(i);
            if (span != null) {
                spans.add(span);
                i = span.end() - 1;
            } else if (text.charAt(i) == '\\') {
                i++;
            }
        }
        return new Formulas(text, spans);
    }

    /** The formula that begins here, with those that follow it in the same list; null where none begins. */
    static @Nullable Found startingAt(String text, int start) {
        Scanner scanner = new Scanner(text);
        Span span = scanner.at(start);
        if (span == null) {
            return null;
        }
        StringBuilder joined = new StringBuilder(span.content());
        int end = span.end();
        while (true) {
            Matcher gap = CONNECTIVE.matcher(text).region(end, Math.min(text.length(), end + 20));
            Span next = gap.lookingAt() ? scanner.at(gap.end()) : null;
            if (next == null) {
                return new Found(joined.toString(), end);
            }
            joined.append(separator(text.substring(end, next.start()))).append(next.content());
            end = next.end();
        }
    }

    /** The number that begins here; null where none does. */
    static @Nullable Found numberAt(String text, int start) {
        int from = start < text.length() && "$€£".indexOf(text.charAt(start)) >= 0 ? start + 1 : start;
        Matcher number = NUMBER.matcher(text).region(from, Math.min(text.length(), from + 100));
        return number.useTransparentBounds(true).lookingAt()
                ? new Found(text.substring(start, number.end()), number.end())
                : null;
    }

    /** The text with its formulas taken out. */
    static String without(String text) {
        StringBuilder outside = new StringBuilder();
        int from = 0;
        for (Span span : in(text).spans) {
            outside.append(text, from, span.start()).append(' ');
            from = span.end();
        }
        return outside.append(text.substring(from)).toString();
    }

    /**
     * The last formula that says more than a letter, joined with those before it in the same list. Where there are only
     * letters, the last of them, as if it stood at the beginning, so that any number goes before it.
     */
    @Nullable
    Found lastFormula() {
        int last = spans.size() - 1;
        while (last >= 0 && LONE_LETTER.matcher(spans.get(last).content()).matches()) {
            last--;
        }
        if (last < 0) {
            return spans.isEmpty() ? null : new Found(spans.getLast().content(), 0);
        }
        int first = last;
        while (first > 0
                && isConnective(spans.get(first - 1).end(), spans.get(first).start())) {
            first--;
        }
        StringBuilder joined = new StringBuilder(spans.get(first).content());
        for (int i = first + 1; i <= last; i++) {
            String gap = text.substring(spans.get(i - 1).end(), spans.get(i).start());
            joined.append(separator(gap)).append(spans.get(i).content());
        }
        return new Found(lastRow(joined.toString()), spans.get(last).end());
    }

    /** What stands between two parts of an answer that are joined: "or" where the text says so, or else a comma. */
    static String separator(String gap) {
        return EITHER.matcher(gap).find() ? " \\text{ or } " : ", ";
    }

    private boolean isConnective(int from, int to) {
        return to - from <= 10
                && to > from
                && CONNECTIVE.matcher(text).region(from, to).matches();
    }

    /** The last row of formulas under one another. */
    private static String lastRow(String formula) {
        if (formula.contains("\\begin")) {
            return formula;
        }
        String[] rows = formula.split("\\\\\\\\(?![A-Za-z])");
        return rows.length == 0 ? formula : rows[rows.length - 1].replace("&", "");
    }

    @Nullable
    Found lastNumber() {
        Found last = null;
        int from = 0;
        for (Span span : spans) {
            last = lastNumber(from, span.start(), last);
            from = span.end();
        }
        return lastNumber(from, text.length(), last);
    }

    private @Nullable Found lastNumber(int from, int to, @Nullable Found before) {
        Found last = before;
        Matcher number = NUMBER.matcher(text).region(from, to).useTransparentBounds(true);
        while (number.find()) {
            last = new Found(number.group(), number.end());
        }
        return last;
    }

    /** Looks for formulas from left to right; remembers the next end of each kind, so that the whole pass is linear. */
    private static final class Scanner {
        private static final String[] OPEN = {"$$", "$", "\\[", "\\("};
        private static final String[] CLOSE = {"$$", "$", "\\]", "\\)"};
        private static final int UNKNOWN = -1;

        private final String text;
        private final int[] nextClose = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};

        Scanner(String text) {
            this.text = text;
        }

        /** The formula that begins here; null where none does. */
        @Nullable
        Span at(int start) {
            for (int kind = 0; kind < OPEN.length; kind++) {
                if (text.startsWith(OPEN[kind], start)) {
                    return span(kind, start);
                }
            }
            return null;
        }

        private @Nullable Span span(int kind, int start) {
            int from = start + OPEN[kind].length();
            if (nextClose[kind] == UNKNOWN || nextClose[kind] < from) {
                nextClose[kind] = close(CLOSE[kind], from);
            }
            int end = nextClose[kind];
            if (end - from > MAX_FORMULA || end == text.length()) {
                return null;
            }
            String content = text.substring(from, end);
            boolean inline = kind == 1 || kind == 3;
            if (content.isBlank() || (inline && content.indexOf('\n') >= 0) || isProse(content)) {
                return null;
            }
            return new Span(start, end + CLOSE[kind].length(), content.strip());
        }

        /** The next end that no backslash takes away; the text's length where there is none. */
        private int close(String close, int from) {
            int end = text.indexOf(close, from);
            while (end > 0 && close.charAt(0) == '$' && text.charAt(end - 1) == '\\') {
                end = text.indexOf(close, end + 1);
            }
            return end < 0 ? text.length() : end;
        }
    }

    /** Two dollar amounts with words between them are no formula. */
    private static boolean isProse(String content) {
        String bare = content.indexOf('\\') < 0 ? content : content.replaceAll("\\\\[a-z]+\\s*\\{[^{}]*\\}", " ");
        Matcher words = WORD.matcher(bare);
        int count = 0;
        while (words.find()) {
            count++;
        }
        return count >= 3;
    }
}
