package dev.distill.data.curate;

import dev.distill.data.curate.Secret.Kind;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys: by the prefixes that providers give them, by their shape (JSON Web Tokens, PEM blocks, addresses with a
 * password in them), and strings without sense that are assigned to something called a key, a token or a password. The
 * prefixes are those that the providers document so that leaks can be found.
 */
final class SecretKeys {
    /** Shorter tokens are no keys; a scan looks only at longer ones. */
    static final int SHORTEST = 16;

    /** Fewest letters of a key. */
    private static final int LETTERS = 6;

    /** Least entropy of a string's own characters, in bits a character: words reach 3, random letters and digits 4. */
    private static final double RANDOM = 3.3;

    private static final double RANDOM_HEX = 2.8;

    /** What a known prefix's tail must have at least. */
    private static final double RANDOM_TAIL = 3;

    /** A key that begins with a known prefix; the first group stands in messages. */
    private static final Pattern KNOWN = Pattern.compile(
            "(AKIA|ASIA|AROA|ABIA|ACCA)[A-Z2-7]{16}"
                    + "|(gh[pousr]_)[A-Za-z0-9]{36,}|(github_pat_)\\w{40,}|(glpat-)[\\w-]{20,}"
                    + "|(xox[abeoprs]-)[A-Za-z0-9-]{20,}|(xapp-)[A-Za-z0-9-]{20,}"
                    + "|(AIza)[\\w-]{35}|(ya29\\.)[\\w-]{30,}|(GOCSPX-)[\\w-]{24,}"
                    + "|(sk-(?:proj-|ant-(?:api\\d\\d-)?|or-v1-|svcacct-|admin-)?)[A-Za-z0-9_-]{20,}|(gsk_|xai-|pplx-|r8_|nvapi-|csk-)[A-Za-z0-9_-]{24,}"
                    + "|((?:sk|rk|pk)_(?:live|test)_)[A-Za-z0-9]{16,}|(whsec_)[A-Za-z0-9+/=]{24,}"
                    + "|(hf_)[A-Za-z]{30,}|(npm_)[A-Za-z0-9]{36}|(pypi-)[\\w-]{50,}|(dckr_pat_)[\\w-]{20,}"
                    + "|(SG\\.)[\\w-]{16,}\\.[\\w-]{16,}|(key-)[0-9a-f]{32}|(dop_v1_)[0-9a-f]{40,}|(shp(?:at|ca|pa|ss)_)[0-9a-fA-F]{32}"
                    + "|(sq0(?:atp|csp)-)[\\w-]{22,}|(EAAC)[A-Za-z0-9]{40,}|(lin_api_)\\w{32,}|(ntn_|secret_)[A-Za-z0-9]{40,}|(hvs\\.)[\\w-]{24,}|(LTAI)[A-Za-z0-9]{16,24}|(AKID)[A-Za-z0-9]{32}");

    /** The path is the secret: whoever has it may post. */
    private static final Pattern WEBHOOK = Pattern.compile(
            "hooks\\.slack\\.com/services/T\\w{6,}/B\\w{6,}/\\w{16,}|discord(?:app)?\\.com/api/webhooks/\\d{10,}/[\\w-]{30,}|api\\.telegram\\.org/bot\\d{6,}:[\\w-]{30,}");

    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{16,}");

    private static final Pattern PRIVATE_KEY = Pattern.compile(
            "-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY(?: BLOCK)?-----(?:\\s++|\\\\n|[\\w-]++: [^\\n]*+\\n)*+[A-Za-z0-9+/=]{24,}");

    /** postgres://user:password@host. */
    private static final Pattern IN_ADDRESS = Pattern.compile("://[\\w.%+-]{1,64}:([^\\s:/@]{4,80})@([\\w.-]+)");

    private static final Pattern KEY_ASSIGNED = Pattern.compile(
            "(?:api[_ -]?key|secret(?:[_ -]?(?:access)?[_ -]?key)?|access[_ -]?(?:key|token)|auth[_ -]?token|client[_ -]?secret|bearer|token|account[_ -]?key|private[_ -]?key|密钥|令牌)"
                    + "\\w{0,4}[\"'`*]{0,3}\\s{0,2}(?:[:=：]|is\\b|是|为|\\s)\\s{0,2}[\"'`]{0,3}(?:bearer )?([A-Za-z0-9_\\-+/.=]{16,200})",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PASSWORD_ASSIGNED = Pattern.compile(
            "(?:passwords?|passwd|passwort|kennwort|mot de passe|contraseña|senha|password[ae]?|passphrase|pwd|passcode|密码|口令)[\"'`*]{0,3}(?: (?:to|for|of) [^.:=\\n]{1,40}?)?\\s{0,2}(?:[:=：]|is(?: set to)?\\b|was\\b|est\\b|es\\b|ist\\b|是|为|(?=[\"'`“]))\\s{0,2}[\"'`“*]{0,3}([^\\s\"'`”“<>，。、（）*]{6,64})",
            Pattern.CASE_INSENSITIVE);

    /** What stands where a secret would, in documentation and code. */
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "example|changeme|your|placeholder|dummy|sample|xxxx|\\*\\*|\\.\\.\\.|redacted|<|\\$\\{?\\w|%s|\\{|\\(|^(?:none|null|true|false|str|string|password\\d*!?|passw0rd|secret\\d*|p@ssw0rd!?|hunter2|test\\w*|admin\\d*|root|letmein|qwerty\\d*|abc123|correcthorse\\w*|input|getpass|hash(?:ed)?)\\b|_here|environ|config\\.|self\\.|args\\.|0123456789|1234567890|abcdefgh|deadbeef",
            Pattern.CASE_INSENSITIVE);

    private static final List<String> PASSWORD_WORDS = List.of(
            "assw",
            "ASSW",
            "ennwort",
            "mot de passe",
            "ontraseña",
            "senha",
            "assphrase",
            "asscode",
            "pwd",
            "PWD",
            "密码",
            "口令");

    private SecretKeys() {}

    /** The token from {@code start} to {@code end} as a key; null for none. */
    static @Nullable Secret token(String text, int start, int end) {
        String token = text.substring(start, end);
        if (!mayBeKey(token)) {
            return null;
        }
        Matcher jwt = JWT.matcher(token);
        if (jwt.find()
                && !token.startsWith(
                        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkw", jwt.start())) {
            return Secret.masked(Kind.JWT, token, 0);
        }
        Matcher known = KNOWN.matcher(token);
        if (known.find() && (known.start() == 0 || !Character.isLetterOrDigit(token.charAt(known.start() - 1)))) {
            int prefix = prefix(known);
            String key = known.group();
            boolean random = entropy(key.substring(prefix)) >= RANDOM_TAIL;
            return random && !PLACEHOLDER.matcher(key).find() ? Secret.masked(Kind.API_KEY, key, prefix) : null;
        }
        Matcher webhook = WEBHOOK.matcher(token);
        return webhook.find() && !PLACEHOLDER.matcher(webhook.group()).find()
                ? Secret.masked(Kind.API_KEY, webhook.group(), webhook.group().indexOf('/'))
                : assigned(text, start, token);
    }

    /** Letters enough, and a digit: sums and long words are no keys. */
    private static boolean mayBeKey(String token) {
        int letters = 0;
        for (int i = 0; i < token.length(); i++) {
            letters += token.charAt(i) >= 'A' ? 1 : 0;
        }
        return letters >= LETTERS && (hasDigit(token) || token.contains("hf_"));
    }

    private static int prefix(Matcher known) {
        for (int group = 1; group <= known.groupCount(); group++) {
            if (known.start(group) >= 0) {
                return known.end(group) - known.start();
            }
        }
        throw new IllegalStateException("a pattern of a known key without its prefix in a group");
    }

    /** A string without sense that the words before it call a key. */
    private static @Nullable Secret assigned(String text, int start, String token) {
        int from = Math.max(0, start - 40);
        Matcher assigned = KEY_ASSIGNED.matcher(text).region(from, Math.min(text.length(), start + token.length()));
        while (assigned.find()) {
            String value = assigned.group(1);
            if (assigned.end(1) > start
                    && isRandom(value)
                    && !PLACEHOLDER.matcher(value).find()) {
                return Secret.masked(Kind.API_KEY, value, 0);
            }
        }
        return null;
    }

    /** Letters and digits without sense: more than {@link #RANDOM} bits a character. */
    private static boolean isRandom(String value) {
        boolean hex = value.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        boolean letters = value.chars().anyMatch(Character::isLetter);
        return hasDigit(value) && letters && entropy(value) >= (hex ? RANDOM_HEX : RANDOM);
    }

    static @Nullable Secret privateKey(String text) {
        if (!text.contains("-----BEGIN ")) {
            return null;
        }
        Matcher key = PRIVATE_KEY.matcher(text);
        return key.find() ? new Secret(Kind.PRIVATE_KEY, "-----BEGIN PRIVATE KEY-----", key.group()) : null;
    }

    static @Nullable Secret password(String text) {
        if (text.contains("://")) {
            for (Matcher in = IN_ADDRESS.matcher(text); in.find(); ) {
                if (isPassword(in.group(1)) && !in.group(2).startsWith("example.")) {
                    return Secret.masked(Kind.PASSWORD, in.group(1), 0);
                }
            }
        }
        for (String word : PASSWORD_WORDS) {
            for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
                Matcher assigned =
                        PASSWORD_ASSIGNED.matcher(text).region(Math.max(0, at - 2), Math.min(text.length(), at + 140));
                if (assigned.find() && assigned.start() <= at && isPassword(assigned.group(1))) {
                    return Secret.masked(Kind.PASSWORD, stripped(assigned.group(1)), 0);
                }
            }
        }
        return null;
    }

    private static String stripped(String value) {
        int end = value.length();
        while (end > 0 && ".,;:)".indexOf(value.charAt(end - 1)) >= 0) {
            end--;
        }
        return value.substring(0, end);
    }

    /** Six characters of three kinds, or letters and digits that are no word with a number behind it in code. */
    private static boolean isPassword(String raw) {
        String value = stripped(raw);
        if (value.length() < 6 || PLACEHOLDER.matcher(value).find()) {
            return false;
        }
        boolean lower = value.chars().anyMatch(Character::isLowerCase);
        boolean upper = value.chars().anyMatch(Character::isUpperCase);
        boolean digit = hasDigit(value);
        boolean sign = value.chars().anyMatch(c -> !Character.isLetterOrDigit(c));
        int kinds = (lower ? 1 : 0) + (upper ? 1 : 0) + (digit ? 1 : 0) + (sign ? 1 : 0);
        return digit && (lower || upper) && kinds >= (value.length() >= 8 ? 2 : 3);
    }

    private static boolean hasDigit(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }

    /** Shannon entropy of the characters as they are distributed in this string, in bits a character. */
    static double entropy(String text) {
        int[] counts = new int[128];
        for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
            counts[c & 127]++;
        }
        double bits = 0;
        for (int count : counts) {
            bits -= count == 0 ? 0 : (double) count / text.length() * Math.log((double) count / text.length());
        }
        return bits / Math.log(2);
    }
}
