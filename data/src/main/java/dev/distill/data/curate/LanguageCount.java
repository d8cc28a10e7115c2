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
    /** What a word is. */
    static final byte NAME = 1;

    static final byte ACCENTED = 2;
    static final byte OTHER_SCRIPT = 4;

    private final char[] text;
    private final Map<UnicodeScript, Integer> byScript = new EnumMap<>(UnicodeScript.class);
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private long[] hashes = new long[16];
    private byte[] flags = new byte[16];
    private int size;
    private int latinWords;
    private @Nullable LongIntTable latin;
    private int words;

    private LanguageCount(char[] text) {
        this.text = text;
    }

    static LanguageCount of(String text) {
        return of(text.toCharArray());
    }

    /** @param text not to be changed afterwards */
    static LanguageCount of(char[] text) {
        LanguageCount count = new LanguageCount(text);
        new LanguageReader(text, count).read();
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
        LongIntTable all = latin;
        if (all == null) {
            all = new LongIntTable(size);
            for (int i = 0; i < size; i++) {
                if (!isOtherScript(i)) {
                    all.put(hashes[i], 0);
                }
            }
            latin = all;
        }
        return all.get(hash) != LongIntTable.NONE;
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

    /** Lists a word. */
    void list(int start, int end, long hash, byte flag) {
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

    /** Counts a word of another script. */
    void count(UnicodeScript script) {
        byScript.merge(script, 1, Integer::sum);
        words++;
    }

    /** Lists and counts a word in Latin letters. */
    void latin(int start, int end, long hash, byte flag) {
        latinWords++;
        list(start, end, hash, flag);
    }
}
