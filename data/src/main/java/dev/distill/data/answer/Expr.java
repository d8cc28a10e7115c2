package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer as a tree: what {@code Parser} reads and {@code Exact}, {@code Numeric} and {@code AnswerComparer} walk. */
sealed interface Expr {
    /** A number as written; {@code decimal} says that it had a decimal point, so that it may be rounded. */
    record Number(Rational value, boolean decimal) implements Expr {}

    /** {@code 101_2}: digits and the base that they are said to be written in. */
    record Numeral(String digits, int base) implements Expr {
        /** The digits read in base ten, for an answer to which nothing says the base. */
        Number bare() {
            return new Number(Rational.of(new BigDecimal(digits)), digits.contains("."));
        }
    }

    /** A letter, a Greek letter, or one of them with an index: {@code x}, {@code \alpha}, {@code a_{37}}. */
    record Symbol(String name) implements Expr {}

    /** Constants that have a name. */
    enum Constant implements Expr {
        PI,
        E,
        I,
        INFINITY
    }

    record Sum(List<Expr> terms) implements Expr {}

    record Product(List<Expr> factors) implements Expr {}

    record Quotient(Expr above, Expr below) implements Expr {}

    record Power(Expr base, Expr exponent) implements Expr {}

    record Negation(Expr of) implements Expr {}

    /**
     * {@code left ± right}, or {@code ± right} where left is null: two values, first that with the upper sign. {@code ∓ right} is
     * {@code ±} of its negation.
     */
    record PlusMinus(@Nullable Expr left, Expr right) implements Expr {}

    record Call(Function function, List<Expr> arguments) implements Expr {}

    /** {@code 28\%}: 28 or 0.28, as the other side wants it. */
    record Percent(Expr of) implements Expr {}

    /** {@code 5 km}: a value and the words behind it. */
    record Measure(Expr of, Unit unit) implements Expr {}

    /** {@code 90^\circ}: 90, or pi/2 inside a formula. */
    record Degrees(Expr of) implements Expr {}

    /** Items in brackets that count: a point, an interval, a set, a vector, a ratio. */
    record Group(Bracket open, Bracket close, List<Expr> items) implements Expr {}

    /** Items with nothing around them: {@code 1, 2 and 3}; {@code either} where all that joins them is "or". */
    record Listing(List<Expr> items, boolean either) implements Expr {
        Listing(List<Expr> items) {
            this(items, false);
        }
    }

    /** {@code A \cup B}, {@code A \cap B}, {@code A \setminus B}. */
    record SetOperation(String operator, List<Expr> operands) implements Expr {}

    record Matrix(List<List<Expr>> rows) implements Expr {}

    /** {@code a < x \le b}: one operator fewer than terms. */
    record Relation(List<Expr> terms, List<Operator> operators) implements Expr {}

    /** Words where an expression was expected: {@code \text{even}}. */
    record Words(String text) implements Expr {}

    /** Brackets that change the meaning of what stands between them. */
    enum Bracket {
        ROUND,
        SQUARE,
        BRACE,
        /** {@code 3:4} */
        RATIO,
        /** {@code 12:30}: a time of day, or a ratio after all. */
        CLOCK
    }

    /** Relations between two terms. */
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        APPROXIMATELY,
        IN;

        /** The same relation read from right to left. */
        Operator flipped() {
            return switch (this) {
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
                case EQUAL, NOT_EQUAL, APPROXIMATELY, IN -> this;
            };
        }
    }

    /** Functions that can be evaluated. */
    enum Function {
        SQRT,
        ROOT,
        EXP,
        LN,
        /** {@code \log} without a base: e or 10, as the school has it. */
        LOG,
        LOG_BASE,
        SIN,
        COS,
        TAN,
        COT,
        SEC,
        CSC,
        ARCSIN,
        ARCCOS,
        ARCTAN,
        SINH,
        COSH,
        TANH,
        ABS,
        FLOOR,
        CEIL,
        FACTORIAL,
        BINOMIAL
    }
}
