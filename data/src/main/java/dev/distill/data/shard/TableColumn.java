package dev.distill.data.shard;

import java.util.List;

/** A column of a table for other people's programs; a value of it may be null. */
public record TableColumn(String name, Type type) {
    /** What a column holds. */
    public sealed interface Type {}

    /** Values without parts. */
    public enum Plain implements Type {
        /** A {@code String}. */
        TEXT,
        /** An {@code Integer} or {@code Long}, 64 bits in the file. */
        WHOLE,
        /** A {@code Boolean}. */
        FLAG
    }

    /** A {@code List} of values, which may be null too. */
    public record ListOf(Type element) implements Type {}

    /** A {@code Map} from the names of these to values. */
    public record Struct(List<TableColumn> fields) implements Type {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    public static TableColumn text(String name) {
        return new TableColumn(name, Plain.TEXT);
    }

    public static TableColumn whole(String name) {
        return new TableColumn(name, Plain.WHOLE);
    }

    public static TableColumn listOf(String name, Type element) {
        return new TableColumn(name, new ListOf(element));
    }

    public static TableColumn structs(String name, TableColumn... fields) {
        return new TableColumn(name, new ListOf(new Struct(List.of(fields))));
    }
}
