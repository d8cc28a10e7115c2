package dev.distill.data.answer;

import dev.distill.data.answer.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an answer, in LaTeX or plain text, into tokens. One pass over the text; what only changes the look ({@code \left},
 * {@code \,}, {@code $}, currency signs) is gone afterwards.
 */
final class Lexer {
    /** How a comma between digits outside brackets is meant. */
    enum Comma {
        /** Before three digits it separates thousands. */
        THOUSANDS,
        /** It is the decimal point. */
        DECIMAL,
        /** It separates items. */
        LIST
    }

    /** No answer is longer than this many characters. */
    static final int MAX_LENGTH = 4_000;

    private static final String SKIPPED = "$~€£¥₹\u200b\ufeff\"“”`";
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private final String text;
    private final Comma comma;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int brackets;
    private int environments;

    private Lexer(String text, Comma comma) {
        this.text = text;
        this.comma = comma;
    }

    static List<Token> tokens(String text, Comma comma) throws Unreadable {
        if (text.length() > MAX_LENGTH) {
            throw new Effort.TooMuch("an answer of " + text.length() + " characters");
        }
        Lexer lexer = new Lexer(text, comma);
        lexer.run(0);
        lexer.tokens.add(Token.LAST);
        return lexer.tokens;
    }

    private void run(int depth) throws Unreadable {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || SKIPPED.indexOf(c) >= 0) {
                at += Character.charCount(c);
            } else if (c == '\\') {
                command(depth);
            } else if (isDigit(at) || (c == '.' && isDigit(at + 1))) {
                tokens.add(new Token(Kind.NUMBER, number()));
            } else if (Character.isLetter(c) && Vocabulary.sign(c) == null) {
                letters();
            } else if (SUPERSCRIPTS.indexOf(c) >= 0) {
                tokens.add(new Token(Kind.OPERATOR, "^"));
                tokens.add(new Token(Kind.NUMBER, Integer.toString(SUPERSCRIPTS.indexOf(c))));
                at++;
            } else {
                sign(c);
            }
        }
    }

    private void sign(int c) throws Unreadable {
        if (pair("<=", "LESS_OR_EQUAL") || pair(">=", "GREATER_OR_EQUAL") || pair("!=", "NOT_EQUAL")) {
            return;
        }
        if (pair("==", "EQUAL") || pair(":=", "EQUAL")) {
            return;
        }
        if (text.startsWith("**", at)) {
            tokens.add(new Token(Kind.OPERATOR, "^"));
            at += 2;
            return;
        }
        Token token = Vocabulary.sign(c);
        if (token != null) {
            brackets += token.kind() == Kind.OPEN ? 1 : token.kind() == Kind.CLOSE ? -1 : 0;
            tokens.add(token);
        } else if ("½⅓⅔¼¾⅛".indexOf(c) >= 0) {
            String[] parts = {"12", "13", "23", "14", "34", "18"};
            String part = parts["½⅓⅔¼¾⅛".indexOf(c)];
            tokens.add(new Token(Kind.COMMAND, "frac"));
            tokens.add(new Token(Kind.NUMBER, part.substring(0, 1)));
            tokens.add(new Token(Kind.NUMBER, part.substring(1)));
        } else if (c == '\'' || c == '′') {
            tokens.add(new Token(Kind.LETTER, "'"));
        } else if (c != '.' && c != '。' && c != '?') {
            throw new Unreadable("the character " + Character.toString(c));
        }
        at += Character.charCount(c);
    }

    private boolean pair(String signs, String relation) {
        if (!text.startsWith(signs, at)) {
            return false;
        }
        tokens.add(new Token(Kind.RELATION, relation));
        at += signs.length();
        return true;
    }

    private void command(int depth) throws Unreadable {
        if (text.startsWith("\\\\", at) && !doubledBackslash()) {
            tokens.add(new Token(Kind.ROW, "\\\\"));
            at += 2;
            return;
        }
        at += text.startsWith("\\\\", at) ? 2 : 1;
        String name = commandName();
        Token token = Vocabulary.command(name);
        if (token != null) {
            environments += name.equals("begin") ? 1 : name.equals("end") ? -1 : 0;
            brackets += token.kind() == Kind.OPEN ? 1 : token.kind() == Kind.CLOSE ? -1 : 0;
            tokens.add(token);
            if (name.equals("begin") || name.equals("end")) {
                tokens.add(new Token(Kind.WORDS, braced()));
            }
        } else if (Vocabulary.TEXT.contains(name)) {
            words(braced(), depth);
        } else if (name.startsWith("quad")) {
            at -= name.length() - 4; // \quadx: a space and an x
        } else if (name.equals("left") || name.equals("right")) {
            at += at < text.length() && text.charAt(at) == '.' ? 1 : 0;
        } else if (!Vocabulary.LAYOUT.contains(name) && (name.isEmpty() || Character.isLetter(name.charAt(0)))) {
            throw new Unreadable("the command \\" + name);
        }
    }

    /** Text that went through one escaping too many: two backslashes before a command, outside a matrix. */
    private boolean doubledBackslash() {
        int start = at;
        at += 2;
        String name = commandName();
        at = start;
        return environments == 0
                && !name.isEmpty()
                && (Vocabulary.command(name) != null
                        || Vocabulary.LAYOUT.contains(name)
                        || Vocabulary.TEXT.contains(name));
    }

    private String commandName() {
        int start = at;
        while (at < text.length() && isAsciiLetter(text.charAt(at))) {
            at++;
        }
        if (at == start && at < text.length()) {
            at++;
        }
        return text.substring(start, at);
    }

    /** What stands in the braces that follow; nothing where none follow. */
    private String braced() {
        int start = at;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        if (start >= text.length() || text.charAt(start) != '{') {
            return "";
        }
        int open = 0;
        for (int i = start; i < text.length(); i++) {
            open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (open == 0) {
                at = i + 1;
                return text.substring(start + 1, i);
            }
        }
        at = text.length();
        return text.substring(start + 1);
    }

    private void words(String content, int depth) throws Unreadable {
        String words = content.strip();
        boolean mathematics =
                words.codePoints().anyMatch(c -> c == '\\' || Character.isDigit(c)) || words.length() == 1;
        if (mathematics && depth < 3) {
            Lexer inner = new Lexer(words, comma);
            inner.run(depth + 1);
            tokens.addAll(inner.tokens);
            return;
        }
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

    /** A run of letters: a function, a connective, a unit, a word, or a product of letters. */
    private void letters() {
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String run = text.substring(start, at);
        Token known = Vocabulary.word(run.length() > 2 ? run.toLowerCase(Locale.ROOT) : run);
        boolean spaced = start > 0 && Character.isWhitespace(text.charAt(start - 1));
        if (known != null) {
            tokens.add(known);
        } else if (afterOperand() && run.length() > 2 && run.length() <= 5 && connective(run) > 0) {
            tokens.add(new Token(Kind.SEPARATOR, ",")); // 1orW(x): written without spaces
            at = start + connective(run);
            letters();
        } else if (isWord(run, spaced)) {
            tokens.add(new Token(Kind.WORDS, run));
        } else {
            run.chars().forEach(c -> tokens.add(new Token(Kind.LETTER, Character.toString(c))));
        }
    }

    private boolean isWord(String run, boolean spaced) {
        Character.UnicodeScript script = Character.UnicodeScript.of(run.codePointAt(0));
        return (script != Character.UnicodeScript.LATIN && script != Character.UnicodeScript.GREEK)
                || run.length() >= 4
                || (afterOperand() && (Vocabulary.UNITS.contains(run) || (spaced && run.length() == 3)));
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

    /** Digits with their separators taken out, and a decimal point where there was one. */
    private String number() {
        StringBuilder digits = new StringBuilder();
        takeDigits(digits);
        boolean point = false;
        boolean groups = digits.length() <= 3;
        while (at < text.length()) {
            int separator = point || !groups ? 0 : thousandsSeparator();
            if (separator > 0) {
                at += separator;
                takeDigits(digits);
            } else if (!point && isDigit(at + 1) && (text.charAt(at) == '.' || decimalComma())) {
                point = true;
                at++;
                digits.append('.');
                takeDigits(digits);
            } else {
                break;
            }
        }
        return digits.toString();
    }

    private boolean decimalComma() {
        return comma == Comma.DECIMAL && text.charAt(at) == ',' && brackets == 0;
    }

    /** Length of a thousands separator here; 0 where there is none. Exactly three digits must follow. */
    private int thousandsSeparator() {
        int length = 0;
        if (text.startsWith("{,}", at)) {
            length = 3;
        } else if (text.startsWith(",\\!", at)) {
            length = 3;
            while (at + length < text.length() && text.charAt(at + length) == ' ') {
                length++;
            }
        } else if (text.startsWith("\\,", at) || text.startsWith("\\!", at)) {
            length = 2;
        } else if (text.charAt(at) == ',' && comma == Comma.THOUSANDS && brackets == 0) {
            length = 1;
        } else if (" \u00a0\u202f\u2009".indexOf(text.charAt(at)) >= 0) {
            length = 1;
        }
        boolean three = length > 0 && isDigit(at + length) && isDigit(at + length + 1) && isDigit(at + length + 2);
        return three && !isDigit(at + length + 3) ? length : 0;
    }

    private void takeDigits(StringBuilder digits) {
        while (isDigit(at)) {
            digits.append((char) ('0' + Character.digit(text.charAt(at), 10)));
            at++;
        }
    }

    private boolean isDigit(int index) {
        return index < text.length() && Character.isDigit(text.charAt(index));
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Whether the text leaves open how a comma between digits is meant, and so deserves this other reading too. */
    static @Nullable Comma otherReading(String text) {
        for (int i = 1; i + 1 < text.length(); i++) {
            if (text.charAt(i) == ','
                    && Character.isDigit(text.charAt(i - 1))
                    && Character.isDigit(text.charAt(i + 1))) {
                boolean thousands = i + 3 < text.length()
                        && Character.isDigit(text.charAt(i + 2))
                        && Character.isDigit(text.charAt(i + 3))
                        && (i + 4 == text.length() || !Character.isDigit(text.charAt(i + 4)));
                return thousands ? Comma.LIST : Comma.DECIMAL;
            }
        }
        return null;
    }
}
