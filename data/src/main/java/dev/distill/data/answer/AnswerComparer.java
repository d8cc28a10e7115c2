package dev.distill.data.answer;

import java.io.Serializable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a predicted answer is the same as the reference: first as text, then as a letter of a multiple choice or
 * other letters whose order counts, then as words, then as mathematics. docs/curation.md says what is equal. The two sides
 * are not alike: a reference that is a value accepts a chain that ends in it, a
 * reference that is an inequality accepts the interval, not the other way round (as in Math-Verify's README).
 *
 * <p>Immutable, safe on any thread; the work is bounded by {@link Effort}.
 */
public final class AnswerComparer implements Serializable {
    /** What a comparison found, with the reason in one line. */
    public record Comparison(Outcome outcome, String reason) {}

    /** The three ends of a comparison. */
    public enum Outcome {
        EQUAL,
        DIFFERENT,
        UNDECIDED
    }

    /** How the reason begins where the grader has a fault. */
    static final String FAULT = "fault in the comparison";

    private final ComparisonRules rules;

    public AnswerComparer(ComparisonRules rules) {
        this.rules = rules;
    }

    public static AnswerComparer standard() {
        return new AnswerComparer(ComparisonRules.STANDARD);
    }

    /**
     * Compares a reference with a prediction, both already taken out of their texts. Never throws for bad text: what the
     * comparison cannot cope with is undecided, and the reason says so.
     */
    public Comparison compare(String gold, String prediction) {
        return guarded(() -> compared(gold, prediction));
    }

    /** The last defence: a fault of the grader itself is undecided too, and named, so that no harvest ends with it. */
    static Comparison guarded(Supplier<Comparison> comparison) {
        try {
            return comparison.get();
        } catch (RuntimeException | StackOverflowError e) {
            return undecided(FAULT + ": " + e);
        }
    }

    private Comparison compared(String gold, String prediction) {
        if (gold.isBlank() || prediction.isBlank()) {
            return undecided("nothing to compare");
        }
        if (gold.length() > Lexer.MAX_LENGTH || prediction.length() > Lexer.MAX_LENGTH) {
            return undecided("longer than " + Lexer.MAX_LENGTH + " characters");
        }
        return texts(Looks.plain(gold), Looks.plain(prediction));
    }

    private Comparison texts(String gold, String prediction) {
        String g = Looks.words(gold);
        String p = Looks.words(prediction);
        if (Looks.tight(g).equals(Looks.tight(p))) {
            return equal("the same text");
        }
        Comparison byLetters = letters(g, p);
        return byLetters != null ? byLetters : values(gold, prediction);
    }

    /** As words or as mathematics. */
    private Comparison values(String gold, String prediction) {
        String g = Looks.words(gold);
        String p = Looks.words(prediction);
        if (Looks.isWords(g) && Looks.isWords(p)) {
            return switch (Looks.sameWords(g, p)) {
                case SAME -> equal("the same words");
                case DIFFERENT -> different(p, g);
                case UNKNOWN -> undecided("the same words in another order: " + brief(p) + " and " + brief(g));
            };
        }
        return mathematics(Looks.isNothing(g) ? "\\emptyset" : gold, Looks.isNothing(p) ? "\\emptyset" : prediction);
    }

    /** Answers that are letters: a choice, or capitals whose order counts; null where they are something else. */
    private @Nullable Comparison letters(String gold, String prediction) {
        ChoiceLetter.Labelled wanted = ChoiceLetter.labelled(gold);
        ChoiceLetter.Labelled given = wanted == null ? null : ChoiceLetter.labelled(prediction);
        if (wanted != null && given != null) {
            return choices(wanted, given);
        }
        Match codes = Codes.compare(gold, prediction);
        return codes == null
                ? null
                : switch (codes) {
                    case SAME -> equal("the same letters");
                    case DIFFERENT -> different(prediction, gold);
                    case UNKNOWN ->
                        undecided(brief(prediction) + " and " + brief(gold) + " may be one segment or two orders");
                };
    }

    /** The letters decide; where both go on, what follows must be the same too, as far as anybody can know. */
    private Comparison choices(ChoiceLetter.Labelled wanted, ChoiceLetter.Labelled given) {
        if (!wanted.letter().equals(given.letter())) {
            return new Comparison(
                    Outcome.DIFFERENT, "choice " + given.letter() + ", the reference is " + wanted.letter());
        }
        if (wanted.isAlone() || given.isAlone() || wanted.explains() || given.explains()) {
            return equal("choice " + wanted.letter());
        }
        boolean words = Looks.isWords(wanted.content()) || Looks.isWords(given.content());
        Comparison contents = values(wanted.content(), given.content());
        return words && wanted.option() && given.option() && contents.outcome() == Outcome.DIFFERENT
                ? undecided("both choose " + wanted.letter() + ", in other words")
                : contents;
    }

    private Comparison mathematics(String gold, String prediction) {
        try {
            Effort effort = new Effort(Effort.STANDARD);
            Expr wanted = Parser.parse(gold, Digits.Comma.THOUSANDS, effort);
            Expr given = Parser.parse(prediction, Digits.Comma.THOUSANDS, effort);
            ExprComparer comparer = new ExprComparer(rules, effort);
            Match match = comparer.compare(wanted, given);
            if (match != Match.SAME) {
                match = match.or(byOtherCommas(new Side(gold, wanted), new Side(prediction, given), comparer, effort));
            }
            String goldPower = Lexer.withPowersOfTen(gold);
            String predictedPower = Lexer.withPowersOfTen(prediction);
            if (match == Match.DIFFERENT && (!goldPower.equals(gold) || !predictedPower.equals(prediction))) {
                Expr g = Parser.parse(goldPower, Digits.Comma.THOUSANDS, effort);
                Expr p = Parser.parse(predictedPower, Digits.Comma.THOUSANDS, effort);
                match = comparer.compare(g, p) == Match.SAME ? Match.UNKNOWN : match;
            }
            return switch (match) {
                case SAME -> equal("the same value");
                case DIFFERENT -> different(prediction, gold);
                case UNKNOWN -> undecided("no value for " + brief(prediction) + " or " + brief(gold));
            };
        } catch (Unreadable e) {
            return undecided("cannot read " + brief(prediction) + " or " + brief(gold) + ": " + e.getMessage());
        } catch (Effort.TooMuch e) {
            return undecided("too much work: " + e.getMessage());
        } catch (ArithmeticException e) {
            return undecided("beyond the arithmetic: " + e.getMessage());
        }
    }

    /** A text and what it says. */
    private record Side(String text, Expr expr) {}

    /**
     * A comma between digits may separate thousands, decimals or items. Another reading than the usual one counts where the
     * text is written so and the other answer has that form; else nobody knows.
     */
    private static Match byOtherCommas(Side gold, Side prediction, ExprComparer comparer, Effort effort)
            throws Unreadable {
        Digits.OtherReading wanted = Digits.otherReading(gold.text());
        Digits.OtherReading given = Digits.otherReading(prediction.text());
        Expr g = wanted == null ? gold.expr() : Parser.parse(gold.text(), wanted.comma(), effort);
        Expr p = given == null ? prediction.expr() : Parser.parse(prediction.text(), given.comma(), effort);
        Match match = Match.DIFFERENT;
        if (wanted != null && comparer.compare(g, prediction.expr()) == Match.SAME) {
            match = fits(wanted, prediction.expr());
        }
        if (given != null && comparer.compare(gold.expr(), p) == Match.SAME) {
            match = match.or(fits(given, gold.expr()));
        }
        boolean both = wanted != null && given != null && comparer.compare(g, p) == Match.SAME;
        return both ? match.or(Match.UNKNOWN) : match;
    }

    private static Match fits(Digits.OtherReading reading, Expr other) {
        boolean list = reading.comma() == Digits.Comma.LIST;
        return reading.likely() && list == CollectionComparer.isMany(other) ? Match.SAME : Match.UNKNOWN;
    }

    private static String brief(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        int end = line.length() <= 60 ? line.length() : Character.isHighSurrogate(line.charAt(56)) ? 56 : 57;
        return line.substring(0, end) + (end < line.length() ? "..." : "");
    }

    private static Comparison equal(String reason) {
        return new Comparison(Outcome.EQUAL, reason);
    }

    private static Comparison different(String prediction, String gold) {
        return new Comparison(Outcome.DIFFERENT, brief(prediction) + ", the reference is " + brief(gold));
    }

    private static Comparison undecided(String reason) {
        return new Comparison(Outcome.UNDECIDED, reason);
    }
}
