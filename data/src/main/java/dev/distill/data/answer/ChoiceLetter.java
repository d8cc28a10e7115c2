package dev.distill.data.answer;

import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The letter that a completion chooses in a multiple choice question. */
public final class ChoiceLetter {
    private static final AnswerExtractor EXPLICIT =
            AnswerExtractor.of(EnumSet.of(Extracted.Source.BOXED, Extracted.Source.STATED));

    /** What only changes a letter's looks. */
    private static final Pattern LOOKS =
            Pattern.compile("\\\\(?:text|textbf|textit|mathrm|mathbf|mbox)\\s*\\{|\\\\[ ,!;:()\\[\\]]|[{}$*\"“”]");

    /** A letter with nothing behind it that would make it part of a word, a formula or a sentence. */
    private static final Pattern LETTER = Pattern.compile("\\s*(?:(?i:option|choice|answer)\\s*:?\\s*)?\\(?\\s*([A-Z])"
            + "(?:\\s*\\)|[.:](?!\\d)|,|\\s*$|\\s+(?=(?:because|since|as|which|with)\\b))");

    private static final Pattern STATED = Pattern.compile(
            "\\b(?:answer\\s*(?:is\\b|[:=])|choose\\b|pick\\b|select\\b"
                    + "|(?:right|correct|best)\\s+(?:option|choice)\\s*(?:is\\b|:))\\s*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern IN_BRACKETS = Pattern.compile("\\(([A-Z])\\)");
    private static final Pattern ALONE = Pattern.compile("\\s*\\(?\\s*([A-J])\\s*\\)?\\s*\\.?\\s*");
    private static final int MAX_WHOLE = 200;

    private ChoiceLetter() {}

    /**
     * The chosen one of these letters: in a box, after "the answer is", "I choose" and the like, at the beginning of a text of
     * one line, or the last in round brackets.
     *
     * @param letters the letters on offer, for example {@code ABCD}
     */
    public static Optional<String> in(String completion, String letters) {
        Optional<Extracted> explicit = EXPLICIT.extract(completion);
        if (explicit.isPresent()) {
            return at(plain(explicit.get().text()), 0, letters);
        }
        String text = plain(completion);
        Optional<String> last = Optional.empty();
        Matcher stated = STATED.matcher(text);
        while (stated.find()) {
            Optional<String> here = at(text, stated.end(), letters);
            last = here.isPresent() ? here : last;
        }
        if (last.isEmpty() && text.length() <= MAX_WHOLE && text.strip().indexOf('\n') < 0) {
            last = at(text, 0, letters);
        }
        Matcher brackets = last.isEmpty() ? IN_BRACKETS.matcher(text) : IN_BRACKETS.matcher("");
        while (brackets.find()) {
            last = letters.contains(brackets.group(1)) ? Optional.of(brackets.group(1)) : last;
        }
        return last;
    }

    /** The letter that a reference is, and nothing else: {@code B}, {@code (B)}, {@code \text{B}}. */
    static Optional<String> alone(String reference) {
        Matcher matcher = ALONE.matcher(plain(reference));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> at(String text, int from, String letters) {
        Matcher letter = LETTER.matcher(text).region(from, text.length());
        return letter.lookingAt() && letters.contains(letter.group(1))
                ? Optional.of(letter.group(1))
                : Optional.empty();
    }

    private static String plain(String text) {
        return LOOKS.matcher(text).replaceAll(" ");
    }
}
