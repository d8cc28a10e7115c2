package dev.distill.data.template.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement, or text between the tags. */
sealed interface Node {
    record Data(String text) implements Node {}

    record Output(Expr value) implements Node {}

    record If(List<Branch> branches, List<Node> otherwise) implements Node {}

    record Branch(Expr test, List<Node> body) {}

    record For(Target target, Expr items, @Nullable Expr filter, List<Node> body, List<Node> otherwise)
            implements Node {}

    record Set(Target target, Expr value) implements Node {}

    record SetBlock(Target target, List<Expr.Filter> filters, List<Node> body) implements Node {}

    record Macro(String name, List<Parameter> parameters, List<Node> body, int at) implements Node {}

    record Parameter(String name, @Nullable Expr otherwise) {}

    /** {@code call(parameters) callee(...)}: the body becomes the callee's {@code caller()}. */
    record CallBlock(Expr.Call call, List<Parameter> parameters, List<Node> body) implements Node {}

    record FilterBlock(List<Expr.Filter> filters, List<Node> body) implements Node {}

    record With(List<Set> variables, List<Node> body) implements Node {}

    /** What the assistant says: its place in the output is reported. */
    record Generation(List<Node> body) implements Node {}

    record Break() implements Node {}

    record Continue() implements Node {}

    /** Where a value goes. */
    sealed interface Target {
        int at();

        record Name(String name, int at) implements Target {}

        record Attribute(String namespace, String name, int at) implements Target {}

        record Unpack(List<Target> targets, int at) implements Target {}
    }
}
