package dev.distill.teacher;

import java.util.List;

/** Tokens of a text as a server cuts it, each with what the server expected in its place. The server may have written one more behind the text. */
public record ScoredText(List<Token> tokens) {
    /** In the place of an id that the server does not tell. */
    public static final int NO_ID = -1;

    public ScoredText {
        tokens = List.copyOf(tokens);
    }

    /**
     * One token.
     *
     * @param text empty where the server does not tell it, or has no text for it (a special token, part of a character)
     * @param id its number in the server's vocabulary, or {@link #NO_ID}
     * @param begin code points of the text before it; -1 where the server does not tell
     * @param logProbability of this token; not a number where nothing comes before it
     * @param likeliest in its place, in no order; this token may be among them or not
     */
    public record Token(String text, int id, int begin, double logProbability, List<Candidate> likeliest) {
        public Token {
            likeliest = List.copyOf(likeliest);
        }

        /** The same with what another place holds. */
        public Token expecting(Token other) {
            return new Token(text, id, begin, Double.NaN, other.likeliest);
        }
    }

    /** A token that might stand in a place, with its natural log-probability. */
    public record Candidate(String text, int id, double logProbability) {}
}
