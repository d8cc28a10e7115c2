package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Function;
import dev.distill.data.answer.Token.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The middle of the grammar: products (written or by standing side by side), powers, and the units behind values. */
abstract class FactorParser extends Parser {
    /** How many bars are open; where none is, a bar behind a factor opens one. */
    int bars;

    FactorParser(List<Token> tokens, Effort effort) {
        super(tokens, effort);
    }

    @Override
    Expr product() throws Unreadable {
        if (peek().kind() == Kind.CURRENCY) {
            return money();
        }
        Expr left = mixed(factor());
        while (true) {
            if (take(Kind.OPERATOR, "*")) {
                left = Measures.product(left, withUnitOf(left, mixed(signedFactor())));
            } else if (take(Kind.OPERATOR, "/")) {
                left = peek().kind() == Kind.WORDS && Unit.isKnown(peek().text())
                        ? measured(left, "/")
                        : Measures.quotient(left, withUnitOf(left, divisor()));
            } else if (peek().kind() == Kind.WORDS) {
                left = measured(left, "");
            } else if (peek().kind() == Kind.CURRENCY && !isBeforeNumber()) {
                left = Measures.in(left, currency());
            } else if (startsFactor(peek()) || (bars == 0 && peek().kind() == Kind.BAR)) {
                left = left instanceof Expr.Measure measure
                        ? compound(measure)
                        : Measures.product(left, factorBehind(left));
            } else {
                return left;
            }
        }
    }

    private Expr signedFactor() throws Unreadable {
        return take(Kind.OPERATOR, "-") ? new Expr.Negation(factor()) : factor();
    }

    /** {@code 6 \div 1\frac12} divides by the mixed number; of {@code 1/2 1/3} nobody knows. */
    private Expr divisor() throws Unreadable {
        Expr divisor = signedFactor();
        return peek().is(Kind.COMMAND, "frac") ? mixed(divisor) : divisor;
    }

    /** The sign of money before a value, or before the first of several factors, is the unit of all of them. */
    private Expr money() throws Unreadable {
        enter();
        Unit unit = currency();
        boolean minus = take(Kind.OPERATOR, "-");
        Expr amount = Measures.in(product(), unit);
        leave();
        return minus ? Measures.negated(amount) : amount;
    }

    final Unit currency() {
        return Objects.requireNonNull(Units.find(next().text()));
    }

    private boolean isBeforeNumber() {
        return tokens.get(at + 1).kind() == Kind.NUMBER;
    }

    /** {@code 60 miles / 2 hours}: the words behind an operand are its own where the other one has a unit too. */
    private Expr withUnitOf(Expr left, Expr right) throws Unreadable {
        return left instanceof Expr.Measure && peek().kind() == Kind.WORDS ? measured(right, "") : right;
    }

    /** {@code 2\frac{1}{3}} and {@code 2 1/3} are mixed numbers where no bracket stands around either part. */
    private Expr mixed(Expr whole) throws Unreadable {
        boolean braced = peek().kind() == Kind.BRACE_OPEN;
        boolean fraction =
                tokens.get(Math.min(at + (braced ? 1 : 0), tokens.size() - 1)).is(Kind.COMMAND, "frac");
        Kind before = tokens.get(at - 1).kind();
        boolean number = whole instanceof Expr.Number integer
                && integer.value().isInteger()
                && !integer.decimal()
                && (before == Kind.NUMBER || before == Kind.BRACE_CLOSE);
        if (!number || (!fraction && peek().kind() != Kind.NUMBER)) {
            return whole;
        }
        Expr part = factorBehind(whole);
        boolean proper = part instanceof Expr.Quotient quotient
                && quotient.above() instanceof Expr.Number above
                && quotient.below() instanceof Expr.Number below
                && above.value().isInteger()
                && below.value().isInteger()
                && above.value().plus(below.value().negate()).signum() < 0;
        return proper ? new Expr.Sum(List.of(whole, part)) : Measures.product(whole, part);
    }

    /** A factor, or a quotient of two numbers; one number right behind another is neither. */
    private Expr factorBehind(Expr left) throws Unreadable {
        boolean number = peek().kind() == Kind.NUMBER;
        Expr right = factor();
        if (number && take(Kind.OPERATOR, "/")) {
            return new Expr.Quotient(right, factor());
        }
        if (number && left instanceof Expr.Number) {
            throw new Unreadable("two numbers side by side");
        }
        return right;
    }

    /**
     * A value with the words behind it: {@code 15\text{ cm}^2}, {@code 5 million people}. Words for large numbers, percents and
     * degrees belong to the value.
     */
    private Expr measured(Expr value, String stroke) throws Unreadable {
        String phrase = stroke + phrase();
        Expr scaled = value;
        while (true) {
            String first = phrase.split("[\\s/^]", 2)[0];
            Units.Scale scale = Units.find(first) == null ? Units.scaleBefore(first) : null;
            if (scale != null) {
                scaled = Measures.product(scaled, new Expr.Number(scale.size(), false));
            } else if (first.equalsIgnoreCase("percent") || first.equalsIgnoreCase("pct")) {
                scaled = new Expr.Percent(scaled);
            } else if (first.equalsIgnoreCase("degrees")) {
                scaled = new Expr.Degrees(scaled);
            } else {
                break;
            }
            int taken = scale != null ? scale.word().length() : first.length();
            phrase = phrase.substring(taken).strip();
        }
        Unit unit = Unit.read(phrase);
        return unit.isNone() ? scaled : Measures.in(scaled, unit);
    }

    /** The words here with their powers and strokes, as one text. */
    private String phrase() throws Unreadable {
        StringBuilder phrase = new StringBuilder(next().text());
        while (true) {
            if (peek().kind() == Kind.WORDS) {
                phrase.append(' ').append(next().text());
            } else if (take(Kind.OPERATOR, "^")) {
                phrase.append('^').append(wholeExponent());
            } else if (peek().is(Kind.OPERATOR, "/") && tokens.get(at + 1).kind() != Kind.NUMBER) {
                next();
                boolean unit = peek().kind() == Kind.WORDS || Units.find(peek().text()) != null;
                if (!unit) {
                    throw new Unreadable("a unit divided by no unit");
                }
                phrase.append('/').append(next().text());
            } else {
                return phrase.toString();
            }
        }
    }

    private int wholeExponent() throws Unreadable {
        boolean minus = take(Kind.OPERATOR, "-");
        Expr exponent = primary();
        if (exponent instanceof Expr.Negation negation) {
            minus = true;
            exponent = negation.of();
        }
        Integer whole = exponent instanceof Expr.Number number ? number.value().intValue() : null;
        if (whole == null || whole > 9) {
            throw new Unreadable("a unit to a power that is no small number");
        }
        return minus ? -whole : whole;
    }

    /** {@code 5 feet 6 inches}: one length; nothing else may follow a unit. */
    private Expr compound(Expr.Measure first) throws Unreadable {
        Expr second = peek().kind() == Kind.NUMBER ? factor() : null;
        Expr measured = second != null && peek().kind() == Kind.WORDS ? measured(second, "") : null;
        if (!(measured instanceof Expr.Measure rest) || first.unit().kindOf(rest.unit()) != Match.SAME) {
            throw new Unreadable("a value behind a unit");
        }
        Rational size = first.unit().factor().times(rest.unit().factor().inverse());
        Expr converted = Measures.product(first.of(), new Expr.Number(size, false));
        return new Expr.Measure(new Expr.Sum(List.of(converted, rest.of())), rest.unit());
    }

    private static boolean startsFactor(Token token) {
        return switch (token.kind()) {
            case NUMBER, LETTER, OPEN, BRACE_OPEN -> true;
            case COMMAND -> !token.text().equals("end") && !token.text().startsWith("r");
            case WORDS,
                    CURRENCY,
                    OPERATOR,
                    RELATION,
                    SET_OPERATOR,
                    SEPARATOR,
                    CLOSE,
                    BAR,
                    BRACE_CLOSE,
                    CELL,
                    ROW,
                    END -> false;
        };
    }

    final Expr factor() throws Unreadable {
        Expr base = primary();
        while (true) {
            if (take(Kind.OPERATOR, "!")) {
                base = call(Function.FACTORIAL, base);
            } else if (take(Kind.COMMAND, "percent")) {
                base = new Expr.Percent(base);
            } else if (take(Kind.COMMAND, "circ")) {
                base = degrees(base);
            } else if (take(Kind.OPERATOR, "^")) {
                base = raised(base);
            } else {
                return base;
            }
        }
    }

    /** An angle, or a temperature where a C or F follows. */
    private Expr degrees(Expr of) {
        boolean temperature = peek().is(Kind.LETTER, "C") || peek().is(Kind.LETTER, "F");
        return temperature
                ? new Expr.Measure(of, new Unit(Rational.ONE, Map.of("degree " + next().text(), 1)))
                : new Expr.Degrees(of);
    }

    private Expr raised(Expr base) throws Unreadable {
        boolean braced = peek().kind() == Kind.BRACE_OPEN;
        int start = at;
        at += braced ? 1 : 0;
        boolean degrees = take(Kind.COMMAND, "circ");
        if (degrees && (!braced || peek().kind() == Kind.BRACE_CLOSE)) {
            at += braced ? 1 : 0;
            return degrees(base);
        }
        at = start;
        enter();
        Expr exponent = take(Kind.OPERATOR, "-") ? new Expr.Negation(exponent()) : exponent();
        leave();
        return new Expr.Power(base, exponent);
    }

    /** Towers such as 2^3^4 are read from the right. */
    private Expr exponent() throws Unreadable {
        effort.spend(1);
        Expr exponent = primary();
        if (take(Kind.OPERATOR, "!")) {
            exponent = call(Function.FACTORIAL, exponent);
        }
        return peek().is(Kind.OPERATOR, "^") ? raised(exponent) : exponent;
    }

    final Expr primary() throws Unreadable {
        enter();
        Expr value = value(next());
        leave();
        return value;
    }

    /** The value that this token begins; {@link ValueParser} reads it. */
    abstract Expr value(Token first) throws Unreadable;
}
