package dev.distill.data.answer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a predicted answer is the same as the reference: first as text, then as a letter of a multiple choice,
 * then as mathematics. The two sides are not alike: a reference that is a value accepts a chain that ends in it, a
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

    private static final Pattern LOOKS =
            Pattern.compile("\\\\(?:left|right|displaystyle)(?![A-Za-z])|\\\\[,!;: ]|[$]|\\*\\*");
    private static final Pattern LOOSE_SPACE =
            Pattern.compile("(?<![\\p{L}\\p{Nd}])\\s+|\\s+(?![\\p{L}\\p{Nd}])|[.\\s]+$");
    private static final Pattern CHOICE =
            Pattern.compile("(?:(?i:option|choice|answer)\\s*:?\\s*)?\\(?([A-J])(?:\\)|[.:](?!\\d)|$)");
    private static final Pattern TEXT_COMMAND =
            Pattern.compile("\\\\(?:text|textbf|mathrm|mbox|mathbf)\\s*\\{([^{}]*)\\}");

    private final ComparisonRules rules;

    public AnswerComparer(ComparisonRules rules) {
        this.rules = rules;
    }

    public static AnswerComparer standard() {
        return new AnswerComparer(ComparisonRules.STANDARD);
    }

    /** Compares a reference with a prediction, both already taken out of their texts. Never throws for bad text. */
    public Comparison compare(String gold, String prediction) {
        if (gold.isBlank() || prediction.isBlank()) {
            return undecided("nothing to compare");
        }
        if (gold.length() > Lexer.MAX_LENGTH || prediction.length() > Lexer.MAX_LENGTH) {
            return undecided("longer than " + Lexer.MAX_LENGTH + " characters");
        }
        String g = words(gold);
        String p = words(prediction);
        if (plain(gold).equals(plain(prediction)) || plain(g).equals(plain(p))) {
            return equal("the same text");
        }
        Comparison letters = choices(g, p);
        if (letters != null) {
            return letters;
        }
        if (isWords(g) && isWords(p)) {
            boolean same = folded(g).equals(folded(p));
            return same
                    ? equal("the same words")
                    : different("\"" + brief(p) + "\", the reference is \"" + brief(g) + "\"");
        }
        return mathematics(gold, prediction);
    }

    /** The text without what only changes its looks. */
    private static String plain(String text) {
        String looks = LOOKS.matcher(text).replaceAll(" ");
        return LOOSE_SPACE.matcher(looks).replaceAll("").strip().replaceAll("\\s+", " ");
    }

    /** A reference that is one letter from A to J; null where it is not, or the prediction names no letter. */
    private static @Nullable Comparison choices(String gold, String prediction) {
        Matcher wanted = CHOICE.matcher(gold);
        Matcher given = CHOICE.matcher(prediction);
        if (!wanted.lookingAt() || !given.lookingAt()) {
            return null;
        }
        return wanted.group(1).equals(given.group(1))
                ? equal("choice " + wanted.group(1))
                : different("choice " + given.group(1) + ", the reference is " + wanted.group(1));
    }

    /** Commands for text taken away, their words left. */
    private static String words(String text) {
        String plain = TEXT_COMMAND.matcher(text).replaceAll(match -> Matcher.quoteReplacement(match.group(1)));
        return plain.replaceAll("[$*\"“”]|\\\\[ ,!;:]", " ").strip();
    }

    /** Letters and spaces alone, with a word of four letters or several words: no formula. */
    private static boolean isWords(String text) {
        int run = 0;
        int longest = 0;
        int words = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLetter(c)) {
                run++;
                words += run == 2 ? 1 : 0;
                longest = Math.max(longest, run);
            } else if (Character.isWhitespace(c) || "'’,.-".indexOf(c) >= 0) {
                run = 0;
            } else {
                return false;
            }
        }
        return longest >= 4 || words >= 2;
    }

    private static String folded(String words) {
        return words.toLowerCase(Locale.ROOT)
                .replaceAll("[\\s,.’'-]+", " ")
                .strip()
                .replaceFirst("^(?:the|an|a) ", "");
    }

    private Comparison mathematics(String gold, String prediction) {
        try {
            Effort effort = new Effort(Effort.STANDARD);
            List<Expr> wanted = readings(gold, effort);
            List<Expr> given = readings(prediction, effort);
            ExprComparer comparer = new ExprComparer(rules, effort);
            Match match = Match.DIFFERENT;
            for (Expr g : wanted) {
                for (Expr p : given) {
                    match = match.or(comparer.compare(g, p));
                }
            }
            return switch (match) {
                case SAME -> equal("the same value");
                case DIFFERENT -> different(brief(prediction) + ", the reference is " + brief(gold));
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

    /** The ways in which this text can be meant: a comma between digits may separate thousands, decimals or items. */
    private static List<Expr> readings(String text, Effort effort) throws Unreadable {
        List<Expr> readings = new ArrayList<>();
        readings.add(Parser.parse(text, Lexer.Comma.THOUSANDS, effort));
        Lexer.Comma other = Lexer.otherReading(text);
        if (other != null) {
            readings.add(Parser.parse(text, other, effort));
        }
        return readings;
    }

    private static String brief(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= 60 ? line : line.substring(0, 57) + "...";
    }

    private static Comparison equal(String reason) {
        return new Comparison(Outcome.EQUAL, reason);
    }

    private static Comparison different(String reason) {
        return new Comparison(Outcome.DIFFERENT, reason);
    }

    private static Comparison undecided(String reason) {
        return new Comparison(Outcome.UNDECIDED, reason);
    }
}
