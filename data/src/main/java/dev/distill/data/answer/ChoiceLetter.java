package dev.distill.data.answer;

import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The letter of a multiple choice: what a completion chooses, and what a bare answer is. The only reader of such letters. */
public final class ChoiceLetter {
    private static final AnswerExtractor EXPLICIT =
            AnswerExtractor.of(EnumSet.of(Extracted.Source.BOXED, Extracted.Source.STATED));

    private static final Pattern BRACES = Pattern.compile("[{}*]");

    /** Another letter that stands behind the first: two letters are no choice of one. */
    private static final String NO_SECOND =
            "(?!\\s*(?:[,;&/]|and\\b|or\\b)[\\s,]*(?:and\\s+|or\\s+)?\\(?[A-Z](?![A-Za-z]))";

    private static final String REASON = "(?:because|since|as|which|with)\\b";

    /** A letter with nothing behind it that would make it part of a word, a formula or a sentence. */
    private static final Pattern LETTER = Pattern.compile("\\s*(?:(?i:option|choice|answer)\\s*:?\\s*)?\\(?\\s*([A-Z])"
            + NO_SECOND + "(?:(\\s*\\)" + NO_SECOND + "|\\.(?!\\d))|(:)(?!\\d)|(,)|\\s*$|\\s+(?=" + REASON + "))");

    private static final Pattern STATED = Pattern.compile(
            "(?<!\\b(?:wrong|incorrect|false)\\s)\\b(?:answer\\s*(?:is\\b|[:=])|choose\\b|pick\\b|select\\b"
                    + "|(?:right|correct|best)\\s+(?:option|choice)\\s*(?:is\\b|:))\\s*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern EXPLANATION = Pattern.compile(REASON);

    /** Words behind a letter that say that it is not chosen. */
    private static final Pattern DENIED = Pattern.compile(
            "\\s*(?:(?:is|was|does|can|could)\\s*)?(?:not|n['’]t|cannot|wrong|false|incorrect|excluded|eliminated|ruled out)\\b");

    private static final Pattern IN_BRACKETS = Pattern.compile("\\(([A-Z])\\)");

    /** The letters that a bare answer may be. */
    private static final String COMMON = "ABCDEFGHIJ";

    private static final Pattern LABELS = Pattern.compile("\\([A-J]\\)|(?<![A-Za-z])[A-J]\\s*[:)]");
    private static final int MAX_WHOLE = 200;

    private ChoiceLetter() {}

    /**
     * An answer that begins with a letter: {@code (B) 12 apples}, {@code C: x = 1}.
     *
     * @param content what stands behind it; empty for the letter alone
     * @param option whether a bracket or a full stop closes it, as only choices are written
     */
    record Labelled(String letter, String content, boolean option) {
        boolean isAlone() {
            return content.isEmpty();
        }

        /** Whether what follows says why, not what. */
        boolean explains() {
            return EXPLANATION.matcher(content).lookingAt();
        }
    }

    /**
     * The chosen one of these letters: in a box, after "the answer is", "I choose" and the like, at the beginning of a text of
     * one line, or the last in round brackets. What is denied ({@code It cannot be (B)}) is not chosen.
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
            Optional<String> here =
                    Negation.before(text, stated.start()) ? Optional.empty() : at(text, stated.end(), letters);
            last = here.isPresent() ? here : last;
        }
        if (last.isEmpty() && text.length() <= MAX_WHOLE && completion.strip().indexOf('\n') < 0) {
            last = at(text, 0, letters);
        }
        return last.isPresent() ? last : lastInBrackets(text, letters);
    }

    /** The last letter in round brackets; none where its sentence denies anything. */
    private static Optional<String> lastInBrackets(String text, String letters) {
        Matcher brackets = IN_BRACKETS.matcher(text);
        int end = -1;
        String last = "";
        while (brackets.find()) {
            if (letters.contains(brackets.group(1))) {
                end = brackets.end();
                last = brackets.group(1);
            }
        }
        return end < 0 || Negation.inSentence(text, end - 1, end) ? Optional.empty() : Optional.of(last);
    }

    /** The letter that a reference is, and nothing else: {@code B}, {@code (B)}, {@code \text{B}}. */
    static Optional<String> alone(String reference) {
        Labelled labelled = labelled(reference);
        return labelled != null && labelled.isAlone() ? Optional.of(labelled.letter()) : Optional.empty();
    }

    /** The letter from A to J that this answer begins with, and the rest of it; null where it is no choice of one letter. */
    static @Nullable Labelled labelled(String answer) {
        String text = Looks.words(answer);
        boolean braces = text.startsWith("{") && text.endsWith("}");
        text = braces ? text.substring(1, text.length() - 1) : text;
        Matcher letter = LETTER.matcher(text);
        if (!letter.lookingAt() || letter.group(4) != null || !COMMON.contains(letter.group(1))) {
            return null;
        }
        String content = text.substring(letter.end()).strip();
        return LABELS.matcher(content).find() ? null : new Labelled(letter.group(1), content, letter.group(2) != null);
    }

    private static Optional<String> at(String text, int from, String letters) {
        Matcher letter = LETTER.matcher(text).region(from, text.length());
        return letter.lookingAt()
                        && letters.contains(letter.group(1))
                        && !DENIED.matcher(text)
                                .region(letter.end(), text.length())
                                .lookingAt()
                ? Optional.of(letter.group(1))
                : Optional.empty();
    }

    private static String plain(String text) {
        return BRACES.matcher(Looks.words(Looks.plain(text))).replaceAll(" ");
    }
}
