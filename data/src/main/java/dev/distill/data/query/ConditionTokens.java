package dev.distill.data.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words and signs of a condition, one after the other. */
final class ConditionTokens {
    private static final Pattern TOKEN = Pattern.compile("(?<word>[A-Za-z_][A-Za-z0-9_]*)"
            + "|\"(?<name>[^\"]+)\""
            + "|'(?<text>[^']*(?:''[^']*)*)'"
            + "|(?<number>[0-9]{1,30}(?:\\.[0-9]{1,30})?)"
            + "|(?<sign><>|!=|<=|>=|\\|\\||[=<>()+*/%,.-])");

    private static final Pattern SPACE = Pattern.compile("\\s*");

    enum Kind {
        WORD,
        NAME,
        TEXT,
        NUMBER,
        SIGN,
        END
    }

    /** @param at where it begins, from 0 */
    record Token(Kind kind, String text, int at) {}

    private final List<Token> tokens = new ArrayList<>();
    private int next;

    ConditionTokens(String condition) {
        Matcher token = TOKEN.matcher(condition);
        int at = 0;
        while (true) {
            Matcher space = SPACE.matcher(condition).region(at, condition.length());
            at = space.lookingAt() ? space.end() : at;
            if (at == condition.length()) {
                break;
            }
            if (!token.region(at, condition.length()).lookingAt()) {
                throw wrong(
                        at,
                        "'" + condition.substring(at, condition.offsetByCodePoints(at, 1))
                                + "' begins nothing of a condition; texts stand between single quotes, as 'stop'");
            }
            tokens.add(token(token, at));
            at = token.end();
        }
        tokens.add(new Token(Kind.END, "", at));
    }

    private static Token token(Matcher found, int at) {
        for (Kind kind : Kind.values()) {
            String text = kind == Kind.END ? null : found.group(kind.name().toLowerCase(Locale.ROOT));
            if (text != null) {
                return new Token(kind, kind == Kind.TEXT ? text.replace("''", "'") : text, at);
            }
        }
        throw new IllegalStateException("a token is one of its kinds");
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        Token token = tokens.get(next);
        next += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    /** Takes this word, whatever its case, or this sign, if it is next. */
    boolean takes(String wordOrSign) {
        Token token = peek();
        boolean is = (token.kind() == Kind.WORD || token.kind() == Kind.SIGN)
                && token.text().equalsIgnoreCase(wordOrSign);
        next += is ? 1 : 0;
        return is;
    }

    /** Takes what must be next. */
    void expect(String wordOrSign) {
        Token token = peek();
        if (!takes(wordOrSign)) {
            throw wrong(token.at(), "expected " + wordOrSign + ", got " + told(token));
        }
    }

    static String told(Token token) {
        return token.kind() == Kind.END ? "the end" : token.text();
    }

    static IllegalArgumentException wrong(int at, String what) {
        return new IllegalArgumentException("character " + (at + 1) + ": " + what);
    }
}
