package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;

/** Reads the words of a text for a {@link LanguageCount}, which says what a word is. */
final class LanguageReader {
    /** Shorter runs of Greek letters are names of angles and sides. */
    private static final int GREEK_WORD = 4;

    private final char[] text;
    private final LanguageCount count;
    private boolean sentenceStarts = true;

    LanguageReader(char[] text, LanguageCount count) {
        this.text = text;
        this.count = count;
    }

    void read() {
        int at = 0;
        while (at < text.length) {
            char c = text[at];
            if (isLatin(c)) {
                at = latinWord(at);
            } else if (c < 128) {
                at = c == '\\' ? skipCommand(at + 1) : at + 1;
                sentenceStarts |= c == '.' || c == '\n' || c == '?' || c == '!' || c == ':' || c == ';' || c == '"';
            } else {
                int full = Character.codePointAt(text, at);
                if (Character.isLetter(full)) {
                    at = word(at);
                } else {
                    sentenceStarts |= "。！？“".indexOf(full) >= 0;
                    at += Character.charCount(full);
                }
            }
        }
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private int skipCommand(int start) {
        int at = start;
        while (at < text.length && isLatin(text[at])) {
            at++;
        }
        return Math.max(at, Math.min(start + 1, text.length));
    }

    /** Words of the letters a to z, as nearly all are; others go the long way. */
    private int latinWord(int start) {
        int at = start;
        long hash = Language.HASH_START;
        while (at < text.length) {
            char c = text[at];
            boolean latin = isLatin(c);
            if (!latin && !((c == '\'' || c == '’') && at + 1 < text.length && isLatin(text[at + 1]))) {
                break;
            }
            hash = Language.hash(hash, latin ? (char) (c | 0x20) : '\'');
            at++;
        }
        char after = at < text.length ? text[at] : ' ';
        char next = at + 1 < text.length ? text[at + 1] : ' ';
        if (after >= 128 || (after == '\'' && next >= 128)) {
            return word(start);
        }
        add(start, at, hash, false, after);
        return at;
    }

    private int word(int start) {
        int first = Character.codePointAt(text, start);
        UnicodeScript script = UnicodeScript.of(first);
        int at = start + Character.charCount(first);
        if (Scripts.isUnspaced(first)) {
            count.count(script);
            count.list(start, at, 0, LanguageCount.OTHER_SCRIPT);
            return at;
        }
        while (at < text.length && continues(at, script)) {
            at += Character.charCount(Character.codePointAt(text, at));
        }
        char after = at < text.length ? text[at] : ' ';
        if (script == UnicodeScript.LATIN) {
            long hash = Language.HASH_START;
            boolean accented = false;
            for (int i = start; i < at; i++) {
                char c = text[i] == '’' ? '\'' : Character.toLowerCase(text[i]);
                hash = Language.hash(hash, c);
                accented |= c >= 128;
            }
            add(start, at, hash, accented, after);
        } else {
            if (!isIdentifier(start, after) && isOtherWord(start, at, script)) {
                count.count(script);
                count.list(start, at, 0, LanguageCount.OTHER_SCRIPT);
            }
            sentenceStarts = false;
        }
        return at;
    }

    private void add(int start, int end, long hash, boolean accented, char after) {
        if (end - start >= 2 && !isIdentifier(start, after)) {
            boolean name = !sentenceStarts && Character.isUpperCase(text[start]);
            count.latin(start, end, hash, (byte)
                    ((name ? LanguageCount.NAME : 0) | (accented ? LanguageCount.ACCENTED : 0)));
        }
        sentenceStarts = false;
    }

    private boolean isIdentifier(int start, char after) {
        char before = start > 0 ? text[start - 1] : ' ';
        return Character.isDigit(before) || before == '_' || Character.isDigit(after) || after == '_';
    }

    private boolean isOtherWord(int start, int end, UnicodeScript script) {
        return switch (script) {
            case COMMON, INHERITED -> false;
            case GREEK -> end - start >= GREEK_WORD && !isUpper(start, end);
            case HANGUL,
                    DEVANAGARI,
                    BENGALI,
                    GUJARATI,
                    GURMUKHI,
                    TAMIL,
                    TELUGU,
                    KANNADA,
                    MALAYALAM,
                    SINHALA,
                    ETHIOPIC -> true; // a syllable may be a word
            default -> end - start >= 2 || isBesideLatin(start, end); // one letter in a Latin word looks like it
        };
    }

    private boolean isUpper(int start, int end) {
        for (int i = start; i < end; i++) {
            if (Character.isLowerCase(text[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean isBesideLatin(int start, int end) {
        return (start > 0 && Language.isPlain(text[start - 1])) || (end < text.length && Language.isPlain(text[end]));
    }

    private boolean continues(int at, UnicodeScript script) {
        int c = Character.codePointAt(text, at);
        if (c == '\'' || c == '’') {
            return at + 1 < text.length && Character.isLetter(text[at + 1]);
        }
        boolean mark = Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
        return mark || (Character.isLetter(c) && UnicodeScript.of(c) == script);
    }
}
