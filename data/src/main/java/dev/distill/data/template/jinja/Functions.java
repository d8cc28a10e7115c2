package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What every template can call by name. */
final class Functions {
    static final Map<String, Value> ALL = all();

    private Functions() {}

    private static Map<String, Value> all() {
        Map<String, Value> all = new HashMap<>();
        put(all, "range", Functions::range);
        put(all, "dict", Functions::dict);
        put(all, "namespace", Functions::namespace);
        put(all, "raise_exception", args -> {
            throw new TemplateException(args.run.str(args.require(0, "message")));
        });
        put(all, "strftime_now", args -> args.run.text(Strftime.format(args.requireText(0, "format"), args.run)));
        return Map.copyOf(all);
    }

    private static void put(Map<String, Value> all, String name, Value.Function.Body body) {
        all.put(name, new Value.Function(name, args -> args.finish(body.call(args))));
    }

    private static Value range(Args args) {
        boolean onlyStop = args.positional.size() == 1;
        long start = onlyStop ? 0 : args.whole(0, "start", 0);
        long stop = args.whole(onlyStop ? 0 : 1, "stop", 0);
        long step = args.whole(2, "step", 1);
        if (step == 0) {
            throw new TemplateException("range: the step must not be 0");
        }
        List<Value> items = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i = Math.addExact(i, step)) {
            args.run.budget().items(1);
            items.add(new Value.Int(i));
        }
        return Value.Sequence.list(items);
    }

    private static Value dict(Args args) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        args.takesAll();
        if (!args.positional.isEmpty()) {
            ListFilters.putAll(entries, args.positional.getFirst(), args.run);
        }
        args.run.budget().items(2L * args.named.size());
        args.named.forEach((name, value) -> entries.put(new Value.Text(name), value));
        return new Value.Dict(entries);
    }

    private static Value namespace(Args args) {
        Map<String, Value> attributes = new HashMap<>();
        ((Value.Dict) dict(args)).entries().forEach((name, value) -> attributes.put(args.run.str(name), value));
        return new Value.Namespace(attributes);
    }
}
