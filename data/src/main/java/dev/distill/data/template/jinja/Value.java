package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a template can hold, with the meaning that Python gives it. Nothing else of Java's is reachable from a
 * template. Only a {@link Namespace} changes.
 */
sealed interface Value {
    /** Python's {@code None}. */
    enum None implements Value {
        NONE
    }

    /** A truth value; counts as the number 0 or 1. */
    record Bool(boolean value) implements Value {
        static final Bool TRUE = new Bool(true);
        static final Bool FALSE = new Bool(false);

        static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /** A whole number; one beyond 64 bits is an error. */
    record Int(long value) implements Value {}

    /** A floating-point number. */
    record Real(double value) implements Value {}

    /** A string, counted and cut in code points as Python does. */
    record Text(String value) implements Value {
        static final Text EMPTY = new Text("");

        int length() {
            return value.codePointCount(0, value.length());
        }

        /** The code points from {@code start} to {@code end}. */
        Text part(int start, int end) {
            int from = value.offsetByCodePoints(0, start);
            return new Text(value.substring(from, value.offsetByCodePoints(from, end - start)));
        }
    }

    /** A list or a tuple. */
    record Sequence(List<Value> items, boolean tuple) implements Value {
        static Sequence list(List<Value> items) {
            return new Sequence(items, false);
        }

        static Sequence tuple(Value... items) {
            return new Sequence(List.of(items), true);
        }
    }

    /** A dict, in the order of insertion. Keys are scalars. */
    record Dict(Map<Value, Value> entries) implements Value {
        @Nullable
        Value get(String key) {
            return entries.get(new Text(key));
        }
    }

    /** What {@code namespace()} makes: the one thing with attributes that can be set. */
    record Namespace(Map<String, Value> attributes) implements Value {}

    /** A name or attribute that does not exist. */
    record Undefined(String what) implements Value {}

    /** A macro, a method bound to its object, or a global function. */
    record Function(String name, Body body) implements Value {
        /** What a function does. */
        interface Body {
            Value call(Args args);
        }
    }

    /** The variable {@code loop}, at one turn. */
    record Loop(List<Value> items, int index0, int depth, List<Value> changed) implements Value {}

    /** What Python's {@code bool()} says. */
    default boolean truth() {
        return switch (this) {
            case None none -> false;
            case Undefined undefined -> false;
            case Bool b -> b.value;
            case Int i -> i.value != 0;
            case Real r -> r.value != 0;
            case Text t -> !t.value.isEmpty();
            case Sequence s -> !s.items.isEmpty();
            case Dict d -> !d.entries.isEmpty();
            case Namespace n -> true;
            case Function f -> true;
            case Loop l -> true;
        };
    }

    /** What it is, in Python's words, for messages. */
    default String type() {
        return switch (this) {
            case None none -> "None";
            case Undefined undefined -> "undefined (" + undefined.what + ")";
            case Bool b -> "bool";
            case Int i -> "int";
            case Real r -> "float";
            case Text t -> "str";
            case Sequence s -> s.tuple ? "tuple" : "list";
            case Dict d -> "dict";
            case Namespace n -> "namespace";
            case Function f -> "function " + f.name;
            case Loop l -> "loop";
        };
    }

    /** Whether it can be a dict's key. */
    default boolean hashable() {
        return switch (this) {
            case None none -> true;
            case Bool b -> true;
            case Int i -> true;
            case Real r -> true;
            case Text t -> true;
            case Undefined u -> false;
            case Sequence s -> false;
            case Dict d -> false;
            case Namespace n -> false;
            case Function f -> false;
            case Loop l -> false;
        };
    }

    /**
     * A copy of plain Java data: null, Boolean, numbers, CharSequence, Map and Iterable of such, at most {@code depth}
     * deep.
     *
     * @throws TemplateException if it is anything else
     */
    static Value copyOf(@Nullable Object data, int depth) {
        if (depth == 0) {
            throw new TemplateException("the input is nested too deeply, or holds itself");
        }
        return switch (data) {
            case null -> None.NONE;
            case Value value -> value;
            case Boolean b -> Bool.of(b);
            case Integer i -> new Int(i);
            case Long i -> new Int(i);
            case Short i -> new Int(i);
            case Byte i -> new Int(i);
            case Number n -> new Real(n.doubleValue());
            case CharSequence text -> new Text(text.toString());
            case Map<?, ?> map -> {
                Map<Value, Value> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(copyOf(key, 1), copyOf(item, depth - 1)));
                yield new Dict(Collections.unmodifiableMap(entries));
            }
            case Iterable<?> list -> {
                List<Value> items = new ArrayList<>();
                list.forEach(item -> items.add(copyOf(item, depth - 1)));
                yield Sequence.list(Collections.unmodifiableList(items));
            }
            default ->
                throw new TemplateException("the input must be maps, lists, strings, numbers, booleans and null; got "
                        + data.getClass().getSimpleName());
        };
    }

    /** Characters and items in all, for the budget. */
    default long size() {
        return switch (this) {
            case Text t -> t.value.length();
            case Sequence s -> s.items.stream().mapToLong(Value::size).sum() + s.items.size();
            case Dict d ->
                d.entries.entrySet().stream()
                        .mapToLong(e -> 1 + e.getKey().size() + e.getValue().size())
                        .sum();
            case None n -> 1;
            case Bool b -> 1;
            case Int i -> 1;
            case Real r -> 1;
            case Namespace n -> 1;
            case Undefined u -> 1;
            case Function f -> 1;
            case Loop l -> 1;
        };
    }
}
