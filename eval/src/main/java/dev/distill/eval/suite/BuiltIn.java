package dev.distill.eval.suite;

import dev.distill.data.intake.ClosestName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** YAML files that this program carries in itself; a list beside them names them, for a jar cannot be listed everywhere. */
enum BuiltIn {
    TASKS("tasks", "task"),
    PROTOCOLS("protocols", "protocol");

    private final String folder;
    private final String what;

    BuiltIn(String folder, String what) {
        this.folder = folder;
        this.what = what;
    }

    /** In the order of the list. */
    List<String> names() {
        return resource(folder + "/names.txt")
                .orElse("")
                .lines()
                .filter(name -> !name.isBlank())
                .toList();
    }

    /** The file of that name; empty where there is none. */
    Optional<String> text(String name) {
        return names().contains(name) ? resource(folder + "/" + name + ".yaml") : Optional.empty();
    }

    /** For a name that is none. */
    SuiteException unknown(String given, String more) {
        String close = ClosestName.of(given, names());
        return new SuiteException(
                what + " " + given,
                List.of("there is no " + what + " of that name, " + more
                        + (close == null
                                ? "; there are " + String.join(", ", names())
                                : "; did you mean " + close + "?")));
    }

    private static Optional<String> resource(String name) {
        try (InputStream in = BuiltIn.class.getResourceAsStream(name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
