package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions to values. */
final class Evaluator {
    private final String source;
    private final Run run;

    Evaluator(String source, Run run) {
        this.source = source;
        this.run = run;
    }

    /** @throws TemplateException with the place of the innermost expression that failed */
    Value value(Expr expr, Scope scope) {
        run.budget().enter();
        try {
            return switch (expr) {
                case Expr.Literal literal -> literal.value();
                case Expr.Name name -> scope.get(name.name());
                case Expr.Items items -> new Value.Sequence(values(items.items(), scope), items.tuple());
                case Expr.DictOf dict -> dict(dict, scope);
                case Expr.Unary unary -> unary(unary, scope);
                case Expr.Binary binary ->
                    Operators.binary(
                            binary.operator(), value(binary.left(), scope), value(binary.right(), scope), run.budget());
                case Expr.And and -> {
                    Value left = value(and.left(), scope);
                    yield left.truth() ? value(and.right(), scope) : left;
                }
                case Expr.Or or -> {
                    Value left = value(or.left(), scope);
                    yield left.truth() ? left : value(or.right(), scope);
                }
                case Expr.Not not -> Value.Bool.of(!value(not.operand(), scope).truth());
                case Expr.Compare compare -> compare(compare, scope);
                case Expr.Concat concat -> concat(concat, scope);
                case Expr.Conditional conditional -> conditional(conditional, scope);
                case Expr.Attribute attribute ->
                    Attributes.named(value(attribute.object(), scope), attribute.name(), run);
                case Expr.Index index ->
                    Attributes.item(value(index.object(), scope), value(index.index(), scope), run);
                case Expr.Slice slice -> slice(slice, scope);
                case Expr.Call call -> call(call, scope, Map.of());
                case Expr.Filtered filtered -> filter(filtered.filter(), value(filtered.value(), scope), scope);
                case Expr.Tested tested -> test(tested, scope);
            };
        } catch (TemplateException e) {
            throw e.at(source, expr.at());
        } catch (ArithmeticException e) {
            throw new TemplateException("a whole number goes beyond 64 bits").at(source, expr.at());
        } finally {
            run.budget().leave();
        }
    }

    private List<Value> values(List<Expr> exprs, Scope scope) {
        run.budget().items(exprs.size());
        List<Value> values = new ArrayList<>(exprs.size());
        for (Expr expr : exprs) {
            values.add(value(expr, scope));
        }
        return values;
    }

    private Value dict(Expr.DictOf dict, Scope scope) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        run.budget().items(2L * dict.entries().size());
        for (Expr.Entry entry : dict.entries()) {
            Value key = value(entry.key(), scope);
            if (!key.hashable()) {
                throw new TemplateException(key.type() + " cannot be a dict's key");
            }
            entries.put(key, value(entry.value(), scope));
        }
        return new Value.Dict(entries);
    }

    private Value unary(Expr.Unary unary, Scope scope) {
        Value operand = value(unary.operand(), scope);
        if (unary.operator().equals("-")) {
            return Operators.negated(operand);
        }
        if (!Operators.isNumber(operand)) {
            throw new TemplateException("\"+\" is not possible for " + operand.type());
        }
        return operand;
    }

    private Value compare(Expr.Compare compare, Scope scope) {
        Value left = value(compare.first(), scope);
        for (Expr.Link link : compare.links()) {
            Value right = value(link.right(), scope);
            if (!Operators.test(link.operator(), left, right, run.budget())) {
                return Value.Bool.FALSE;
            }
            left = right;
        }
        return Value.Bool.TRUE;
    }

    private Value concat(Expr.Concat concat, Scope scope) {
        List<String> parts = new ArrayList<>();
        for (Expr part : concat.parts()) {
            parts.add(run.str(value(part, scope)));
        }
        return Methods.join("", parts, run);
    }

    private Value conditional(Expr.Conditional conditional, Scope scope) {
        if (value(conditional.test(), scope).truth()) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Value.Undefined("an inline if without else")
                : value(conditional.otherwise(), scope);
    }

    private Value slice(Expr.Slice slice, Scope scope) {
        Value object = value(slice.object(), scope);
        return Slices.cut(
                object,
                bound(slice.start(), scope),
                bound(slice.stop(), scope),
                bound(slice.step(), scope),
                run.budget());
    }

    private @Nullable Long bound(@Nullable Expr expr, Scope scope) {
        if (expr == null) {
            return null;
        }
        return switch (value(expr, scope)) {
            case Value.None none -> null;
            case Value.Int i -> i.value();
            default -> throw new TemplateException("a slice needs whole numbers");
        };
    }

    /** @param extra named values that the caller does not write, such as {@code caller} of a call block */
    Value call(Expr.Call call, Scope scope, Map<String, Value> extra) {
        Value callee = value(call.callee(), scope);
        if (!(callee instanceof Value.Function function)) {
            throw new TemplateException(
                            callee instanceof Value.Undefined undefined
                                    ? undefined.what() + " is undefined"
                                    : callee.type() + " cannot be called")
                    .at(source, call.at());
        }
        try {
            return function.body().call(arguments(function.name(), call.arguments(), scope, extra));
        } catch (TemplateException e) {
            throw e.at(source, call.at());
        }
    }

    private Args arguments(String owner, Expr.Arguments arguments, Scope scope, Map<String, Value> extra) {
        Map<String, Value> named = new LinkedHashMap<>(extra);
        arguments.named().forEach((name, expr) -> named.put(name, value(expr, scope)));
        List<Value> positional = values(arguments.positional(), scope);
        if (arguments.spread() != null) {
            List<Value> more = Operators.items(value(arguments.spread(), scope), run.budget());
            run.budget().items(more.size());
            positional.addAll(more);
        }
        return new Args(run, owner, positional, named);
    }

    Value filter(Expr.Filter filter, Value value, Scope scope) {
        try {
            return Filters.apply(filter.name(), value, arguments(filter.name(), filter.arguments(), scope, Map.of()));
        } catch (TemplateException e) {
            throw e.at(source, filter.at());
        }
    }

    private Value test(Expr.Tested tested, Scope scope) {
        Value value = value(tested.value(), scope);
        Args args = arguments(tested.test(), tested.arguments(), scope, Map.of());
        return Value.Bool.of(Tests.test(tested.test(), value, args) != tested.negated());
    }
}
