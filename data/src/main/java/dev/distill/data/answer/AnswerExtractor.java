package dev.distill.data.answer;

import dev.distill.data.answer.Extracted.Source;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the final answer out of a completion. What is most explicit wins, among equals the last: a box or a "final
 * answer is", then "the answer is", then the whole text if it is nothing but an answer, then the last formula or number
 * (the order of Math-Verify's README). One pass over the text each; immutable, safe on any thread.
 */
public final class AnswerExtractor implements Serializable {
    private static final Pattern FINAL =
            Pattern.compile("final\\s{1,9}answer[\\s*]{0,9}(?:is\\b|:|\\n)|####", Pattern.CASE_INSENSITIVE);
    private static final Pattern ANSWER = Pattern.compile(
            "(?<!\\b(?:wrong|incorrect|false|naive|tempting)\\s)\\banswer[\\s*]{0,9}(?:is\\b|:|=)",
            Pattern.CASE_INSENSITIVE);
    private static final int MAX_REFERENCE = 200;

    /** So many statements, counted from the end, are looked at. */
    private static final int MAX_STATEMENTS = 100;

    private final Set<Source> sources;

    private AnswerExtractor(Set<Source> sources) {
        this.sources = EnumSet.copyOf(sources);
    }

    /** Looks at all sources. */
    public static AnswerExtractor standard() {
        return new AnswerExtractor(EnumSet.allOf(Source.class));
    }

    /** Looks at these sources alone. */
    public static AnswerExtractor of(Set<Source> sources) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("answer extraction: sources must name at least one; got none");
        }
        return new AnswerExtractor(sources);
    }

    /** The final answer of a completion; empty where there is none. */
    public Optional<Extracted> extract(String completion) {
        return Optional.ofNullable(
                explicit(completion).or(() -> last(completion)).orElse(null));
    }

    /** The answer of a reference: a bare answer, or a worked solution that ends in one. */
    public Optional<Extracted> extractReference(String reference) {
        Optional<Extracted> explicit = explicit(reference);
        if (explicit.isPresent()) {
            return explicit;
        }
        String unclosed = Boxes.unclosed(reference);
        if (unclosed != null) {
            return found(unclosed, Source.BOXED);
        }
        boolean bare = reference.length() <= MAX_REFERENCE && reference.strip().indexOf('\n') < 0;
        return bare ? found(reference, Source.WHOLE) : last(reference);
    }

    private Optional<Extracted> explicit(String text) {
        Boxes.Box box = sources.contains(Source.BOXED) ? Boxes.last(text) : null;
        Formulas.Found stated = sources.contains(Source.STATED) ? lastStatement(FINAL, text) : null;
        if (stated != null && (box == null || stated.end() > box.end())) {
            return found(stated.text(), Source.STATED);
        }
        if (box != null) {
            return found(box.content(), Source.BOXED);
        }
        Formulas.Found answer = sources.contains(Source.STATED) ? lastStatement(ANSWER, text) : null;
        return answer == null ? Optional.empty() : found(answer.text(), Source.STATED);
    }

    private static Formulas.@Nullable Found lastStatement(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Deque<Integer> ends = new ArrayDeque<>();
        while (matcher.find()) {
            ends.addLast(matcher.end());
            if (ends.size() > MAX_STATEMENTS) {
                ends.removeFirst();
            }
        }
        for (int end : (Iterable<Integer>) ends::descendingIterator) {
            Formulas.Found found = Statement.after(text, end);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private Optional<Extracted> last(String text) {
        if (sources.contains(Source.WHOLE) && Statement.isBare(text)) {
            return found(text, Source.WHOLE);
        }
        Formulas formulas = Formulas.in(text);
        Formulas.Found latex = sources.contains(Source.LATEX) ? formulas.lastFormula() : null;
        Formulas.Found number = sources.contains(Source.NUMBER) ? formulas.lastNumber() : null;
        boolean formula = latex != null && (number == null || latex.end() > number.end());
        Formulas.Found last = formula ? latex : number;
        if (last == null || Negation.before(text, Math.max(0, text.lastIndexOf(last.text(), last.end())))) {
            return Optional.empty();
        }
        return found(last.text(), formula ? Source.LATEX : Source.NUMBER);
    }

    private static Optional<Extracted> found(String text, Source source) {
        String answer = text.strip();
        return answer.isEmpty() ? Optional.empty() : Optional.of(new Extracted(answer, source));
    }
}
