package dev.distill.data.curate;

import dev.distill.data.curate.Secret.Kind;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drops traces with data of a person or a key in them: e-mail addresses, telephones, cards, accounts, identity numbers,
 * passwords, tokens, private keys. What is reserved for examples (example.com, 555-01xx, 192.0.2.0, the providers' test
 * keys) is none. The verdict's name ends with the kind
 * ({@code secrets:email}), its reason shows the shape, never the thing itself. Each kind that is found has its verdict.
 *
 * <p>One pass looks for what may begin something: a digit, a plus, an at sign, a capital before digits, a long token; rules
 * run only there.
 */
public record NoSecrets() implements TraceFilter {
    public static final String NAME = "secrets";

    /** Fewest digits of a number, signs between them, that is looked at. */
    private static final int DIGITS = 7;

    /** What is looked for in a whole text, the surest first. */
    private static final List<Function<String, @Nullable Secret>> ANNOUNCED =
            List.of(SecretKeys::privateKey, SecretKeys::password, SecretWords::passport, SecretWords::birthDate);

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
        return findings(trace).getFirst();
    }

    @Override
    public List<Verdict> findings(Trace trace, TraceWords words) {
        return findings(trace);
    }

    private static List<Verdict> findings(Trace trace) {
        Map<Kind, Verdict> all = new LinkedHashMap<>();
        String question = trace.question();
        find(trace.answer(), question, "answer", all);
        if (trace.reasoning() != null) {
            find(trace.reasoning(), question, "reasoning", all);
        }
        find(question, question, "question", all);
        for (Message message : trace.earlier()) {
            find(message.content(), question, "earlier " + message.role().word(), all);
        }
        return all.isEmpty() ? List.of(Verdict.pass(NAME, "none")) : List.copyOf(all.values());
    }

    /** Adds the first of each kind that stands in a text. */
    private static void find(String text, String question, String where, Map<Kind, Verdict> all) {
        String rest = text;
        for (Function<String, @Nullable Secret> rule : ANNOUNCED) {
            Secret found = rule.apply(rest);
            if (found != null) {
                add(found, where, all);
                rest = rest.replace(found.found(), "*".repeat(found.found().length())); // it is nothing else too
            }
        }
        scan(rest, question, found -> add(found, where, all));
    }

    private static void add(Secret found, String where, Map<Kind, Verdict> all) {
        all.computeIfAbsent(found.kind(), kind -> Verdict.fail(NAME + ":" + kind.word(), where + " " + found.words()));
    }

    private static void scan(String text, String question, Consumer<Secret> heard) {
        int token = 0;
        int noNumberBefore = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= 'a' && c <= 'z') {
                continue;
            }
            if (!isToken(c)) {
                tell(token(text, token, at), heard);
                token = at + 1;
            }
            if (c == '@') {
                tell(SecretWords.email(text, at), heard);
            } else if (at >= noNumberBefore && (isDigit(c) || c == '+' || c == '(') && isFree(text, at)) {
                Secret found = number(text, at, question);
                tell(found, heard);
                noNumberBefore =
                        found != null ? at + found.found().length() : c == '(' || c == '+' ? 0 : firstEnd(text, at);
            } else if (c == '号' && at > 0 && (isDigit(text.charAt(at - 1)) || text.charAt(at - 1) == ' ')) {
                tell(SecretWords.abroad(text, at), heard);
            } else if (isCapital(c) && isFree(text, at) && isIbanStart(text, at)) {
                Secret found = SecretNumbers.iban(text, at);
                tell(found, heard);
                noNumberBefore =
                        found == null ? noNumberBefore : at + found.found().length();
            }
        }
        tell(token(text, token, text.length()), heard);
    }

    private static void tell(@Nullable Secret found, Consumer<Secret> heard) {
        if (found != null) {
            heard.accept(found);
        }
    }

    private static @Nullable Secret token(String text, int start, int end) {
        return end - start >= SecretKeys.SHORTEST ? SecretKeys.token(text, start, end) : null;
    }

    /** What begins with this digit, plus or bracket; null for nothing. */
    private static @Nullable Secret number(String text, int at, String question) {
        int end = numberEnd(text, at);
        Secret found = digits(text, at, end) >= DIGITS ? SecretNumbers.at(text, at, question) : null;
        found = found == null && isDigit(text.charAt(at)) ? address(text, at) : found;
        return found == null && isPostcode(text, at) ? SecretWords.abroad(text, at) : found;
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
