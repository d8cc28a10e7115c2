package dev.distill.data.curate;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Drops traces with data of a person or a key in them: e-mail addresses, telephones, cards, accounts, identity numbers,
 * passwords, tokens, private keys. What is reserved for examples (example.com, 555-01xx, 192.0.2.0, the providers' test
 * keys) is none. The verdict's name ends with the kind
 * ({@code secrets:email}), its reason shows the shape, never the thing itself.
 *
 * <p>One pass looks for what may begin something: a digit, a plus, an at sign, a capital before digits, a long token; rules
 * run only there.
 */
public record NoSecrets() implements TraceFilter {
    public static final String NAME = "secrets";

    /** Fewest digits of a number, signs between them, that is looked at. */
    private static final int DIGITS = 7;

    /** What keys are made of. */
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = 0; c < TOKEN.length; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c) || "_-.+/=".indexOf(c) >= 0;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        String question = trace.question();
        String where = "answer";
        Secret found = find(trace.answer(), question);
        if (found == null && trace.reasoning() != null) {
            where = "reasoning";
            found = find(trace.reasoning(), question);
        }
        if (found == null) {
            where = "question";
            found = find(question, question);
        }
        for (Message message : trace.earlier()) {
            if (found == null) {
                where = "earlier " + message.role().word();
                found = find(message.content(), question);
            }
        }
        return found == null
                ? Verdict.pass(NAME, "none")
                : Verdict.fail(NAME + ":" + found.kind().word(), where + " " + found.words());
    }

    private static @Nullable Secret find(String text, String question) {
        Secret found = SecretKeys.privateKey(text);
        found = found == null ? SecretKeys.password(text) : found;
        found = found == null ? SecretWords.announced(text) : found;
        return found == null ? scan(text, question) : found;
    }

    private static @Nullable Secret scan(String text, String question) {
        int token = 0;
        int noNumberBefore = 0;
        Secret found = null;
        for (int at = 0; at < text.length() && found == null; at++) {
            char c = text.charAt(at);
            if (c >= 'a' && c <= 'z') {
                continue;
            }
            if (!isToken(c)) {
                found = at - token >= SecretKeys.SHORTEST ? SecretKeys.token(text, token, at) : null;
                token = at + 1;
            }
            if (found == null && c == '@') {
                found = SecretWords.email(text, at);
            } else if (found == null
                    && at >= noNumberBefore
                    && (isDigit(c) || c == '+' || c == '(')
                    && isFree(text, at)) {
                int end = numberEnd(text, at);
                found = digits(text, at, end) >= DIGITS ? SecretNumbers.at(text, at, question) : null;
                found = found == null && isDigit(c) ? address(text, at) : found;
                found = found == null && isPostcode(text, at) ? SecretWords.abroad(text, at) : found;
                noNumberBefore = c == '(' || c == '+' ? 0 : firstEnd(text, at);
            } else if (found == null
                    && c == '号'
                    && at > 0
                    && (isDigit(text.charAt(at - 1)) || text.charAt(at - 1) == ' ')) {
                found = SecretWords.abroad(text, at);
            } else if (found == null && isCapital(c) && isFree(text, at) && isIbanStart(text, at)) {
                found = SecretNumbers.iban(text, at);
            }
        }
        return found == null && text.length() - token >= SecretKeys.SHORTEST
                ? SecretKeys.token(text, token, text.length())
                : found;
    }

    /** Whether no letter, digit, decimal point or other part of a longer number stands before. */
    private static boolean isFree(String text, int at) {
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        boolean decimal = at >= 2 && (before == '.' || before == ',' || before == '-') && isDigit(text.charAt(at - 2));
        return !(before < 128 && Character.isLetterOrDigit(before)) && "+^_\\${}=*/".indexOf(before) < 0 && !decimal;
    }

    /** Behind the digits, single signs between them allowed, that begin here. */
    private static int numberEnd(String text, int start) {
        int at = start + 1;
        int signs = isDigit(text.charAt(start)) ? 0 : 1;
        while (at < text.length() && at - start < 40) {
            char c = text.charAt(at);
            signs = isDigit(c) ? 0 : signs + 1;
            if (signs > 2 || (signs > 0 && " -.()".indexOf(c) < 0)) {
                break;
            }
            at++;
        }
        return at;
    }

    private static int digits(String text, int start, int end) {
        int digits = 0;
        for (int i = start; i < end; i++) {
            digits += isDigit(text.charAt(i)) ? 1 : 0;
        }
        return digits;
    }

    /** Behind the first run of digits. */
    private static int firstEnd(String text, int start) {
        int at = start;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Four or five digits, a space and the town. */
    private static boolean isPostcode(String text, int start) {
        int at = firstEnd(text, start);
        return (at - start == 4 || at - start == 5)
                && at + 2 < text.length()
                && text.charAt(at) == ' '
                && Character.isUpperCase(text.charAt(at + 1))
                && Character.isLetter(text.charAt(at + 2));
    }

    /** A house number is followed by a space and a capital. */
    private static @Nullable Secret address(String text, int start) {
        int at = firstEnd(text, start);
        boolean street =
                at - start <= 5 && at + 2 < text.length() && text.charAt(at) == ' ' && isCapital(text.charAt(at + 1));
        return street ? SecretWords.address(text, start) : null;
    }

    private static boolean isIbanStart(String text, int at) {
        return at + 14 < text.length()
                && isCapital(text.charAt(at + 1))
                && isDigit(text.charAt(at + 2))
                && isDigit(text.charAt(at + 3));
    }

    private static boolean isToken(char c) {
        return c < TOKEN.length && TOKEN[c];
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
