package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs statements. */
final class Interpreter {
    /** How a statement leaves its loop. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final String source;
    private final Run run;
    private final Evaluator evaluator;
    private int loopDepth;
    /** Whether all {@code generation} blocks so far wrote to the result itself. */
    private boolean complete = true;

    Interpreter(String source, Run run) {
        this.source = source;
        this.run = run;
        this.evaluator = new Evaluator(source, run);
    }

    Rendering run(List<Node> nodes, Scope scope) {
        Output out = new Output(run.budget());
        all(nodes, scope, out);
        return new Rendering(out.text(), out.spans(), complete);
    }

    /** Runs a body whose text goes elsewhere than to the end of the result. */
    private void capture(List<Node> nodes, Scope scope, Output out) {
        all(nodes, scope, out);
        complete &= out.spans().isEmpty();
    }

    private Flow all(List<Node> nodes, Scope scope, Output out) {
        run.budget().enter();
        Flow flow = Flow.NEXT;
        for (Node node : nodes) {
            flow = one(node, scope, out);
            if (flow != Flow.NEXT) {
                break;
            }
        }
        run.budget().leave();
        return flow;
    }

    private Flow one(Node node, Scope scope, Output out) {
        run.budget().work(1);
        switch (node) {
            case Node.Data data -> out.append(data.text());
            case Node.Output output -> out.append(run.str(evaluator.value(output.value(), scope)));
            case Node.If branches -> {
                return ifElse(branches, scope, out);
            }
            case Node.For loop -> {
                return loop(loop, scope, out);
            }
            case Node.Set set -> assign(set.target(), evaluator.value(set.value(), scope), scope);
            case Node.SetBlock set -> assign(set.target(), captured(set.body(), set.filters(), scope), scope);
            case Node.Macro macro -> scope.set(macro.name(), function(macro, scope));
            case Node.CallBlock call -> {
                Node.Macro body = new Node.Macro(
                        "caller", call.parameters(), call.body(), call.call().at());
                Value result = evaluator.call(call.call(), scope, Map.of("caller", function(body, scope)));
                out.append(run.str(result));
            }
            case Node.FilterBlock block -> out.append(run.str(captured(block.body(), block.filters(), scope)));
            case Node.With with -> {
                Scope inner = new Scope(scope);
                for (Node.Set set : with.variables()) {
                    assign(set.target(), evaluator.value(set.value(), scope), inner);
                }
                return all(with.body(), inner, out);
            }
            case Node.Generation generation -> {
                int start = out.length();
                Flow flow = all(generation.body(), new Scope(scope), out);
                out.generated(start);
                return flow;
            }
            case Node.Break jump -> {
                return Flow.BREAK;
            }
            case Node.Continue jump -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private Flow ifElse(Node.If branches, Scope scope, Output out) {
        for (Node.Branch branch : branches.branches()) {
            if (evaluator.value(branch.test(), scope).truth()) {
                return all(branch.body(), scope, out);
            }
        }
        return all(branches.otherwise(), scope, out);
    }

    private Flow loop(Node.For loop, Scope scope, Output out) {
        List<Value> items = new ArrayList<>();
        try {
            items.addAll(Operators.items(evaluator.value(loop.items(), scope), run.budget()));
        } catch (TemplateException e) {
            throw e.at(source, loop.items().at());
        }
        run.budget().items(items.size());
        if (loop.filter() != null) {
            items.removeIf(item -> {
                Scope inner = new Scope(scope);
                assign(loop.target(), item, inner);
                return !evaluator.value(loop.filter(), inner).truth();
            });
        }
        if (items.isEmpty()) {
            return all(loop.otherwise(), scope, out);
        }
        loopDepth++;
        List<Value> changed = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Scope inner = new Scope(scope);
            inner.set("loop", new Value.Loop(items, i, loopDepth, changed));
            assign(loop.target(), items.get(i), inner);
            if (all(loop.body(), inner, out) == Flow.BREAK) {
                break;
            }
        }
        loopDepth--;
        return Flow.NEXT;
    }

    private void assign(Node.Target target, Value value, Scope scope) {
        switch (target) {
            case Node.Target.Name name -> scope.set(name.name(), value);
            case Node.Target.Attribute attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Value.Namespace namespace)) {
                    throw new TemplateException(
                                    "only a namespace's attributes can be set; \"" + attribute.namespace() + "\" is "
                                            + scope.get(attribute.namespace()).type())
                            .at(source, target.at());
                }
                namespace.attributes().put(attribute.name(), value);
            }
            case Node.Target.Unpack unpack -> {
                List<Value> parts = Operators.items(value, run.budget());
                if (parts.size() != unpack.targets().size()) {
                    throw new TemplateException(parts.size() + " values for "
                                    + unpack.targets().size() + " names")
                            .at(source, target.at());
                }
                for (int i = 0; i < parts.size(); i++) {
                    assign(unpack.targets().get(i), parts.get(i), scope);
                }
            }
        }
    }

    private Value captured(List<Node> body, List<Expr.Filter> filters, Scope scope) {
        Output inner = new Output(run.budget());
        capture(body, new Scope(scope), inner);
        Value result = new Value.Text(inner.text());
        for (Expr.Filter filter : filters) {
            result = evaluator.filter(filter, result, scope);
        }
        return result;
    }

    /** A macro sees the variables around its definition, as they are when it is called. */
    private Value.Function function(Node.Macro macro, Scope around) {
        return new Value.Function(macro.name(), args -> {
            Scope scope = new Scope(around);
            bind(macro, args, scope);
            Output inner = new Output(run.budget());
            capture(macro.body(), scope, inner);
            return new Value.Text(inner.text());
        });
    }

    private void bind(Node.Macro macro, Args args, Scope scope) {
        List<Node.Parameter> parameters = macro.parameters();
        Set<String> names = new HashSet<>(Set.of("caller"));
        for (int i = 0; i < parameters.size(); i++) {
            Node.Parameter parameter = parameters.get(i);
            names.add(parameter.name());
            Value given = i < args.positional.size() ? args.positional.get(i) : args.named.get(parameter.name());
            if (given == null) {
                given = parameter.otherwise() == null
                        ? new Value.Undefined("the parameter \"" + parameter.name() + "\"")
                        : evaluator.value(parameter.otherwise(), scope);
            }
            scope.set(parameter.name(), given);
        }
        Value caller = args.named.get("caller");
        if (caller != null) {
            scope.set("caller", caller);
        }
        if (args.positional.size() > parameters.size() || !names.containsAll(args.named.keySet())) {
            throw new TemplateException("macro " + macro.name() + " takes "
                    + parameters.stream().map(Node.Parameter::name).toList() + "; got " + args.positional.size()
                    + " by position and " + args.named.keySet() + " by name");
        }
    }
}
