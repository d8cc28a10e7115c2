package dev.distill.data.curate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a program left behind: characters written as escapes or entities, tags of web pages, the letters that
 * byte-level tokenizers have for a space. Text about such things is known by its question, which holds them too.
 */
final class Debris {
    /** Each alone is proof, and begins with one of {@link #LEAD}, or is one of Ġ, Ċ, ▁. */
    private static final Pattern SURE = Pattern.compile(
            "&(?:nbsp|amp|lt|gt|quot|apos|#\\d{2,5}|#x[0-9a-fA-F]{2,5});"
                    + "|\\\\u[0-9a-fA-F]{4}(?![a-zA-Z])|\\\\x[0-9a-f]{2}\\\\x|(?<=\\p{L})\\\\n\\\\n|<0x[0-9A-F]{2}>|%[0-9A-F]{2}%[0-9A-F]{2}"
                    + "|[Ġ▁](?=\\p{L})|(?<=\\p{L})[Ġ▁]|Ċ|\\[(?:[01];)?3[0-7]m|(?<=\\s)##\\p{Ll}+ ##\\p{Ll}"
                    + "|\\[object Object]|\\{\\\\rtf\\d|\\[/?(?:QUOTE|SIZE|COLOR|URL|IMG|B|I)(?:=[^]\\n]{1,60})?](?!\\()|<(?:Response \\[\\d{3}]|(?:generator |\\w+ )?object at 0x[0-9a-f]+)>?|\\{\\{ ?[a-z_.]{2,40}(?: ?\\| ?\\w+)? ?}}|\\{% (?:if|for|block|endif|endfor|set|include)\\b");

    private static final boolean[] LEAD = new boolean[128];

    static {
        for (char lead : "&\\<%[#{".toCharArray()) {
            LEAD[lead] = true;
        }
    }

    /** Tags; Markdown allows those for bold, italics, subscripts and line breaks. */
    private static final Pattern TAG =
            Pattern.compile("</?(?:div|span|p|td|tr|th|table|html|body|head|a|li|ul|ol|img|script|style|font|h[1-6]|pre"
                    + "|section|center|iframe|input|button|form|nbsp)(?:\\s[^<>\\n]{0,200})?/?>");

    private static final int TAGS = 2;

    private Debris() {}

    /** What may follow each of these signs; formulas are full of them. */
    private static boolean mayBegin(String text, int at, char lead) {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        return switch (lead) {
            case '\\' -> next == 'u' || next == 'x' || next == 'n';
            case '{' -> next == '{' || next == '%' || next == '\\';
            case '#' -> next == '#';
            case '&' -> next == '#' || Language.isPlain(next);
            case '%' -> next == '%' || Character.digit(next, 16) >= 0;
            case '<' -> isOfWord(next);
            case '[' -> "013o/QSCUIB".indexOf(next) >= 0;
            default -> true;
        };
    }

    private static boolean isOfWord(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }

    /** The first piece of debris that the question does not hold; null for none. */
    static @Nullable String find(Reading reading, String question) {
        String text = reading.text();
        Matcher sure = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 128 ? !LEAD[c] : c != 'Ġ' && c != 'Ċ' && c != '▁') || !mayBegin(text, i, c)) {
                continue;
            }
            sure = sure == null ? SURE.matcher(text).useTransparentBounds(true) : sure;
            if (sure.region(i, text.length()).lookingAt()
                    && !SURE.matcher(question).find()) {
                return sure.group();
            }
        }
        return tag(text, question);
    }

    private static @Nullable String tag(String text, String question) {
        Matcher tag = null;
        int tags = 0;
        for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (next != '/' && !Language.isPlain(next)) {
                continue;
            }
            tag = tag == null ? TAG.matcher(text) : tag;
            if (tag.region(at, text.length()).lookingAt()
                    && ++tags >= TAGS
                    && !TAG.matcher(question).find()) {
                return tag.group();
            }
        }
        return null;
    }
}
