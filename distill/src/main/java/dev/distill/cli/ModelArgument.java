package dev.distill.cli;

import dev.distill.hub.Hub;
import dev.distill.hub.ModelSource;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model that the command line names, on this disk now.
 *
 * @param name in reports: a hub id as it was given, or a path's last name
 * @param path a folder or a file
 */
record ModelArgument(String name, Path path) {
    /**
     * Finds what is meant, and fetches it where it is a hub id.
     *
     * @param owner of the argument, for messages, such as {@code --model}
     */
    static ModelArgument find(String owner, String given, Console console, Stop stop) throws IOException {
        return switch (ModelSource.of(given, Path.of(given))) {
            case ModelSource.Local(Path path) -> new ModelArgument(lastName(path), path);
            case ModelSource.OnHub hub -> new ModelArgument(hub.id().toString(), fetched(hub, console, stop));
            case ModelSource.Missing missing -> throw new IllegalArgumentException(owner + " " + missing.message());
        };
    }

    private static Path fetched(ModelSource.OnHub hub, Console console, Stop stop) throws IOException {
        try (FetchProgress progress = new FetchProgress(console)) {
            return hub.fetch(Hub.fromEnvironment(), progress, stop).path();
        }
    }

    static String lastName(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }
}
