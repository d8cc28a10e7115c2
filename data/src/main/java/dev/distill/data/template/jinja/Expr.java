package dev.distill.data.template.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression. {@code at} is the offset in the source that an error names. */
sealed interface Expr {
    int at();

    record Literal(Value value, int at) implements Expr {}

    record Name(String name, int at) implements Expr {}

    record Items(List<Expr> items, boolean tuple, int at) implements Expr {}

    record DictOf(List<Entry> entries, int at) implements Expr {}

    record Entry(Expr key, Expr value) {}

    /** {@code -} or {@code +}. */
    record Unary(String operator, Expr operand, int at) implements Expr {}

    /** {@code + - * / // % **}. */
    record Binary(String operator, Expr left, Expr right, int at) implements Expr {}

    record And(Expr left, Expr right, int at) implements Expr {}

    record Or(Expr left, Expr right, int at) implements Expr {}

    record Not(Expr operand, int at) implements Expr {}

    /** {@code a < b <= c in d}: each link compares with the one before. */
    record Compare(Expr first, List<Link> links, int at) implements Expr {}

    record Link(String operator, Expr right) {}

    /** {@code a ~ b ~ c}. */
    record Concat(List<Expr> parts, int at) implements Expr {}

    record Conditional(Expr test, Expr then, @Nullable Expr otherwise, int at) implements Expr {}

    record Attribute(Expr object, String name, int at) implements Expr {}

    record Index(Expr object, Expr index, int at) implements Expr {}

    record Slice(
            Expr object,
            @Nullable Expr start,
            @Nullable Expr stop,
            @Nullable Expr step,
            int at) implements Expr {}

    record Call(Expr callee, Arguments arguments, int at) implements Expr {}

    record Filtered(Expr value, Filter filter, int at) implements Expr {}

    record Tested(Expr value, String test, Arguments arguments, boolean negated, int at) implements Expr {}

    record Filter(String name, Arguments arguments, int at) {}

    /** What a call is given. {@code spread} is {@code *list}: its items follow the positional ones. */
    record Arguments(
            List<Expr> positional,
            Map<String, Expr> named,
            @Nullable Expr spread) {
        static final Arguments NONE = new Arguments(List.of(), Map.of(), null);
    }
}
