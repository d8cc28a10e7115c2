package dev.distill.data.tokenize;

/**
 * A token that stands for its exact text and never merges with what is around it.
 *
 * @param text how it is written, for example {@code <|im_end|>}
 * @param special whether it is left out when special tokens are skipped on decoding: true for the marks of a turn, false
 *     for {@code <think>}, which readers of the text want to see
 */
public record AddedToken(String text, boolean special) {
    public AddedToken {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("added token: its text must not be empty");
        }
    }

    public static AddedToken special(String text) {
        return new AddedToken(text, true);
    }

    public static AddedToken plain(String text) {
        return new AddedToken(text, false);
    }
}
