package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Words of a text by script, and those in Latin letters one by one. LaTeX commands, letters that stand alone and
 * identifiers with digits are formulas, not words; so are Greek letters unless they make a longer word.
 */
final class LanguageCount {
    /** Shorter runs of Greek letters are names of angles and sides. */
    private static final int GREEK_WORD = 4;

    private static final byte NAME = 1;
    private static final byte ACCENTED = 2;
    private static final byte OTHER_SCRIPT = 4;

    private final char[] text;
    private final Map<UnicodeScript, Integer> byScript = new EnumMap<>(UnicodeScript.class);
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private long[] hashes = new long[16];
    private byte[] flags = new byte[16];
    private int size;
    private int latinWords;
    private @Nullable HashCounts latin;
    private boolean sentenceStarts = true;
    private int words;

    private LanguageCount(char[] text) {
        this.text = text;
    }

    static LanguageCount of(String text) {
        LanguageCount count = new LanguageCount(text.toCharArray());
        count.read();
        if (count.latinWords > 0) {
            count.byScript.put(UnicodeScript.LATIN, count.latinWords);
            count.words += count.latinWords;
        }
        return count;
    }

    /** Words in all; one a character where the script writes without spaces. */
    int words() {
        return words;
    }

    Map<UnicodeScript, Integer> byScript() {
        return byScript;
    }

    /** How many words are listed: those in Latin letters, and one for each in another script. */
    int size() {
        return size;
    }

    /** Whether the word here is in another script. */
    boolean isOtherScript(int index) {
        return (flags[index] & OTHER_SCRIPT) != 0;
    }

    /** Whether the word here begins with a capital inside a sentence. */
    boolean isName(int index) {
        return (flags[index] & NAME) != 0;
    }

    /** Whether the word here has letters beyond a to z. */
    boolean isAccented(int index) {
        return (flags[index] & ACCENTED) != 0;
    }

    /** Of the word in lower case, see {@link Language#hash}. */
    long hash(int index) {
        return hashes[index];
    }

    int length(int index) {
        return ends[index] - starts[index];
    }

    /** The word as it stands in the text, apostrophes straight. */
    String spelling(int index) {
        return new String(text, starts[index], length(index)).replace('’', '\'');
    }

    /** Whether the text has a Latin word with this hash. */
    boolean has(long hash) {
        HashCounts all = latin;
        if (all == null) {
            all = new HashCounts(size);
            for (int i = 0; i < size; i++) {
                if (!isOtherScript(i)) {
                    all.add(hashes[i]);
                }
            }
            latin = all;
        }
        return all.count(hash) > 0;
    }

    Set<UnicodeScript> scripts() {
        return byScript.keySet().isEmpty() ? EnumSet.of(UnicodeScript.LATIN) : EnumSet.copyOf(byScript.keySet());
    }

    UnicodeScript mainScript() {
        UnicodeScript main = UnicodeScript.LATIN;
        for (Map.Entry<UnicodeScript, Integer> count : byScript.entrySet()) {
            main = count.getValue() > byScript.getOrDefault(main, 0) ? count.getKey() : main;
        }
        return main;
    }

    /** The language that most words are of; null where fewer than two words speak for it. A tie is no language either. */
    @Nullable
    Language language() {
        double[] weights = new double[Language.values().length];
        for (int i = 0; i < size; i++) {
            int owners = isOtherScript(i) ? 0 : Language.owners(hashes[i]);
            double share = 1.0 / Integer.bitCount(owners);
            for (int left = owners; left != 0; left &= left - 1) {
                weights[Integer.numberOfTrailingZeros(left)] += share;
            }
        }
        Language main = Language.ENGLISH;
        for (Language language : Language.values()) {
            main = weights[language.ordinal()] > weights[main.ordinal()] ? language : main;
        }
        double second = 0;
        for (Language language : Language.values()) {
            second = language == main ? second : Math.max(second, weights[language.ordinal()]);
        }
        double first = weights[main.ordinal()];
        return first > 1 && first > second ? main : null;
    }

    private void read() {
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
        while (at < text.length && isLatin(text[at])) {
            hash = Language.hash(hash, (char) (text[at] | 0x20));
            at++;
        }
        char after = at < text.length ? text[at] : ' ';
        if (after >= 128 || after == '\'') {
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
            count(script);
            list(start, at, 0, OTHER_SCRIPT);
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
                count(script);
                list(start, at, 0, OTHER_SCRIPT);
            }
            sentenceStarts = false;
        }
        return at;
    }

    private void add(int start, int end, long hash, boolean accented, char after) {
        if (end - start >= 2 && !isIdentifier(start, after)) {
            latinWords++;
            boolean name = !sentenceStarts && Character.isUpperCase(text[start]);
            list(start, end, hash, (byte) ((name ? NAME : 0) | (accented ? ACCENTED : 0)));
        }
        sentenceStarts = false;
    }

    private boolean isIdentifier(int start, char after) {
        char before = start > 0 ? text[start - 1] : ' ';
        return Character.isDigit(before) || before == '_' || Character.isDigit(after) || after == '_';
    }

    private void list(int start, int end, long hash, byte flag) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
            flags = Arrays.copyOf(flags, 2 * size);
        }
        starts[size] = start;
        ends[size] = end;
        hashes[size] = hash;
        flags[size++] = flag;
    }

    private boolean isOtherWord(int start, int end, UnicodeScript script) {
        return switch (script) {
            case COMMON, INHERITED -> false;
            case GREEK -> end - start >= GREEK_WORD && !isUpper(start, end);
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

    private void count(UnicodeScript script) {
        byScript.merge(script, 1, Integer::sum);
        words++;
    }
}
