package dev.distill.data.tokenize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes texts with a {@link BpeModel}. Each text goes this way: added tokens as they are written, normal form C, added tokens that
 * are looked for in it, words, bytes, merges. Keeps the words that it has seen, and its buffers. For one thread.
 */
final class BpeEncoder {
    /** Longer buffers than this many elements are not kept for the next text. */
    private static final int KEPT = 1 << 18;

    private static final char REPLACEMENT = '\uFFFD';

    private final BpeModel model;
    private final WordScanner[] scanners;
    private final WordCache cache = new WordCache();
    private final BpeMerger merger;
    private final IdList ids = new IdList();
    private char[] buffer = new char[1 << 12];
    private int[] word = new int[WordCache.LONGEST * 3];

    BpeEncoder(BpeModel model) {
        this.model = model;
        this.scanners = model.scanners().toArray(new WordScanner[0]);
        this.merger = new BpeMerger(model.merges());
    }

    /** The ids of this text; half a surrogate pair is taken for U+FFFD. */
    int[] encode(String text) {
        int length = text.length();
        if (buffer.length < length) {
            buffer = new char[length];
        }
        text.getChars(0, length, buffer, 0);
        replaceLoneSurrogates(buffer, length);
        tokens(model.exact(), buffer, 0, length);
        if (buffer.length > KEPT) {
            buffer = new char[KEPT];
        }
        return ids.take(KEPT);
    }

    /** Half a surrogate pair has no UTF-8: it becomes U+FFFD, as in every decoder. */
    static void replaceLoneSurrogates(char[] text, int length) {
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(text[i])) {
                if (Character.isHighSurrogate(text[i]) && i + 1 < length && Character.isLowSurrogate(text[i + 1])) {
                    i++;
                } else {
                    text[i] = REPLACEMENT;
                }
            }
        }
    }

    /** Cuts added tokens out of a part, and hands on what lies between them. */
    private void tokens(AddedTrie trie, char[] text, int from, int to) {
        int begin = from;
        int at = trie.isEmpty() ? to : trie.find(text, from, to);
        while (at < to) {
            AddedTrie.@Nullable Entry token = trie.longest(text, at, to);
            if (token == null) {
                throw new IllegalStateException("find stops where a token begins");
            }
            int end = at + token.text().length();
            if (!token.singleWord() || standsAlone(text, from, at, end, to)) {
                int left = token.stripsLeft() ? Math.max(begin, spaceBefore(text, from, at)) : at;
                if (begin < left) {
                    next(trie, text, begin, left);
                }
                ids.add(token.id());
                begin = token.stripsRight() ? CharClass.skip(text, end, to, CharClass.SPACE) : end;
            }
            at = trie.find(text, end, to);
        }
        if (begin < to) {
            next(trie, text, begin, to);
        }
    }

    private void next(AddedTrie trie, char[] text, int from, int to) {
        if (trie == model.exact()) {
            normalize(text, from, to);
        } else {
            words(text, from, to, 0);
        }
    }

    private void normalize(char[] text, int from, int to) {
        if (model.composesUnicode() && !ComposedForm.isPlain(text, from, to)) {
            String part = new String(text, from, to - from);
            String composed = ComposedForm.of(part);
            if (!composed.equals(part)) {
                tokens(model.normalized(), composed.toCharArray(), 0, composed.length());
                return;
            }
        }
        tokens(model.normalized(), text, from, to);
    }

    private static boolean standsAlone(char[] text, int from, int at, int end, int to) {
        return (at == from || !CharClass.isWord(Character.codePointBefore(text, at, from)))
                && (end == to || !CharClass.isWord(Character.codePointAt(text, end, to)));
    }

    /** All white space is in the basic plane. */
    private static int spaceBefore(char[] text, int from, int to) {
        int at = to;
        while (at > from && CharClass.skip(text, at - 1, at, CharClass.SPACE) == at) {
            at--;
        }
        return at;
    }

    private void words(char[] text, int from, int to, int step) {
        if (step == scanners.length) {
            word(text, from, to);
            return;
        }
        WordScanner scanner = scanners[step];
        boolean last = step + 1 == scanners.length;
        for (int begin = from; begin < to; ) {
            int end = scanner.end(text, begin, to);
            if (last) {
                word(text, begin, end);
            } else {
                words(text, begin, end, step + 1);
            }
            begin = end;
        }
    }

    private void word(char[] text, int from, int to) {
        if (to - from > WordCache.LONGEST) {
            int count = merged(text, from, to); // which may take another array
            ids.add(word, 0, count);
            return;
        }
        int hash = WordCache.hash(text, from, to);
        int slot = cache.slot(text, from, to, hash);
        if (cache.holds(slot)) {
            cache.copy(slot, ids);
            return;
        }
        int count = merged(text, from, to);
        cache.put(slot, text, from, to, hash, word, count);
        ids.add(word, 0, count);
    }

    /** Fills {@link #word} with the ids of this word; how many they are. */
    private int merged(char[] text, int from, int to) {
        if (word.length < 3 * (to - from) || word.length > Math.max(KEPT, 3 * (to - from))) {
            word = new int[Math.max(WordCache.LONGEST * 3, Math.multiplyExact(3, to - from))];
        }
        if (model.takesWholeWords()) {
            Integer whole = model.vocabulary().get(letters(text, from, to));
            if (whole != null) {
                word[0] = whole;
                return 1;
            }
        }
        return merger.merge(word, bytes(text, from, to));
    }

    private static String letters(char[] text, int from, int to) {
        int[] bytes = ByteAlphabet.bytes(new String(text, from, to - from));
        StringBuilder letters = new StringBuilder(bytes.length);
        Arrays.stream(bytes).forEach(b -> letters.append(ByteAlphabet.letter(b)));
        return letters.toString();
    }

    /** The tokens of the bytes of UTF-8 (RFC 3629), three at most for each char: a pair has four. */
    private int bytes(char[] text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            int c = text[i];
            if (c < 0x80) {
                count = put(c, count);
                continue;
            }
            if (c < 0x800) {
                count = put(0xC0 | c >> 6, count);
            } else {
                if (Character.isSurrogate(text[i])) {
                    c = Character.toCodePoint(text[i], text[++i]);
                    count = put(0xF0 | c >> 18, count);
                    count = put(0x80 | c >> 12 & 0x3F, count);
                } else {
                    count = put(0xE0 | c >> 12, count);
                }
                count = put(0x80 | c >> 6 & 0x3F, count);
            }
            count = put(0x80 | c & 0x3F, count);
        }
        return count;
    }

    private int put(int b, int count) {
        int id = model.byteIds()[b];
        if (id < 0) {
            return count;
        }
        word[count] = id;
        return count + 1;
    }
}
