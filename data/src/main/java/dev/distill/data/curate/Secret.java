package dev.distill.data.curate;

import java.util.Locale;

/**
 * Something in a text that belongs to a person or opens a door.
 *
 * @param masked its shape: signs as they are, all else as stars, so that it cannot be told from a message; of keys the
 *     public prefix stands
 * @param found the thing itself, so that it is not taken for another one; never shown
 */
record Secret(Kind kind, String masked, String found) {
    enum Kind {
        PRIVATE_KEY,
        API_KEY,
        JWT,
        PASSWORD,
        CARD,
        IBAN,
        NATIONAL_ID,
        SSN,
        PASSPORT,
        BIRTH_DATE,
        EMAIL,
        PHONE,
        ADDRESS,
        IP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int SHOWN = 24;

    /** @param prefix how many characters stand as they are */
    static Secret masked(Kind kind, String text, int prefix) {
        StringBuilder masked = new StringBuilder(text.substring(0, prefix));
        for (int i = prefix; i < text.length() && masked.length() < SHOWN; i++) {
            char c = text.charAt(i);
            masked.append(Character.isLetterOrDigit(c) || Character.isSurrogate(c) ? '*' : c == '\n' ? ' ' : c);
        }
        return new Secret(
                kind, text.length() > SHOWN ? masked + " (" + text.length() + " characters)" : masked.toString(), text);
    }

    /** {@code email: *@*.*}. */
    String words() {
        return "[" + kind.word() + "]: " + masked;
    }

    @Override
    public String toString() {
        return words();
    }
}
