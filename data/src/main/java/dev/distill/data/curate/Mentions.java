package dev.distill.data.curate;

import java.util.regex.Pattern;

/**
 * What a text mentions and does not say itself: quotations, what stands in brackets, code, addresses, identifiers. A filter
 * that is about to drop a text looks once more without them.
 */
final class Mentions {
    private static final String CODE = "```.*?(?:```|\\z)|`[^`\\n]{1,200}`|https?://\\S+"
            + "|(?<![\\w.])[A-Za-z_][A-Za-z]+(?:(?:\\.|::|->|/|@|_)[A-Za-z_][A-Za-z]+){1,12}(?:\\(\\))?";

    private static final Pattern CODE_ALONE = Pattern.compile(CODE, Pattern.DOTALL);

    private static final Pattern MENTION = Pattern.compile(
            CODE
                    + "|\"[^\"\\n]{1,120}\"|“[^”\\n]{1,120}”|«[^»\\n]{1,120}»|„[^“”\\n]{1,120}[“”]|「[^」\\n]{1,120}」|《[^》\\n]{1,60}》|‘[^’\\n]{1,120}’"
                    + "|\\([^()\\n]{1,60}\\)|（[^（）\\n]{1,60}）|\\*[^*\\n]{1,80}\\*",
            Pattern.DOTALL);

    private Mentions() {}

    /** A text without code, addresses and identifiers of two words or more. */
    static String withoutCode(String text) {
        return CODE_ALONE.matcher(text).replaceAll(" ");
    }

    static String without(String text) {
        return MENTION.matcher(text).replaceAll(" ");
    }
}
