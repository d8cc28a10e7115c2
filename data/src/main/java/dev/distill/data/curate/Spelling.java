package dev.distill.data.curate;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one way in which words are written that are compared: lower case, one sign for each operation, no layout. */
final class Spelling {
    private static final Set<String> LAYOUT = Set.of(("left right text textbf textit mathrm mathbf displaystyle quad"
                    + " qquad begin end big bigl bigr boxed mbox")
            .split(" "));
    private static final Set<String> FRACTIONS = Set.of("dfrac", "tfrac");
    private static final Set<String> PRODUCTS = Set.of("times", "cdot");

    /** What LaTeX commands are read as: as nothing, as another command, as a sign. */
    private static final String[] OTHER_NAMES = {"", "\\frac", "*"};

    /** Of a word without a character. */
    static final long NO_HASH = 0xCBF29CE484222325L;

    private static final HashGroups COMMANDS = commands();

    private Spelling() {}

    /** The hash of a word that is spelt so. */
    static long hash(String spelling) {
        return Words.mixed(step(NO_HASH, spelling));
    }

    /** The hash of what stands before and a character; a word's is {@link Words#mixed} at the end. */
    static long step(long hash, int c) {
        return (hash ^ c) * 0x100000001B3L; // FNV-1a
    }

    static long step(long hash, String chars) {
        long stepped = hash;
        for (int i = 0; i < chars.length(); i++) {
            stepped = step(stepped, chars.charAt(i));
        }
        return stepped;
    }

    private static HashGroups commands() {
        HashGroups.Builder names = new HashGroups.Builder();
        LAYOUT.forEach(name -> names.add(hash("\\" + name), 0));
        FRACTIONS.forEach(name -> names.add(hash("\\" + name), 1));
        PRODUCTS.forEach(name -> names.add(hash("\\" + name), 2));
        return names.build();
    }

    /** What the command with this hash is read as, the empty text for layout; null for itself. */
    static @Nullable String ofCommand(long hash) {
        int known = COMMANDS.find(hash);
        return known < 0 ? null : OTHER_NAMES[COMMANDS.value(COMMANDS.from(known))];
    }

    /** The sign of the same operation. */
    static int ofSign(int sign) {
        return switch (sign) {
            case '−', '–' -> '-';
            case '×', '·', '⋅' -> '*';
            case '÷' -> '/';
            default -> sign;
        };
    }

    /** The word that begins here. */
    static String at(char[] text, int start) {
        WordReader reader = new WordReader(text, start);
        if (!reader.next() || reader.start() != start) {
            throw new IllegalArgumentException("words: none begins at " + start);
        }
        String raw = new String(text, start, reader.end() - start);
        int first = raw.codePointAt(0);
        if (first == '\\') {
            String name = raw.substring(1);
            return PRODUCTS.contains(name) ? "*" : FRACTIONS.contains(name) ? "\\frac" : raw;
        }
        if ((reader.flags() & WordReader.SIGN) != 0) {
            return Character.toString(ofSign(first));
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
}
