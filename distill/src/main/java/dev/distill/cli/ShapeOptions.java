package dev.distill.cli;

import dev.distill.bench.ModelFolder;
import dev.distill.student.model.PublishedShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the name of a shape in place of a model becomes a model. */
final class ShapeOptions {
    @Option(
            names = "--sparse",
            description = "For the name of a shape: weights of zero, in a file that takes no room on the disk.")
    boolean sparse;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Where the weights of a shape are made and stay for the next time; without, they go at the end.")
    @Nullable
    Path work;

    /** The model of this name; the caller closes it. Says so where it takes its time. */
    ModelFolder folder(String model, long seed, Console console) throws IOException {
        ModelFolder folder = ModelFolder.of(model, new ModelFolder.Making(sparse, work, seed));
        if (folder.madeInSeconds() > 0) {
            console.info(String.format(
                    Locale.ROOT,
                    "%s: made %s weights of this shape in %.1f s; its tokens are bytes",
                    model,
                    sparse ? "zero" : "random",
                    folder.madeInSeconds()));
        }
        return folder;
    }

    /** For the description of {@code --model}. */
    static String names() {
        return String.join(", ", PublishedShapes.names());
    }
}
