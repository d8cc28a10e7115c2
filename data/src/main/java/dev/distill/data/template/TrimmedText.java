package dev.distill.data.template;

/**
 * A text that grows and loses the white space that it begins or ends with. Blanks that could be its last wait until
 * something follows them.
 *
 * <p>For one text and one thread.
 */
public final class TrimmedText {
    private final boolean front;
    private final boolean end;
    private final StringBuilder ready = new StringBuilder();
    private final StringBuilder blanks = new StringBuilder();
    private boolean begun;

    /**
     * @param front whether what it begins with goes
     * @param end whether what it ends with goes
     */
    public TrimmedText(boolean front, boolean end) {
        this.front = front;
        this.end = end;
    }

    public void add(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                ready.append(blanks).append(c);
                blanks.setLength(0);
                begun = true;
            } else if (begun || !front) {
                (end ? blanks : ready).append(c);
            }
        }
    }

    /** What is decided and was not taken before. */
    public String take() {
        String text = ready.toString();
        ready.setLength(0);
        return text;
    }
}
