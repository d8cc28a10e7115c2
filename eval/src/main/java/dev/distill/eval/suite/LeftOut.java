package dev.distill.eval.suite;

import java.util.List;

/**
 * Which rows are not asked: those with something in a column, or with this value there.
 *
 * @param value empty for anything but nothing, null and false
 */
public record LeftOut(String column, String value) {
    /** Of a list of {@code COLUMN} and {@code COLUMN=VALUE}. */
    static List<LeftOut> read(Keys keys, String key) {
        return keys.texts(key).stream().map(LeftOut::of).toList();
    }

    private static LeftOut of(String given) {
        int equals = given.indexOf('=');
        return equals < 0
                ? new LeftOut(given.strip(), "")
                : new LeftOut(
                        given.substring(0, equals).strip(),
                        given.substring(equals + 1).strip());
    }

    boolean holds(Row row) {
        return value.isEmpty() ? row.has(column) : row.text(column).equals(value);
    }

    /** As a task file writes it. */
    @Override
    public String toString() {
        return value.isEmpty() ? column : column + "=" + value;
    }
}
