package dev.distill.data.template.jinja;

/** {@code value is name(arguments)}. */
final class Tests {
    private Tests() {}

    static boolean test(String name, Value value, Args args) {
        boolean result = one(name, value, args);
        args.finish(value);
        return result;
    }

    private static boolean one(String name, Value value, Args args) {
        return switch (name) {
            case "defined" -> !(value instanceof Value.Undefined);
            case "undefined" -> value instanceof Value.Undefined;
            case "none" -> value instanceof Value.None;
            case "true" -> value instanceof Value.Bool b && b.value();
            case "false" -> value instanceof Value.Bool b && !b.value();
            case "boolean" -> value instanceof Value.Bool;
            case "integer" -> value instanceof Value.Int;
            case "float" -> value instanceof Value.Real;
            case "number" -> Operators.isNumber(value);
            case "string" -> value instanceof Value.Text;
            case "mapping" -> value instanceof Value.Dict;
            case "sequence" ->
                value instanceof Value.Sequence || value instanceof Value.Dict || value instanceof Value.Text;
            case "iterable" ->
                value instanceof Value.Sequence
                        || value instanceof Value.Dict
                        || value instanceof Value.Text
                        || value instanceof Value.Undefined;
            case "callable" -> value instanceof Value.Function;
            case "lower" -> Strings.cased(args.run.str(value), false);
            case "upper" -> Strings.cased(args.run.str(value), true);
            case "even" -> modulo(value, 2) == 0;
            case "odd" -> modulo(value, 2) == 1;
            case "divisibleby" -> modulo(value, args.whole(0, "num", 0)) == 0;
            case "sameas" -> same(value, args.require(0, "other"));
            default -> comparison(name, value, args);
        };
    }

    private static boolean comparison(String name, Value value, Args args) {
        String operator = switch (name) {
            case "eq", "equalto", "==" -> "==";
            case "ne", "!=" -> "!=";
            case "lt", "lessthan", "<" -> "<";
            case "le", "<=" -> "<=";
            case "gt", "greaterthan", ">" -> ">";
            case "ge", ">=" -> ">=";
            case "in" -> "in";
            default -> throw new TemplateException("there is no test \"" + name + "\"");
        };
        return Operators.test(operator, value, args.require(0, "other"), args.run.budget());
    }

    private static long modulo(Value value, long divisor) {
        if (value instanceof Value.Int i && divisor != 0) {
            return Math.floorMod(i.value(), divisor);
        }
        throw new TemplateException("even, odd and divisibleby need whole numbers; got " + value.type());
    }

    private static boolean same(Value a, Value b) {
        return a == b || (a instanceof Value.Bool x && b instanceof Value.Bool y && x.value() == y.value());
    }
}
