package dev.distill.data.template.jinja;

import java.util.List;

/** What {@code loop} knows: {@code loop.index}, {@code loop.previtem} ... */
final class LoopVariables {
    private LoopVariables() {}

    static Value of(Value.Loop loop, String name) {
        int index = loop.index0();
        List<Value> items = loop.items();
        int length = items.size();
        return switch (name) {
            case "index" -> new Value.Int(index + 1);
            case "index0" -> new Value.Int(index);
            case "revindex" -> new Value.Int(length - index);
            case "revindex0" -> new Value.Int(length - index - 1);
            case "first" -> Value.Bool.of(index == 0);
            case "last" -> Value.Bool.of(index == length - 1);
            case "length" -> new Value.Int(length);
            case "depth" -> new Value.Int(loop.depth());
            case "depth0" -> new Value.Int(loop.depth() - 1);
            case "previtem" -> index > 0 ? items.get(index - 1) : new Value.Undefined("loop.previtem");
            case "nextitem" -> index + 1 < length ? items.get(index + 1) : new Value.Undefined("loop.nextitem");
            case "cycle" -> new Value.Function("cycle", args -> cycle(args, index));
            case "changed" -> new Value.Function("changed", args -> changed(loop, args));
            default -> new Value.Undefined("loop." + name);
        };
    }

    private static Value cycle(Args args, int index) {
        args.takesAll();
        if (args.positional.isEmpty()) {
            throw new TemplateException("loop.cycle needs something to cycle through");
        }
        return args.positional.get(index % args.positional.size());
    }

    /** Whether these values differ from those of the call before; the first call says yes. */
    private static Value changed(Value.Loop loop, Args args) {
        args.takesAll();
        Value now = new Value.Sequence(args.positional, true);
        boolean same =
                !loop.changed().isEmpty() && Operators.equal(loop.changed().getFirst(), now, args.run.budget());
        loop.changed().clear();
        loop.changed().add(now);
        return Value.Bool.of(!same);
    }
}
