package dev.distill.data.template.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code value.name} and {@code value[index]}: entries, methods, the variables of a loop. Nothing of Java's. */
final class Attributes {
    /** Python has them; a template that calls one would change its data. */
    private static final Set<String> CHANGERS = Set.of(
            "append",
            "extend",
            "insert",
            "pop",
            "popitem",
            "remove",
            "clear",
            "update",
            "setdefault",
            "reverse",
            "sort");

    private Attributes() {}

    /** {@code value.name}: a method first, then an entry, as Jinja looks. */
    static Value named(Value value, String name, Run run) {
        return switch (value) {
            case Value.Undefined undefined -> throw new TemplateException(undefined.what() + " is undefined");
            case Value.Namespace namespace -> namespace.attributes().getOrDefault(name, missing(value, name));
            case Value.Loop loop -> LoopVariables.of(loop, name);
            case Value.Dict dict -> {
                Value entry = Methods.ofDict(name) ? null : dict.get(name);
                yield entry == null ? method(value, name, Methods.ofDict(name)) : entry;
            }
            case Value.Sequence sequence -> method(value, name, Methods.ofSequence(name));
            case Value.Text text -> method(value, name, Methods.ofText(name));
            default -> missing(value, name);
        };
    }

    private static Value method(Value value, String name, boolean known) {
        if (known) {
            return new Value.Function(name, args -> Methods.call(value, name, args));
        }
        if (CHANGERS.contains(name) && !(value instanceof Value.Text)) {
            return new Value.Function(name, args -> {
                throw new TemplateException(value.type() + "." + name + " would change the template's data");
            });
        }
        return missing(value, name);
    }

    private static Value missing(Value value, String name) {
        return new Value.Undefined(value.type() + " has no \"" + name + "\", which");
    }

    /** {@code value[index]}: an item first, then an attribute. */
    static Value item(Value value, Value index, Run run) {
        return switch (value) {
            case Value.Undefined undefined -> throw new TemplateException(undefined.what() + " is undefined");
            case Value.Dict dict
            when index.hashable() && dict.entries().containsKey(index) ->
                dict.entries().get(index);
            case Value.Sequence sequence
            when index instanceof Value.Int i -> {
                int at = position(i.value(), sequence.items().size());
                yield at < 0
                        ? missing(value, "item " + i.value())
                        : sequence.items().get(at);
            }
            case Value.Text text
            when index instanceof Value.Int i -> {
                run.budget().chars(text.value().length());
                int at = position(i.value(), text.length());
                yield at < 0 ? missing(value, "character " + i.value()) : text.part(at, at + 1);
            }
            default ->
                index instanceof Value.Text name ? named(value, name.value(), run) : missing(value, run.str(index));
        };
    }

    /** From the end if negative; -1 where there is none. */
    private static int position(long index, int size) {
        long at = index < 0 ? index + size : index;
        return at >= 0 && at < size ? (int) at : -1;
    }

    /** {@code "a.b.0"}, as the filters' {@code attribute} has it; a number is an index. */
    static Value path(Value value, Value path, Run run) {
        return path(value, path, null, run);
    }

    /** As above. {@code otherwise} stands in for a part that is missing; null makes it an error to look further. */
    static Value path(Value value, Value path, @Nullable Value otherwise, Run run) {
        if (!(path instanceof Value.Text text)) {
            return item(value, path, run);
        }
        Value result = value;
        for (String part : List.of(text.value().split("\\.", -1))) {
            boolean digits = Strings.all(part, c -> c >= '0' && c <= '9') && part.length() < 10;
            result = item(result, digits ? new Value.Int(Long.parseLong(part)) : new Value.Text(part), run);
            if (result instanceof Value.Undefined && otherwise != null) {
                result = otherwise;
            }
        }
        return result;
    }
}
