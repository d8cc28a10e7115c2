package dev.distill.data.curate;

import java.util.Set;

/**
 * Reads the words of a text one after the other and folds each into a hash as it goes, so that no text of a word is made
 * before someone asks for its {@link #spelling}. What a word is, {@link Words} says.
 */
final class WordReader {
    /** Flags of a word: it is a number. */
    static final int NUMBER = 1;

    /** An operator or a sign of comparison. */
    static final int SIGN = 2;

    /** A number, a sign, a letter alone or a LaTeX command: part of a formula. */
    static final int SYMBOL = 4;

    /** Punctuation stands before it. */
    static final int AFTER_BREAK = 8;

    /** A number with a point in it and a zero at its end. */
    static final int ENDS_IN_ZERO = 16;

    private static final Set<String> LAYOUT = Set.of(("left right text textbf textit mathrm mathbf displaystyle quad"
                    + " qquad begin end big bigl bigr boxed mbox")
            .split(" "));
    private static final Set<String> FRACTIONS = Set.of("dfrac", "tfrac");
    private static final Set<String> PRODUCTS = Set.of("times", "cdot");
    private static final String SIGNS = "+-*/=<>^%≤≥≠±√∞";
    private static final String BREAKS = ",;:.?!。，？：\n";

    /** What a word may begin with. */
    private static final byte NOTHING = 0;

    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte COMMAND = 3;
    private static final byte MARK = 4;
    private static final byte BREAK = 5;
    private static final byte[] KINDS = new byte[128];

    private static final long NO_HASH = 0xCBF29CE484222325L;
    private static final long LONE_A = step(NO_HASH, 'a');
    private static final HashGroups COMMANDS = commands();

    private final char[] text;
    private int at;
    private boolean broken;
    private int start;
    private long hash;
    private int flags;

    static {
        for (char c = 0; c < KINDS.length; c++) {
            if (Character.isLetterOrDigit(c)) {
                KINDS[c] = Character.isLetter(c) ? LETTER : DIGIT;
            } else if (SIGNS.indexOf(c) >= 0) {
                KINDS[c] = MARK;
            } else {
                KINDS[c] = c == '\\' ? COMMAND : BREAKS.indexOf(c) >= 0 ? BREAK : NOTHING;
            }
        }
    }

    /** @param text in Unicode's form NFKC */
    WordReader(char[] text) {
        this.text = text;
    }

    /** Goes on to the next word; false where there is none. */
    boolean next() {
        while (at < text.length) {
            start = at;
            char c = text[at];
            byte kind = c < KINDS.length ? KINDS[c] : kind(Character.codePointAt(text, at));
            boolean found = false;
            switch (kind) {
                case LETTER -> found = letters();
                case DIGIT -> found = number();
                case COMMAND -> found = command();
                case MARK -> found = sign();
                case BREAK -> {
                    broken = true;
                    at++;
                }
                default -> at++;
            }
            if (found) {
                hash = Words.mixed(hash);
                flags |= broken ? AFTER_BREAK : 0;
                broken = false;
                return true;
            }
        }
        return false;
    }

    /** Where the word begins that was read last. */
    int start() {
        return start;
    }

    long hash() {
        return hash;
    }

    int flags() {
        return flags;
    }

    /** Whether punctuation stands behind the word that was read last. */
    boolean isBroken() {
        return broken;
    }

    /** The text of the word that begins here, as it is compared. */
    static String spelling(char[] text, int start) {
        WordReader reader = new WordReader(text);
        reader.at = start;
        if (!reader.next() || reader.start != start) {
            throw new IllegalArgumentException("words: none begins at " + start);
        }
        String raw = new String(text, start, reader.at - start);
        int first = raw.codePointAt(0);
        if (first == '\\') {
            String name = raw.substring(1);
            return PRODUCTS.contains(name) ? "*" : FRACTIONS.contains(name) ? "\\frac" : raw;
        }
        if ((reader.flags & SIGN) != 0) {
            return Character.toString(folded(first));
        }
        if (Character.isDigit(first)) {
            return raw.replace(",", "");
        }
        return Scripts.isUnspaced(first) ? raw : lower(raw);
    }

    private static String lower(String raw) {
        StringBuilder lower = new StringBuilder();
        raw.codePoints()
                .filter(c -> c != '\'' && c != '’')
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return lower.toString();
    }

    /** The hash of a word that is spelt so. */
    static long hash(String spelling) {
        return Words.mixed(step(NO_HASH, spelling));
    }

    private static long step(long hash, int c) {
        return (hash ^ c) * 0x100000001B3L; // FNV-1a
    }

    private static long step(long hash, String chars) {
        long stepped = hash;
        for (int i = 0; i < chars.length(); i++) {
            stepped = step(stepped, chars.charAt(i));
        }
        return stepped;
    }

    private static byte kind(int c) {
        return Character.isLetter(c) ? LETTER : Character.isDigit(c) ? DIGIT : MARK;
    }

    private boolean letters() {
        int first = Character.codePointAt(text, start);
        if (Scripts.isUnspaced(first)) {
            at += Character.charCount(first);
            hash = step(NO_HASH, Character.toString(first));
            flags = at - start == 1 ? SYMBOL : 0;
            return true;
        }
        long read = NO_HASH;
        int length = 0;
        int i = start;
        while (i < text.length) {
            char c = text[i];
            if (c < KINDS.length && KINDS[c] == LETTER) {
                read = step(read, c | 0x20);
                length++;
                i++;
            } else if (c == '\'' || c == '’') {
                if (!isLetter(i + 1)) {
                    break;
                }
                i++;
            } else if (c < KINDS.length) {
                break;
            } else {
                int other = Character.codePointAt(text, i);
                if (!isOfWord(other)) {
                    break;
                }
                String lower = Character.toString(Character.toLowerCase(other));
                read = step(read, lower);
                length += lower.length();
                i += Character.charCount(other);
            }
        }
        at = i;
        hash = read;
        flags = length == 1 && read != LONE_A ? SYMBOL : 0;
        return true;
    }

    private static boolean isOfWord(int c) {
        return (Character.isLetter(c) && !Scripts.isUnspaced(c)) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private boolean number() {
        long read = NO_HASH;
        boolean point = false;
        char last = 0;
        int i = start;
        while (i < text.length) {
            char c = text[i];
            if ((c >= '0' && c <= '9') || (c == '.' && isDigit(i + 1))) {
                point |= c == '.';
                read = step(read, c);
            } else if (c >= KINDS.length && isDigit(i)) {
                read = step(read, c);
                if (Character.isHighSurrogate(c)) {
                    read = step(read, text[++i]);
                }
            } else if (c != ',' || !isDigit(i + 1) || !isDigit(i + 2) || !isDigit(i + 3)) {
                break;
            }
            last = c;
            i++;
        }
        at = i;
        hash = read;
        flags = NUMBER | SYMBOL | (point && last == '0' ? ENDS_IN_ZERO : 0);
        return true;
    }

    private boolean command() {
        long read = step(NO_HASH, '\\');
        int i = start + 1;
        while (i < text.length && text[i] < KINDS.length && KINDS[text[i]] == LETTER) {
            read = step(read, text[i]);
            i++;
        }
        at = i == start + 1 ? Math.min(start + 2, text.length) : i;
        int known = COMMANDS.find(Words.mixed(read));
        String other = known < 0 ? "" : OTHER_NAMES[COMMANDS.value(COMMANDS.from(known))];
        hash = known < 0 ? read : step(NO_HASH, other);
        flags = SYMBOL | (other.equals("*") ? SIGN : 0);
        return i > start + 1 && (known < 0 || !other.isEmpty());
    }

    /** What commands are read as: as nothing, as another command, as a sign. */
    private static final String[] OTHER_NAMES = {"", "\\frac", "*"};

    private static HashGroups commands() {
        HashGroups.Builder names = new HashGroups.Builder();
        LAYOUT.forEach(name -> names.add(hash("\\" + name), 0));
        FRACTIONS.forEach(name -> names.add(hash("\\" + name), 1));
        PRODUCTS.forEach(name -> names.add(hash("\\" + name), 2));
        return names.build();
    }

    private boolean sign() {
        int c = Character.codePointAt(text, start);
        at += Character.charCount(c);
        int folded = folded(c);
        boolean none = folded == '-' ? isHyphen() : c == '*' ? isMarkdown() : SIGNS.indexOf(folded) < 0;
        if (none) {
            broken |= BREAKS.indexOf(c) >= 0;
            return false;
        }
        hash = step(NO_HASH, folded);
        flags = SIGN | SYMBOL;
        return true;
    }

    private static int folded(int sign) {
        return switch (sign) {
            case '−', '–' -> '-';
            case '×', '·', '⋅' -> '*';
            case '÷' -> '/';
            default -> sign;
        };
    }

    private boolean isHyphen() {
        boolean wordBefore = start > 0 && Character.isLetter(text[start - 1]);
        boolean letter = isLetter(start + 1);
        boolean listItem = start == 0 || text[start - 1] == '\n';
        return (wordBefore && letter) || (letter && isLetter(start + 2)) || listItem;
    }

    private boolean isMarkdown() {
        return (start > 0 && text[start - 1] == '*') || (start + 1 < text.length && text[start + 1] == '*');
    }

    private boolean isLetter(int index) {
        return index < text.length && Character.isLetter(text[index]);
    }

    private boolean isDigit(int index) {
        return index < text.length && Character.isDigit(Character.codePointAt(text, index));
    }
}
