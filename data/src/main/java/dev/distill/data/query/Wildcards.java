package dev.distill.data.query;

import java.util.function.Predicate;

/** A pattern of {@code LIKE}: {@code %} stands for any text, {@code _} for one character. Takes no more than pattern times text. */
record Wildcards(int[] pattern) implements Predicate<String> {
    static Wildcards of(String pattern) {
        return new Wildcards(pattern.codePoints().toArray());
    }

    @Override
    public boolean test(String tested) {
        int[] text = tested.codePoints().toArray();
        int at = 0;
        int in = 0;
        int star = -1; // the last % that was passed, and where the text behind it was tried to begin
        int from = 0;
        while (at < text.length) {
            if (in < pattern.length && pattern[in] == '%') {
                star = in++;
                from = at;
            } else if (in < pattern.length && (pattern[in] == '_' || pattern[in] == text[at])) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++from;
            } else {
                return false;
            }
        }
        while (in < pattern.length && pattern[in] == '%') {
            in++;
        }
        return in == pattern.length;
    }
}
