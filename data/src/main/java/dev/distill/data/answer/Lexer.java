package dev.distill.data.answer;

import dev.distill.data.answer.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts an answer, in LaTeX or plain text, into tokens. One pass over the text; what only changes the look ({@code \left},
 * {@code \,}, {@code $}) is gone afterwards.
 */
final class Lexer {
    /** No answer is longer than this many characters. */
    static final int MAX_LENGTH = 4_000;

    private static final String SKIPPED = "$~\u200b\ufeff\"“”`";

    /** Commands whose braces hold units in upright letters. */
    private static final Set<String> UPRIGHT = Set.of("text", "textrm", "textnormal", "mathrm", "mbox", "hbox");

    private static final Pattern BARRED = Pattern.compile("\\s*(?:\\{\\s*([a-z]+|[A-Z])\\s*\\}|([A-Za-z]))");

    /** The power of ten of {@code 6.02e23}; {@code 2e^3} has none. */
    private static final Pattern EXPONENT = Pattern.compile("[eE]([+−-]?)(\\d{1,4}+)(?!\\.?\\d|[A-Za-z_^({\\\\!])");

    private static final Pattern OPEN_EXPONENT = Pattern.compile("(?<![\\d.,])(\\d{1,9}+)(e[+−-]\\d)");

    private final String text;
    private final Digits.Comma comma;
    private final Digits digits;
    private final List<Token> tokens;
    private final WordLexer words;
    private int at;
    private int brackets;
    private int environments;

    private Lexer(String text, Digits.Comma comma, List<Token> tokens) {
        this.text = text;
        this.comma = comma;
        this.digits = new Digits(text, comma);
        this.tokens = tokens;
        this.words = new WordLexer(text, tokens);
    }

    static List<Token> tokens(String text, Digits.Comma comma) throws Unreadable {
        if (text.length() > MAX_LENGTH) {
            throw new Effort.TooMuch("an answer of " + text.length() + " characters");
        }
        Lexer lexer = new Lexer(text, comma, new ArrayList<>());
        lexer.run(0);
        lexer.tokens.add(Token.LAST);
        return lexer.tokens;
    }

    private void run(int depth) throws Unreadable {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || (SKIPPED.indexOf(c) >= 0 && !isMoney())) {
                at += Character.charCount(c);
            } else if (c == '\\') {
                command(depth);
            } else if (digits.startsAt(at)) {
                number();
            } else if (c == '$') {
                tokens.add(new Token(Kind.CURRENCY, "$"));
                at++;
            } else if (Character.isLetter(c) && Vocabulary.sign(c) == null) {
                at = words.letters(at);
            } else {
                sign(c);
            }
        }
    }

    /** A dollar that no other one closes, before a digit. */
    private boolean isMoney() {
        return text.charAt(at) == '$'
                && text.indexOf('$') == text.lastIndexOf('$')
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at + 1));
    }

    private void number() throws Unreadable {
        String value = digits.read(at, brackets != 0);
        at = digits.end();
        Matcher exponent = EXPONENT.matcher(text).region(at, text.length());
        if (!exponent.lookingAt() || value.indexOf('(') >= 0 || !isScientific(value, exponent)) {
            tokens.add(new Token(Kind.NUMBER, value));
            return;
        }
        tokens.add(new Token(Kind.BRACE_OPEN, "{"));
        tokens.add(new Token(Kind.NUMBER, value));
        tokens.add(new Token(Kind.OPERATOR, "*"));
        tokens.add(new Token(Kind.NUMBER, "10"));
        tokens.add(new Token(Kind.OPERATOR, "^"));
        if (!exponent.group(1).isEmpty() && !exponent.group(1).equals("+")) {
            tokens.add(new Token(Kind.OPERATOR, "-"));
        }
        tokens.add(new Token(Kind.NUMBER, exponent.group(2)));
        tokens.add(new Token(Kind.BRACE_CLOSE, "}"));
        at = exponent.end();
    }

    /** The text with what may be a power of ten, {@code 2e-5}, written so that it is one. */
    static String withPowersOfTen(String text) {
        return text.indexOf('e') < 0 ? text : OPEN_EXPONENT.matcher(text).replaceAll("$1.0$2");
    }

    /** {@code 2e-5} may be twice e, less 5; {@code 2.0e-5}, {@code 1e-5} and {@code 2e-05} can only be powers of ten. */
    private static boolean isScientific(String value, Matcher exponent) {
        return exponent.group(1).isEmpty()
                || value.indexOf('.') >= 0
                || value.equals("1")
                || exponent.group(2).startsWith("0");
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
        if (name.equals("times") && text.contains("\\vec")) {
            throw new Unreadable("a product of vectors, which changes with their order");
        }
        if ((name.equals("bar") || name.equals("overline")) && barred()) {
            return;
        }
        if (token != null) {
            environments += name.equals("begin") ? 1 : name.equals("end") ? -1 : 0;
            brackets += token.kind() == Kind.OPEN ? 1 : token.kind() == Kind.CLOSE ? -1 : 0;
            tokens.add(token);
            if (name.equals("begin") || name.equals("end")) {
                tokens.add(new Token(Kind.WORDS, braced()));
            }
        } else if (Vocabulary.TEXT.contains(name)) {
            textCommand(name, braced(), depth);
        } else if (name.startsWith("quad")) {
            at -= name.length() - 4; // \quadx: a space and an x
        } else if (name.equals("left") || name.equals("right")) {
            at += at < text.length() && text.charAt(at) == '.' ? 1 : 0;
        } else if (!Vocabulary.LAYOUT.contains(name) && (name.isEmpty() || Character.isLetter(name.charAt(0)))) {
            throw new Unreadable("the command \\" + name);
        }
    }

    /** A bar over a letter, or over small ones, makes another letter of them: a conjugate, a mean, the digits of a number. */
    private boolean barred() {
        Matcher letters = BARRED.matcher(text).region(at, text.length());
        if (!letters.lookingAt()) {
            return false;
        }
        tokens.add(new Token(Kind.LETTER, "bar " + (letters.group(1) != null ? letters.group(1) : letters.group(2))));
        at = letters.end();
        return true;
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

    private void textCommand(String command, String content, int depth) throws Unreadable {
        String plain = content.strip();
        boolean unit = UPRIGHT.contains(command)
                && words.afterValue()
                && Unit.isKnown(plain)
                && (at >= text.length() || "_(".indexOf(text.charAt(at)) < 0);
        boolean mathematics =
                plain.codePoints().anyMatch(c -> c == '\\' || Character.isDigit(c)) || plain.length() == 1;
        if (mathematics && !unit && depth < 3) {
            Lexer inner = new Lexer(plain, comma, tokens);
            inner.run(depth + 1);
            return;
        }
        words.phrase(plain);
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
