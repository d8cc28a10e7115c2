package dev.distill.data.answer;

import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The letter that a completion chooses in a multiple choice question. */
public final class ChoiceLetter {
    private static final AnswerExtractor EXPLICIT =
            AnswerExtractor.of(EnumSet.of(Extracted.Source.BOXED, Extracted.Source.STATED));
    private static final Pattern LETTER =
            Pattern.compile("(?:\\\\text\\s*\\{|[\\s*({\"]|(?i:option|choice))*([A-Z])(?![A-Za-z]).*", Pattern.DOTALL);
    private static final Pattern IN_BRACKETS = Pattern.compile("\\(([A-Z])\\)");

    private ChoiceLetter() {}

    /**
     * The chosen one of these letters: in a box, after "the answer is", as the whole text, or the last in round brackets.
     *
     * @param letters the letters on offer, for example {@code ABCD}
     */
    public static Optional<String> in(String completion, String letters) {
        String explicit = EXPLICIT.extract(completion).map(Extracted::text).orElse("");
        Matcher stated = LETTER.matcher(explicit.isEmpty() && completion.length() <= 4 ? completion : explicit);
        if (stated.matches() && letters.contains(stated.group(1))) {
            return Optional.of(stated.group(1));
        }
        Optional<String> last = Optional.empty();
        Matcher brackets = IN_BRACKETS.matcher(completion);
        while (explicit.isEmpty() && brackets.find()) {
            last = letters.contains(brackets.group(1)) ? Optional.of(brackets.group(1)) : last;
        }
        return last;
    }
}
