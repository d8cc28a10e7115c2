package dev.distill.data.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what follows "the answer is", and tells bare answers from prose. */
final class Statement {
    private static final int MAX_LENGTH = 200;
    private static final int MAX_WORDS = 4;

    private static final Pattern FILLER = Pattern.compile(
            "(?:[\\s:*\"'“”=]|\\\\(?=\")|approximately\\b|about\\b|exactly\\b|simply\\b|just\\b|equal to\\b"
                    + "|(?:option|choice)\\b)*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SENTENCE_END = Pattern.compile("\\n|[.!?。](?=[\\s*\"\\\\$]|$)|<\\|");
    private static final Pattern PROSE =
            Pattern.compile("(?<![\\\\\\p{L}])(?!(?:and|or|pi|sqrt|sin|cos|tan|log|ln)\\b)\\p{L}{2,}");

    private static final Pattern LOOSE_END =
            Pattern.compile("(?:[\\s,;:(=+*/×·−–-]|(?<![A-Za-z])(?:and|or)|(?<=[\\d%]\\s)a(?=\\s))++$");

    private static final String OPERATION =
            "times(?=\\s+[-\\d($.\\\\])|multiplied\\s+by|divided\\s+by|over(?=\\s*[\\d($\\\\])"
                    + "|plus(?=\\s)|minus(?=\\s)|squared|cubed|factorial"
                    + "|(?:raised\\s+)?to\\s+the\\s+(?:power|\\d|second\\s+power|third\\s+power|[a-z]+th\\s+power)";

    /** Words behind a value that do something with it, so that it is not the answer by itself. */
    private static final Pattern GOES_ON = behind(OPERATION);

    /** The same for a value that a sentence states. */
    private static final Pattern STATED_GOES_ON = behind(
            OPERATION
                    + "|mod(?:ulo)?|choose|(?:less|more|fewer|greater)\\s+than(?=\\s+(?:[\\d$(\\\\]|[a-z](?![a-z])))|(?:out\\s+)?of(?=\\s+\\$?\\d)"
                    + "|(?:or|and)\\s+(?:more|less|fewer|(?:a|one)[\\s-]half|(?:a|one|two|three)[\\s-](?:third|quarter|fourth)s?)");

    private Statement() {}

    /** The answer that begins here; null where what follows is prose, or holds a box, which says it itself. */
    static Formulas.@Nullable Found after(String text, int from) {
        Matcher filler = FILLER.matcher(text).region(from, Math.min(text.length(), from + MAX_LENGTH));
        int start = filler.lookingAt() ? filler.end() : from;
        int limit = Math.min(text.length(), start + MAX_LENGTH);
        Matcher end = SENTENCE_END.matcher(text).region(start, limit);
        int stop = end.find() ? end.start() : limit;
        Formulas.Found formula = Formulas.startingAt(text, start);
        if (formula != null) {
            return withoutBox(
                    goesOn(text, formula.end(), stop)
                            ? new Formulas.Found(text.substring(start, stop), stop)
                            : formula);
        }
        String sentence = text.substring(start, stop).replaceFirst("[\\s*\"]+$", "");
        if (sentence.isEmpty() || sentence.startsWith("\\boxed")) {
            return null;
        }
        Formulas.Found number = Formulas.numberAt(text, start);
        if (number != null && words(sentence) > 0) {
            int last = Math.max(number.end(), start + formulaEnd(sentence));
            if (goesOn(text, number.end(), stop) || goesOn(text, last, stop)) {
                return new Formulas.Found(sentence, stop);
            }
            return new Formulas.Found(text.substring(start, last).strip(), last);
        }
        return words(sentence) <= MAX_WORDS ? withoutBox(new Formulas.Found(sentence, stop)) : null;
    }

    private static Pattern behind(String words) {
        return Pattern.compile("\\s*(?:\\$|\\\\\\))?\\s*(?:" + words + ")(?![A-Za-z])", Pattern.CASE_INSENSITIVE);
    }

    /** Whether these words begin with an operation on what stands before them: {@code 42 times 2}. */
    static boolean goesOn(String words) {
        return GOES_ON.matcher(words).lookingAt();
    }

    /** The same for a value in a sentence, which more words may change: {@code 5 or more}, {@code 50% of 200}. */
    private static boolean goesOn(String text, int from, int to) {
        return from < to
                && STATED_GOES_ON
                        .matcher(text)
                        .region(from, to)
                        .useTransparentBounds(true)
                        .lookingAt();
    }

    private static Formulas.@Nullable Found withoutBox(Formulas.Found found) {
        boolean box = Boxes.last(found.text()) != null || found.text().contains("\\boxed{");
        return box ? null : found;
    }

    /**
     * Where the formula that a sentence begins with ends: before its first word, or behind it where the words are a unit that is
     * known. What then stands at the end without a meaning (an operator, an open bracket, "and", the article of {@code 12 a day})
     * is left away.
     */
    private static int formulaEnd(String sentence) {
        Matcher prose = PROSE.matcher(sentence);
        int word = prose.find() ? prose.start() : sentence.length();
        String formula = LOOSE_END.matcher(sentence.substring(0, word)).replaceAll("");
        int unit = Unit.knownPrefix(sentence.substring(word));
        if (unit > 0 && sentence.substring(formula.length(), word).isBlank()) {
            return word + unit;
        }
        int open = 0;
        for (int i = 0; i < formula.length(); i++) {
            open += "([{".indexOf(formula.charAt(i)) >= 0 ? 1 : ")]}".indexOf(formula.charAt(i)) >= 0 ? -1 : 0;
        }
        return open == 0 ? formula.length() : 0;
    }

    /** Whether the text is nothing but an answer: one short line; a formula, a number with its unit, or a few words. */
    static boolean isBare(String text) {
        String line = text.strip();
        if (line.isEmpty() || line.length() > MAX_LENGTH || line.indexOf('\n') >= 0) {
            return false;
        }
        String outside = Formulas.without(line);
        return outside.equals(line) ? words(line) < MAX_WORDS && !startsInProse(line) : words(outside) == 0;
    }

    private static boolean startsInProse(String line) {
        Matcher prose = PROSE.matcher(line);
        return prose.find()
                && line.substring(prose.end()).chars().anyMatch(Character::isDigit)
                && line.substring(0, prose.start()).chars().noneMatch(Character::isDigit);
    }

    private static int words(String text) {
        int words = 0;
        Matcher prose = PROSE.matcher(text);
        while (prose.find()) {
            words++;
        }
        return words;
    }
}
