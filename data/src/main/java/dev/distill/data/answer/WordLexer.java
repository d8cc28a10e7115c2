package dev.distill.data.answer;

import dev.distill.data.answer.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of the lexer that tells words, units and products of letters apart, by what stands before them. */
final class WordLexer {
    /** A word before a number that says on which side of it the answer lies. */
    private static final Pattern BOUND = Pattern.compile(
            "(?i)(?:(at least|no less than|not less than|no fewer than)|(at most|no more than|not more than|up to)"
                    + "|(more than|greater than)|(less than|fewer than))(?=\\s)");

    /** Units that are made of letters and a stroke: {@code m/s}, {@code g/cm^3}. */
    private static final Pattern QUOTIENT_OF_UNITS =
            Pattern.compile("[A-Za-z]+/[A-Za-z]+(?:\\^\\{?\\d\\}?|[²³])?(?![A-Za-z])");

    private static final String OPERAND = "(?=\\s*(?:[-−\\d(\\\\.{$]|[A-Za-z](?![A-Za-z])))";

    /** Words between two values that say what to do with them: a product, a quotient, a power; a square or a cube. */
    private static final Pattern OPERATION = Pattern.compile("(?i)(?:(times|multiplied by)" + OPERAND
            + "|(divided by|over)" + OPERAND
            + "|((?:raised )?to the power(?: of)?)" + OPERAND
            + "|(?:raised )?to the (\\d{1,3}+)(?:st|nd|rd|th)(?: power)?(?![A-Za-z])"
            + "|(squared|cubed)(?=\\s*(?:$|[-−+*/=,).]))"
            + "|(factorial)(?=\\s*(?:$|[-−+*/=,).])))");

    /** The letter for a cross in {@code 6.02 x 10^23}. */
    private static final Pattern CROSS = Pattern.compile("[xX]\\s*10\\s*(?:\\^|\\*\\*)");

    private final String text;
    private final List<Token> tokens;
    private int at;

    WordLexer(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /** The words of a text command. */
    void phrase(String words) {
        String plain = words.toLowerCase(Locale.ROOT).replaceAll("^[,;.\\s]+|[,;.\\s]+$", "");
        Token known = Vocabulary.word(plain);
        if (known != null) {
            tokens.add(known);
        } else if (plain.isEmpty() && words.contains(",")) {
            tokens.add(new Token(Kind.SEPARATOR, ","));
        } else if (!plain.isEmpty()) {
            tokens.add(new Token(Kind.WORDS, words));
        }
    }

    /** Takes a run of letters and says where it ends: a function, a connective, a unit, a word, or a product of letters. */
    int letters(int start) {
        at = start;
        boolean spaced = start > 0 && Character.isWhitespace(text.charAt(start - 1));
        if (bound() || operation() || unitsOverUnits(spaced)) {
            return at;
        }
        while (at < text.length() && Character.isLetter(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        String run = text.substring(start, at);
        Token known = Vocabulary.word(run.length() > 2 ? run.toLowerCase(Locale.ROOT) : run);
        if (known != null) {
            tokens.add(known);
        } else if (afterOperand() && run.length() > 2 && run.length() <= 5 && connective(run) > 0) {
            tokens.add(new Token(Kind.SEPARATOR, run.substring(0, connective(run)))); // 1orW(x): written without spaces
            return letters(start + connective(run));
        } else if (isWord(run, spaced)) {
            tokens.add(new Token(Kind.WORDS, run));
        } else {
            run.codePoints().forEach(c -> tokens.add(new Token(Kind.LETTER, Character.toString(c))));
        }
        return at;
    }

    private boolean isWord(String run, boolean spaced) {
        Character.UnicodeScript script = Character.UnicodeScript.of(run.codePointAt(0));
        return (script != Character.UnicodeScript.LATIN && script != Character.UnicodeScript.GREEK)
                || run.length() >= 4
                || (afterOperand() && run.equals("to"))
                || (afterOperand()
                        && ((Units.isShort(run) || (spaced && run.length() > 1 && Units.find(run) != null))
                                || (spaced && run.length() == 3)));
    }

    /** "At least" and its like, where an answer or an item begins: a relation to what is asked for. */
    private boolean bound() {
        Kind last = tokens.isEmpty() ? Kind.SEPARATOR : tokens.getLast().kind();
        Matcher bound = BOUND.matcher(text).region(at, text.length());
        if ((last != Kind.SEPARATOR && last != Kind.OPEN && last != Kind.BRACE_OPEN) || !bound.lookingAt()) {
            return false;
        }
        String[] relations = {"GREATER_OR_EQUAL", "LESS_OR_EQUAL", "GREATER", "LESS"};
        int which = 1;
        while (bound.group(which) == null) {
            which++;
        }
        tokens.add(new Token(Kind.WORDS, Relations.ASKED_FOR.text()));
        tokens.add(new Token(Kind.RELATION, relations[which - 1]));
        at = bound.end();
        return true;
    }

    private boolean operation() {
        Kind last = tokens.isEmpty() ? Kind.END : tokens.getLast().kind();
        boolean value = last == Kind.NUMBER || last == Kind.LETTER || last == Kind.CLOSE || last == Kind.BRACE_CLOSE;
        Matcher cross = CROSS.matcher(text).region(at, text.length());
        if (last == Kind.NUMBER && cross.lookingAt()) {
            tokens.add(new Token(Kind.OPERATOR, "*"));
            at++;
            return true;
        }
        Matcher words = OPERATION.matcher(text).region(at, text.length());
        if (!value || !words.lookingAt()) {
            return false;
        }
        String[] operators = {"*", "/", "^", "^", "^", "!"};
        int which = 1;
        while (words.group(which) == null) {
            which++;
        }
        tokens.add(new Token(Kind.OPERATOR, operators[which - 1]));
        if (which == 4 || which == 5) {
            boolean square = words.group(which).equalsIgnoreCase("squared");
            tokens.add(new Token(Kind.NUMBER, which == 4 ? words.group(which) : square ? "2" : "3"));
        }
        at = words.end();
        return true;
    }

    /** Short names of units on both sides of a stroke; {@code m/s} itself only behind a space, since it may be a quotient. */
    private boolean unitsOverUnits(boolean spaced) {
        Matcher matcher = afterOperand() ? QUOTIENT_OF_UNITS.matcher(text).region(at, text.length()) : null;
        if (matcher == null || !matcher.lookingAt()) {
            return false;
        }
        String unit = matcher.group();
        boolean plain = unit.indexOf('/') > 1 || unit.startsWith("/s", 1) && spaced;
        if (!plain || !Unit.isKnown(unit)) {
            return false;
        }
        tokens.add(new Token(Kind.WORDS, unit));
        at = matcher.end();
        return true;
    }

    private static int connective(String run) {
        return run.startsWith("or") && Character.isUpperCase(run.charAt(2))
                ? 2
                : run.startsWith("and") && run.length() > 3 && Character.isUpperCase(run.charAt(3)) ? 3 : 0;
    }

    private boolean afterOperand() {
        Kind last = tokens.isEmpty() ? Kind.END : tokens.getLast().kind();
        return last == Kind.NUMBER || last == Kind.CLOSE || last == Kind.BRACE_CLOSE || last == Kind.WORDS;
    }

    /** The same, and behind a letter or a constant, where upright letters can only be a unit. */
    boolean afterValue() {
        Token last = tokens.isEmpty() ? Token.LAST : tokens.getLast();
        return afterOperand()
                || last.kind() == Kind.LETTER
                || last.is(Kind.COMMAND, "pi")
                || last.is(Kind.COMMAND, "circ")
                || last.is(Kind.COMMAND, "percent");
    }
}
