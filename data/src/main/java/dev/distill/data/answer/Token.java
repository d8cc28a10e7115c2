package dev.distill.data.answer;

/** One piece of an answer's text, as {@code Lexer} tells them apart. */
record Token(Kind kind, String text) {
    /** What a token is; the text says which one. */
    enum Kind {
        /** Digits, perhaps with a point; separators are already gone. */
        NUMBER,
        /** A letter or the name of a Greek letter. */
        LETTER,
        /** A command or function that the parser knows, by its canonical name. */
        COMMAND,
        /** A word: a unit after a number, or an answer in words. */
        WORDS,
        /** A sign of money, which is a unit's name too. */
        CURRENCY,
        /** {@code + - * / ^ _ ! : ± ∓} */
        OPERATOR,
        /** A relation, named as in {@link Expr.Operator}. */
        RELATION,
        /** A union, intersection or difference of sets. */
        SET_OPERATOR,
        /** A comma, semicolon, "and" or "or". */
        SEPARATOR,
        /** {@code ( [ \{} */
        OPEN,
        /** {@code ) ] \}} */
        CLOSE,
        /** {@code |} */
        BAR,
        /** A brace of LaTeX, invisible in print. */
        BRACE_OPEN,
        BRACE_CLOSE,
        /** {@code &} between the cells of a matrix. */
        CELL,
        /** {@code \\} between the rows of a matrix. */
        ROW,
        END
    }

    static final Token LAST = new Token(Kind.END, "");

    boolean is(Kind kind, String text) {
        return this.kind == kind && this.text.equals(text);
    }
}
