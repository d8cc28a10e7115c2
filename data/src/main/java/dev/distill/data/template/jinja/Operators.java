package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Arithmetic, order, equality and containment, as Python has them. */
final class Operators {
    private Operators() {}

    static Value binary(String operator, Value left, Value right, Budget budget) {
        if (left instanceof Value.Undefined || right instanceof Value.Undefined) {
            throw undefined(left instanceof Value.Undefined ? left : right);
        }
        if (isNumber(left) && isNumber(right)) {
            return arithmetic(operator, left, right);
        }
        if (operator.equals("+") && left instanceof Value.Text a && right instanceof Value.Text b) {
            budget.chars((long) a.value().length() + b.value().length());
            return new Value.Text(a.value() + b.value());
        }
        if (operator.equals("+")
                && left instanceof Value.Sequence a
                && right instanceof Value.Sequence b
                && a.tuple() == b.tuple()) {
            budget.items((long) a.items().size() + b.items().size());
            List<Value> items = new ArrayList<>(a.items());
            items.addAll(b.items());
            return new Value.Sequence(items, a.tuple());
        }
        if (operator.equals("*") && isWhole(left) != isWhole(right)) {
            return isWhole(left) ? repeat(right, whole(left), budget) : repeat(left, whole(right), budget);
        }
        if (operator.equals("%") && left instanceof Value.Text format) {
            return new Value.Text(Printf.format(format.value(), right, budget));
        }
        throw new TemplateException("\"" + operator + "\" is not possible for " + left.type() + " and " + right.type());
    }

    private static TemplateException undefined(Value value) {
        return new TemplateException(((Value.Undefined) value).what() + " is undefined");
    }

    private static Value repeat(Value value, long times, Budget budget) {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        switch (value) {
            case Value.Text text -> {
                budget.chars((long) text.value().length() * count);
                return new Value.Text(text.value().repeat(count));
            }
            case Value.Sequence sequence -> {
                budget.items((long) sequence.items().size() * count);
                List<Value> items = new ArrayList<>();
                for (int i = 0; i < count && !sequence.items().isEmpty(); i++) {
                    items.addAll(sequence.items());
                }
                return new Value.Sequence(items, sequence.tuple());
            }
            default -> throw new TemplateException("\"*\" is not possible for " + value.type() + " and int");
        }
    }

    private static Value arithmetic(String operator, Value left, Value right) {
        try {
            return isWhole(left) && isWhole(right)
                    ? whole(operator, whole(left), whole(right))
                    : new Value.Real(real(operator, real(left), real(right)));
        } catch (ArithmeticException e) {
            throw new TemplateException("\"" + operator + "\": a whole number goes beyond 64 bits");
        }
    }

    private static Value whole(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> new Value.Int(Math.addExact(a, b));
            case "-" -> new Value.Int(Math.subtractExact(a, b));
            case "*" -> new Value.Int(Math.multiplyExact(a, b));
            case "/" -> new Value.Real((double) a / notZero(b));
            case "//" -> new Value.Int(Math.floorDiv(a, notZero(b)));
            case "%" -> new Value.Int(Math.floorMod(a, notZero(b)));
            case "**" ->
                b < 0
                        ? new Value.Real(Math.pow((double) notZero(a), (double) b))
                        : new Value.Int(Math.powExact(a, exponent(b)));
            default -> throw new IllegalStateException("no operator " + operator);
        };
    }

    private static int exponent(long b) {
        if (b > Integer.MAX_VALUE) {
            throw new TemplateException("\"**\": the exponent " + b + " is too large");
        }
        return (int) b;
    }

    private static double real(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / notZero(b);
            case "//" -> Math.floor(a / notZero(b));
            case "%" -> a - b * Math.floor(a / notZero(b));
            case "**" -> Math.pow(a, b);
            default -> throw new IllegalStateException("no operator " + operator);
        };
    }

    private static double notZero(double divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    private static long notZero(long divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    static Value negated(Value value) {
        return switch (value) {
            case Value.Int i -> new Value.Int(Math.negateExact(i.value()));
            case Value.Bool b -> new Value.Int(b.value() ? -1 : 0);
            case Value.Real r -> new Value.Real(-r.value());
            default -> throw new TemplateException("\"-\" is not possible for " + value.type());
        };
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
    }

    private static boolean isWhole(Value value) {
        return value instanceof Value.Int || value instanceof Value.Bool;
    }

    private static long whole(Value value) {
        return value instanceof Value.Int i ? i.value() : (value.truth() ? 1 : 0);
    }

    static double real(Value value) {
        return value instanceof Value.Real r ? r.value() : whole(value);
    }

    static boolean equal(Value a, Value b, Budget budget) {
        budget.enter();
        boolean equal;
        if (isNumber(a) && isNumber(b)) {
            equal = (isWhole(a) && isWhole(b)) ? whole(a) == whole(b) : real(a) == real(b);
        } else if (a instanceof Value.Sequence x && b instanceof Value.Sequence y) {
            equal = x.tuple() == y.tuple() && equal(x.items(), y.items(), budget);
        } else if (a instanceof Value.Dict x && b instanceof Value.Dict y) {
            equal = x.entries().size() == y.entries().size();
            for (Map.Entry<Value, Value> entry : x.entries().entrySet()) {
                Value other = equal ? y.entries().get(entry.getKey()) : null;
                equal = other != null && equal(entry.getValue(), other, budget);
            }
        } else if (a instanceof Value.Text x && b instanceof Value.Text y) {
            budget.chars(Math.min(x.value().length(), y.value().length()));
            equal = x.value().equals(y.value());
        } else {
            equal = a == b || (a instanceof Value.Undefined && b instanceof Value.Undefined);
        }
        budget.leave();
        return equal;
    }

    private static boolean equal(List<Value> a, List<Value> b, Budget budget) {
        boolean equal = a.size() == b.size();
        for (int i = 0; equal && i < a.size(); i++) {
            equal = equal(a.get(i), b.get(i), budget);
        }
        return equal;
    }

    /** Less than 0, 0 or more than 0; an error for things that have no order. */
    static int compare(Value a, Value b, Budget budget) {
        budget.work(1);
        if (isNumber(a) && isNumber(b)) {
            return isWhole(a) && isWhole(b) ? Long.compare(whole(a), whole(b)) : Double.compare(real(a), real(b));
        }
        if (a instanceof Value.Text x && b instanceof Value.Text y) {
            budget.chars(Math.min(x.value().length(), y.value().length()));
            return Strings.compare(x.value(), y.value());
        }
        if (a instanceof Value.Sequence x && b instanceof Value.Sequence y && x.tuple() == y.tuple()) {
            for (int i = 0; i < Math.min(x.items().size(), y.items().size()); i++) {
                if (!equal(x.items().get(i), y.items().get(i), budget)) {
                    budget.enter();
                    int order = compare(x.items().get(i), y.items().get(i), budget);
                    budget.leave();
                    return order;
                }
            }
            return Integer.compare(x.items().size(), y.items().size());
        }
        throw new TemplateException(a.type() + " and " + b.type() + " have no order");
    }

    static boolean test(String operator, Value left, Value right, Budget budget) {
        return switch (operator) {
            case "==" -> equal(left, right, budget);
            case "!=" -> !equal(left, right, budget);
            case "<" -> compare(left, right, budget) < 0;
            case "<=" -> compare(left, right, budget) <= 0;
            case ">" -> compare(left, right, budget) > 0;
            case ">=" -> compare(left, right, budget) >= 0;
            case "in" -> contains(right, left, budget);
            case "not in" -> !contains(right, left, budget);
            default -> throw new IllegalStateException("no comparison " + operator);
        };
    }

    static boolean contains(Value container, Value item, Budget budget) {
        return switch (container) {
            case Value.Text text
            when item instanceof Value.Text part -> {
                budget.chars(text.value().length());
                yield text.value().contains(part.value());
            }
            case Value.Sequence sequence -> sequence.items().stream().anyMatch(other -> equal(item, other, budget));
            case Value.Dict dict -> item.hashable() && dict.entries().containsKey(item);
            case Value.Undefined undefined -> false;
            default ->
                throw new TemplateException("\"in\" is not possible for " + item.type() + " in " + container.type());
        };
    }

    /** What a loop, a filter or a test runs over: items, a dict's keys, a string's characters. */
    static List<Value> items(Value value, Budget budget) {
        return switch (value) {
            case Value.Sequence sequence -> sequence.items();
            case Value.Dict dict -> {
                budget.items(dict.entries().size());
                yield List.copyOf(dict.entries().keySet());
            }
            case Value.Text text -> {
                budget.items(text.value().length());
                yield text.value()
                        .codePoints()
                        .mapToObj(c -> (Value) new Value.Text(Character.toString(c)))
                        .toList();
            }
            case Value.Undefined undefined -> List.of();
            default -> throw new TemplateException(value.type() + " has no items to go through");
        };
    }
}
