package dev.distill.data.query;

import dev.distill.data.trace.Trace;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A part of a condition.
 *
 * @param kind of its values
 * @param value of a trace: a {@code String}, a {@code BigDecimal} or a {@code Boolean}; null where it is not known
 */
record Term(Kind kind, Value value) {
    private static final MathContext DIGITS = MathContext.DECIMAL128;

    enum Kind {
        TEXT,
        NUMBER,
        TRUTH;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @FunctionalInterface
    interface Value {
        @Nullable
        Object of(Trace trace);
    }

    @Nullable
    Object of(Trace trace) {
        return value.of(trace);
    }

    static Term text(Function<Trace, @Nullable String> text) {
        return new Term(Kind.TEXT, text::apply);
    }

    static Term number(Function<Trace, BigDecimal> number) {
        return new Term(Kind.NUMBER, number::apply);
    }

    static Term always(Kind kind, Object value) {
        return new Term(kind, _ -> value);
    }

    /** What this makes of a value that is known. */
    private <T> Term mapped(Kind to, Class<T> from, Function<T, @Nullable Object> map) {
        return new Term(to, trace -> {
            Object found = of(trace);
            return found == null ? null : map.apply(from.cast(found));
        });
    }

    Term textTo(Kind to, Function<String, @Nullable Object> map) {
        return mapped(to, String.class, map);
    }

    Term matching(Predicate<String> pattern) {
        return textTo(Kind.TRUTH, pattern::test);
    }

    Term negative() {
        return mapped(Kind.NUMBER, BigDecimal.class, BigDecimal::negate);
    }

    Term not() {
        return mapped(Kind.TRUTH, Boolean.class, truth -> !truth);
    }

    Term isNull() {
        return new Term(Kind.TRUTH, trace -> of(trace) == null);
    }

    /** Both of one kind. */
    @SuppressWarnings("unchecked") // terms of one kind have values of one class, all of which can be compared
    Term compared(Term other, IntPredicate wanted) {
        return new Term(Kind.TRUTH, trace -> {
            Object mine = of(trace);
            Object its = other.of(trace);
            return mine == null || its == null ? null : wanted.test(((Comparable<Object>) mine).compareTo(its));
        });
    }

    private Term combined(Term other, Kind kind, Function<Object, Function<Object, @Nullable Object>> how) {
        return new Term(kind, trace -> {
            Object mine = of(trace);
            Object its = other.of(trace);
            return mine == null || its == null ? null : how.apply(mine).apply(its);
        });
    }

    Term joined(Term other) {
        return combined(other, Kind.TEXT, mine -> its -> "" + mine + its);
    }

    private Term computed(Term other, BinaryOperator<BigDecimal> how) {
        return combined(other, Kind.NUMBER, mine -> its -> how.apply((BigDecimal) mine, (BigDecimal) its));
    }

    /** By one of {@code + - *}, or {@code / %}, which of a divisor of 0 know nothing. */
    Term computed(String sign, Term other) {
        return switch (sign) {
            case "+" -> computed(other, (a, b) -> a.add(b, DIGITS));
            case "-" -> computed(other, (a, b) -> a.subtract(b, DIGITS));
            case "*" -> computed(other, (a, b) -> a.multiply(b, DIGITS));
            case "/" -> divided(other, (a, b) -> a.divide(b, DIGITS));
            default -> divided(other, (a, b) -> a.remainder(b, DIGITS));
        };
    }

    private Term divided(Term other, BinaryOperator<BigDecimal> how) {
        return combined(
                other,
                Kind.NUMBER,
                mine -> its ->
                        ((BigDecimal) its).signum() == 0 ? null : how.apply((BigDecimal) mine, (BigDecimal) its));
    }

    /** True if one is, false if all are. */
    static Term anyOf(List<Term> terms) {
        return decided(terms, true);
    }

    /** False if one is, true if all are. */
    static Term allOf(List<Term> terms) {
        return decided(terms, false);
    }

    private static Term decided(List<Term> terms, boolean byOne) {
        List<Term> all = List.copyOf(terms);
        return all.size() == 1
                ? all.getFirst()
                : new Term(Kind.TRUTH, trace -> {
                    boolean known = true;
                    for (Term term : all) {
                        Object truth = term.of(trace);
                        if (truth != null && (Boolean) truth == byOne) {
                            return byOne;
                        }
                        known &= truth != null;
                    }
                    return known ? !byOne : null;
                });
    }
}
