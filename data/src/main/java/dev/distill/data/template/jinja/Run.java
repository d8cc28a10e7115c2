package dev.distill.data.template.jinja;

import java.time.ZonedDateTime;

/**
 * What one rendering shares with the things that it calls.
 *
 * @param now what {@code strftime_now} prints
 */
record Run(Budget budget, ZonedDateTime now) {
    /** Python's {@code str()}. */
    String str(Value value) {
        return new PythonText(budget).str(value);
    }

    Value.Text text(String value) {
        budget.chars(value.length());
        return new Value.Text(value);
    }
}
