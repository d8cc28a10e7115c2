package dev.distill.data.curate;

/** Words of a text, counted at the speed of reading it: runs of letters and digits, one a character in Chinese or Japanese. */
final class TextLength {
    private TextLength() {}

    static int words(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                boolean part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
                words += part && !inside ? 1 : 0;
                inside = part;
            } else {
                boolean part = Character.isLetterOrDigit(c);
                words += part && (!inside || Scripts.isUnspaced(c)) ? 1 : 0;
                inside = part;
            }
        }
        return words;
    }
}
