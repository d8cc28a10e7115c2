package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * A text as the words that comparing texts looks at: lower case, punctuation and layout folded away, numbers and operators
 * kept, since two problems that differ in a number are two problems. {@code 7x + 15 = 99} is {@code 7 x + 15 = 99}.
 * Scripts that write without spaces give one word a character.
 */
final class Words {
    private static final Set<String> LAYOUT = Set.of(
            "left",
            "right",
            "text",
            "textbf",
            "textit",
            "mathrm",
            "mathbf",
            "displaystyle",
            "quad",
            "qquad",
            "begin",
            "end",
            "big",
            "bigl",
            "bigr",
            "dfrac",
            "tfrac",
            "boxed",
            "mbox");
    private static final String SIGNS = "+-*/=<>^%≤≥≠±√∞";

    private final List<String> words = new ArrayList<>();
    private final BitSet breaks = new BitSet();
    private int[] depths = new int[16];
    private int depth;

    private Words() {}

    static Words of(String text) {
        Words words = new Words();
        words.read(Normalizer.normalize(text, Normalizer.Form.NFKC));
        return words;
    }

    int size() {
        return words.size();
    }

    String get(int index) {
        return words.get(index);
    }

    List<String> list() {
        return words;
    }

    /** Whether punctuation stood before this word. */
    boolean isAfterBreak(int index) {
        return breaks.get(index);
    }

    /** How many brackets, round or square, are open around this word. */
    int depth(int index) {
        return depths[index];
    }

    boolean isNumber(int index) {
        return Character.isDigit(words.get(index).charAt(0)) || words.get(index).charAt(0) == '.';
    }

    boolean isSign(int index) {
        return SIGNS.indexOf(words.get(index).charAt(0)) >= 0;
    }

    /** A number, an operator, a letter alone or a LaTeX command: part of a formula. */
    boolean isSymbol(int index) {
        String word = words.get(index);
        return word.length() == 1 ? !word.equals("a") : isNumber(index) || word.charAt(0) == '\\';
    }

    /** The numbers in their order. */
    List<String> numbers() {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            if (isNumber(i)) {
                numbers.add(words.get(i));
            }
        }
        return numbers;
    }

    /** Hashes of the n-grams, the first at word 0; one of the whole text where it has fewer than n words. */
    long[] grams(int n) {
        int length = Math.min(n, size());
        long[] grams = new long[length == 0 ? 0 : size() - length + 1];
        long[] hashes = new long[size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(words.get(i));
        }
        for (int i = 0; i < grams.length; i++) {
            long gram = length;
            for (int j = i; j < i + length; j++) {
                gram = mixed(gram * 0x9E3779B97F4A7C15L + hashes[j]);
            }
            grams[i] = gram;
        }
        return grams;
    }

    private static long hash(String word) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x100000001B3L;
        }
        return mixed(hash);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output. */
    static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private void read(String text) {
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (words.size() == depths.length) {
                depths = Arrays.copyOf(depths, 2 * depths.length);
            }
            depths[words.size()] = depth;
            if (Character.isLetter(c)) {
                at = letters(text, at);
            } else if (Character.isDigit(c)) {
                at = number(text, at);
            } else if (c == '\\') {
                at = command(text, at + 1);
            } else {
                sign(text, at, c);
                at += Character.charCount(c);
            }
        }
    }

    private int letters(String text, int start) {
        int first = text.codePointAt(start);
        if (isUnspaced(first)) {
            words.add(Character.toString(first));
            return start + Character.charCount(first);
        }
        StringBuilder word = new StringBuilder();
        int at = start;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            boolean mark = Character.getType(c) == Character.NON_SPACING_MARK;
            if ((Character.isLetter(c) && !isUnspaced(c)) || mark) {
                word.appendCodePoint(Character.toLowerCase(c));
            } else if ((c != '\'' && c != '’') || at + 1 >= text.length() || !Character.isLetter(text.charAt(at + 1))) {
                break;
            }
            at += Character.charCount(c);
        }
        words.add(word.toString());
        return at;
    }

    private int number(String text, int start) {
        StringBuilder number = new StringBuilder();
        int at = start;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isDigit(c)) {
                number.append(c);
            } else if (c == '.' && isDigit(text, at + 1)) {
                number.append(c);
            } else if (c != ',' || !isDigit(text, at + 1) || !isDigit(text, at + 2) || !isDigit(text, at + 3)) {
                break;
            }
            at++;
        }
        words.add(number.toString());
        return at;
    }

    private int command(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) < 128 && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        if (name.equals("dfrac") || name.equals("tfrac")) {
            words.add("\\frac");
        } else if (name.equals("times") || name.equals("cdot")) {
            words.add("*");
        } else if (!name.isEmpty() && !LAYOUT.contains(name)) {
            words.add("\\" + name);
        }
        return at == start ? Math.min(start + 1, text.length()) : at;
    }

    private void sign(String text, int at, int c) {
        String sign = switch (c) {
            case '−', '–', '-' -> isHyphen(text, at) ? "" : "-";
            case '×', '·', '⋅' -> "*";
            case '*' -> isMarkdown(text, at) ? "" : "*";
            case '÷' -> "/";
            default -> SIGNS.indexOf(c) >= 0 ? Character.toString(c) : "";
        };
        if (!sign.isEmpty()) {
            words.add(sign);
        } else if (",;:.?!。，？：\n".indexOf(c) >= 0) {
            breaks.set(words.size());
        }
    }

    private static boolean isHyphen(String text, int at) {
        boolean wordBefore = at > 0 && Character.isLetter(text.charAt(at - 1));
        boolean wordAfter = at + 2 < text.length()
                && Character.isLetter(text.charAt(at + 1))
                && Character.isLetter(text.charAt(at + 2));
        boolean listItem = at == 0 || text.charAt(at - 1) == '\n';
        return (wordBefore && at + 1 < text.length() && Character.isLetter(text.charAt(at + 1)))
                || wordAfter
                || listItem;
    }

    private static boolean isMarkdown(String text, int at) {
        return (at > 0 && text.charAt(at - 1) == '*') || (at + 1 < text.length() && text.charAt(at + 1) == '*');
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && Character.isDigit(text.charAt(at));
    }

    static boolean isUnspaced(int c) {
        if (c < 0x0E00) {
            return false;
        }
        UnicodeScript script = UnicodeScript.of(c);
        return script == UnicodeScript.HAN
                || script == UnicodeScript.HIRAGANA
                || script == UnicodeScript.KATAKANA
                || script == UnicodeScript.THAI
                || script == UnicodeScript.LAO
                || script == UnicodeScript.KHMER
                || script == UnicodeScript.MYANMAR;
    }
}
