package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The filters that take or give lists. */
final class ListFilters {
    private ListFilters() {}

    static @Nullable Value apply(String name, Value value, Args args) {
        return switch (name) {
            case "length", "count" -> new Value.Int(length(value));
            case "list" -> Value.Sequence.list(items(value, args));
            case "first" -> edge(items(value, args), true);
            case "last" -> edge(items(value, args), false);
            case "items" -> pairs(value, args.run);
            case "join" -> join(value, args);
            case "reverse" -> reverse(value, args);
            case "sort" -> sort(value, args);
            case "unique" -> unique(value, args);
            case "min" -> extreme(value, args, false);
            case "max" -> extreme(value, args, true);
            case "sum" -> sum(value, args);
            case "dictsort" -> dictsort(value, args);
            case "batch" -> batch(value, args);
            case "slice" -> slice(value, args);
            case "map" -> map(value, args);
            case "select" -> select(value, args, false, true);
            case "reject" -> select(value, args, false, false);
            case "selectattr" -> select(value, args, true, true);
            case "rejectattr" -> select(value, args, true, false);
            default -> null;
        };
    }

    private static List<Value> items(Value value, Args args) {
        List<Value> items = Operators.items(value, args.run.budget());
        args.run.budget().items(items.size());
        return items;
    }

    static long length(Value value) {
        return switch (value) {
            case Value.Text text -> text.length();
            case Value.Sequence sequence -> sequence.items().size();
            case Value.Dict dict -> dict.entries().size();
            case Value.Undefined undefined -> 0;
            default -> throw new TemplateException(value.type() + " has no length");
        };
    }

    private static Value edge(List<Value> items, boolean first) {
        if (items.isEmpty()) {
            return new Value.Undefined("an item of an empty list");
        }
        return first ? items.getFirst() : items.getLast();
    }

    static Value pairs(Value value, Run run) {
        if (value instanceof Value.Undefined) {
            return Value.Sequence.list(List.of());
        }
        if (!(value instanceof Value.Dict dict)) {
            throw new TemplateException("items needs a dict; got " + value.type());
        }
        run.budget().items(2L * dict.entries().size());
        return Value.Sequence.list(dict.entries().entrySet().stream()
                .map(entry -> (Value) Value.Sequence.tuple(entry.getKey(), entry.getValue()))
                .toList());
    }

    private static Value join(Value value, Args args) {
        Value separator = args.get(0, "d", Value.Text.EMPTY);
        Function<Value, Value> key = attribute(args, 1);
        List<String> parts = items(value, args).stream()
                .map(item -> args.run.str(key.apply(item)))
                .toList();
        return Methods.join(args.run.str(separator), parts, args.run);
    }

    private static Value reverse(Value value, Args args) {
        List<Value> reversed = new ArrayList<>(items(value, args)).reversed();
        if (value instanceof Value.Text) {
            return Methods.join("", reversed.stream().map(args.run::str).toList(), args.run);
        }
        return Value.Sequence.list(reversed);
    }

    /** The attribute that the argument here names, by dots; the item itself where there is none. */
    private static Function<Value, Value> attribute(Args args, int position) {
        Value path = args.get(position, "attribute", Value.None.NONE);
        return path instanceof Value.None ? item -> item : item -> Attributes.path(item, path, args.run);
    }

    /** What sorting looks at: strings in lower case, unless their case counts. */
    private static Function<Value, Value> sortKey(Function<Value, Value> attribute, boolean caseSensitive) {
        return item -> attribute.apply(item) instanceof Value.Text text && !caseSensitive
                ? new Value.Text(text.value().toLowerCase(Locale.ROOT))
                : attribute.apply(item);
    }

    private static List<Value> sorted(List<Value> items, Function<Value, Value> key, boolean reverse, Args args) {
        Budget budget = args.run.budget();
        Comparator<Value> order = (a, b) -> Operators.compare(key.apply(a), key.apply(b), budget);
        List<Value> sorted = new ArrayList<>(items);
        sorted.sort(reverse ? order.reversed() : order);
        return sorted;
    }

    private static Value sort(Value value, Args args) {
        boolean reverse = args.flag(0, "reverse", false);
        Function<Value, Value> key = sortKey(attribute(args, 2), args.flag(1, "case_sensitive", false));
        return Value.Sequence.list(sorted(items(value, args), key, reverse, args));
    }

    private static Value dictsort(Value value, Args args) {
        boolean caseSensitive = args.flag(0, "case_sensitive", false);
        String by = args.text(1, "by");
        boolean reverse = args.flag(2, "reverse", false);
        int part = "value".equals(by) ? 1 : 0;
        Function<Value, Value> key =
                sortKey(pair -> ((Value.Sequence) pair).items().get(part), caseSensitive);
        Value.Sequence pairs = (Value.Sequence) pairs(value, args.run);
        return Value.Sequence.list(sorted(pairs.items(), key, reverse, args));
    }

    private static Value unique(Value value, Args args) {
        Function<Value, Value> key = sortKey(attribute(args, 1), args.flag(0, "case_sensitive", false));
        List<Value> seen = new ArrayList<>();
        List<Value> result = new ArrayList<>();
        for (Value item : items(value, args)) {
            Value wanted = key.apply(item);
            if (seen.stream().noneMatch(other -> Operators.equal(wanted, other, args.run.budget()))) {
                seen.add(wanted);
                result.add(item);
            }
        }
        return Value.Sequence.list(result);
    }

    private static Value extreme(Value value, Args args, boolean largest) {
        Function<Value, Value> key = sortKey(attribute(args, 1), args.flag(0, "case_sensitive", false));
        return edge(sorted(items(value, args), key, largest, args), true);
    }

    private static Value sum(Value value, Args args) {
        Function<Value, Value> key = attribute(args, 0);
        Value total = args.get(1, "start", new Value.Int(0));
        for (Value item : items(value, args)) {
            total = Operators.binary("+", total, key.apply(item), args.run.budget());
        }
        return total;
    }

    private static Value batch(Value value, Args args) {
        List<Value> items = items(value, args);
        int size = Math.clamp(args.whole(0, "linecount", 0), 1, Integer.MAX_VALUE);
        Value fill = args.get(1, "fill_with", Value.None.NONE);
        List<Value> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += size) {
            List<Value> batch = new ArrayList<>(items.subList(from, (int) Math.min((long) from + size, items.size())));
            if (!(fill instanceof Value.None)) {
                args.run.budget().items(size);
                while (batch.size() < size) {
                    batch.add(fill);
                }
            }
            batches.add(Value.Sequence.list(batch));
            if (size >= items.size() - from) {
                break;
            }
        }
        return Value.Sequence.list(batches);
    }

    private static Value slice(Value value, Args args) {
        List<Value> items = items(value, args);
        int slices = Math.clamp(args.whole(0, "slices", 0), 1, Integer.MAX_VALUE);
        Value fill = args.get(1, "fill_with", Value.None.NONE);
        args.run.budget().items(slices);
        int each = items.size() / slices;
        int longer = items.size() % slices;
        List<Value> result = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < slices; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Value> part = new ArrayList<>(items.subList(from, to));
            if (!(fill instanceof Value.None) && longer > 0 && i >= longer) {
                part.add(fill);
            }
            result.add(Value.Sequence.list(part));
            from = to;
        }
        return Value.Sequence.list(result);
    }

    private static Value map(Value value, Args args) {
        Value path = args.named.get("attribute");
        Function<Value, Value> change;
        if (path == null) {
            String filter = args.requireText(0, "filter");
            Args rest = rest(args, 1);
            change = item -> Filters.apply(filter, item, rest);
        } else {
            Value otherwise = args.named.get("default");
            change = item -> Attributes.path(item, path, otherwise, args.run);
        }
        args.takesAll();
        return Value.Sequence.list(items(value, args).stream().map(change).toList());
    }

    private static Args rest(Args args, int from) {
        List<Value> rest = args.positional.subList(Math.min(from, args.positional.size()), args.positional.size());
        return new Args(args.run, "a filter or test in a filter", rest, args.named);
    }

    private static Value select(Value value, Args args, boolean byAttribute, boolean keep) {
        int at = byAttribute ? 1 : 0;
        Value path = byAttribute ? args.require(0, "attribute") : Value.None.NONE;
        String test = args.text(at, "test");
        Args rest = rest(args, at + 1);
        args.takesAll();
        List<Value> result = new ArrayList<>();
        for (Value item : items(value, args)) {
            Value looked = byAttribute ? Attributes.path(item, path, args.run) : item;
            boolean passed = test == null ? looked.truth() : Tests.test(test, looked, rest);
            if (passed == keep) {
                result.add(item);
            }
        }
        return Value.Sequence.list(result);
    }

    /** The entries of a dict as Python's {@code dict()} takes them: another dict, or pairs. */
    static void putAll(Map<Value, Value> target, Value source, Run run) {
        switch (source) {
            case Value.Dict dict -> {
                run.budget().items(2L * dict.entries().size());
                target.putAll(dict.entries());
            }
            case Value.Sequence pairs -> {
                for (Value pair : pairs.items()) {
                    run.budget().items(2);
                    if (!(pair instanceof Value.Sequence two)
                            || two.items().size() != 2
                            || !two.items().get(0).hashable()) {
                        throw new TemplateException("dict needs pairs of key and value; got " + pair.type());
                    }
                    target.put(two.items().get(0), two.items().get(1));
                }
            }
            default -> throw new TemplateException("dict needs a dict or pairs; got " + source.type());
        }
    }
}
