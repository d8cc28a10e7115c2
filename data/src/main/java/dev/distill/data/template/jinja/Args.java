package dev.distill.data.template.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call of something built in. Each is asked for by position and name; {@link #finish} then refuses
 * those that nobody asked for.
 */
final class Args {
    final Run run;
    final List<Value> positional;
    final Map<String, Value> named;
    private final String owner;
    private final Set<String> asked = new HashSet<>();
    private int highest;

    Args(Run run, String owner, List<Value> positional, Map<String, Value> named) {
        this.run = run;
        this.owner = owner;
        this.positional = positional;
        this.named = named;
    }

    /** The argument at this position or of this name; null where it was not given. */
    @Nullable
    Value get(int position, String name) {
        asked.add(name);
        highest = Math.max(highest, position + 1);
        return position < positional.size() ? positional.get(position) : named.get(name);
    }

    Value require(int position, String name) {
        Value value = get(position, name);
        if (value == null) {
            throw new TemplateException(owner + " needs the argument " + name);
        }
        return value;
    }

    Value get(int position, String name, Value otherwise) {
        Value value = get(position, name);
        return value == null ? otherwise : value;
    }

    /** A string argument; null where it was not given, or is None. */
    @Nullable
    String text(int position, String name) {
        Value value = get(position, name);
        return switch (value) {
            case null -> null;
            case Value.None none -> null;
            case Value.Text text -> text.value();
            default -> throw new TemplateException(owner + ": " + name + " must be a string; got " + value.type());
        };
    }

    String requireText(int position, String name) {
        String text = text(position, name);
        if (text == null) {
            throw new TemplateException(owner + " needs the argument " + name + ", a string");
        }
        return text;
    }

    long whole(int position, String name, long otherwise) {
        Value value = get(position, name);
        return switch (value) {
            case null -> otherwise;
            case Value.None none -> otherwise;
            case Value.Int i -> i.value();
            case Value.Bool b -> b.value() ? 1 : 0;
            default ->
                throw new TemplateException(owner + ": " + name + " must be a whole number; got " + value.type());
        };
    }

    boolean flag(int position, String name, boolean otherwise) {
        Value value = get(position, name);
        return value == null ? otherwise : value.truth();
    }

    /** All further positional arguments are meant. */
    void takesAll() {
        highest = Integer.MAX_VALUE;
        asked.addAll(named.keySet());
    }

    Value finish(Value result) {
        if (positional.size() > highest) {
            throw new TemplateException(owner + " takes at most " + highest + " arguments; got " + positional.size());
        }
        for (String name : named.keySet()) {
            if (!asked.contains(name)) {
                throw new TemplateException(owner + " has no argument " + name);
            }
        }
        return result;
    }
}
