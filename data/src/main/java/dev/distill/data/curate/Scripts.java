package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;

/** Scripts that write without spaces between words. */
final class Scripts {
    private static final Set<UnicodeScript> UNSPACED = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /** No character before this one is in any of them. */
    static final int FIRST = 0x0E00;

    private Scripts() {}

    /** Asking Java for a character's script is a search; most characters are looked up here instead. */
    private static final class Basic {
        static final BitSet CHARACTERS = new BitSet(1 << 16);

        static {
            for (int c = FIRST; c < 1 << 16; c++) {
                CHARACTERS.set(c, UNSPACED.contains(UnicodeScript.of(c)));
            }
        }
    }

    static boolean isUnspaced(int c) {
        return c >= FIRST && (c < 1 << 16 ? Basic.CHARACTERS.get(c) : UNSPACED.contains(UnicodeScript.of(c)));
    }
}
