package dev.distill.data.template.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that a place in the template sees: its own, then those around it. */
final class Scope {
    private final Map<String, Value> variables = new HashMap<>();
    private final @Nullable Scope around;

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Functions.ALL.getOrDefault(name, new Value.Undefined("\"" + name + "\""));
    }

    /** Sets it here; the scopes around keep theirs. */
    void set(String name, Value value) {
        variables.put(name, value);
    }
}
