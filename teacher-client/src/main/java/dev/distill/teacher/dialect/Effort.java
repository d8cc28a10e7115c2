package dev.distill.teacher.dialect;

/** How much a teacher is to think. Which of the two a provider takes, and which words, is a fact of its dialect. */
public sealed interface Effort {
    /** A word, for example {@code high}. */
    record Word(String word) implements Effort {}

    /** A budget in tokens. */
    record Tokens(int number) implements Effort {}

    /** A number is a budget, all else a word. */
    static Effort of(String text) {
        return text.matches("\\d{1,9}") ? new Tokens(Integer.parseInt(text)) : new Word(text);
    }

    /** As a recipe spells it. */
    default String text() {
        return switch (this) {
            case Word(String word) -> word;
            case Tokens(int number) -> Integer.toString(number);
        };
    }
}
