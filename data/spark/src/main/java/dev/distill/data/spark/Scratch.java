package dev.distill.data.spark;

import dev.distill.data.journal.Folders;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that the workers of one run share, {@code .spark/ID} in the folder that is made. No other run has it: a task that a stopped run has
 * left behind may go on writing, but nothing of it comes into the next.
 */
final class Scratch implements Closeable {
    private static final String PARENT = ".spark";
    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private final Path parent;
    private final Path folder;

    private Scratch(Path parent) throws IOException {
        this.parent = parent;
        this.folder = Files.createDirectory(parent.resolve(UUID.randomUUID().toString()));
    }

    /** Makes an empty one, and deletes those that earlier runs have left. */
    static Scratch begin(Path made) throws IOException {
        Path parent = Files.createDirectories(made.resolve(PARENT));
        try (Stream<Path> left = Files.list(parent)) {
            left.forEach(Scratch::delete);
        }
        return new Scratch(parent);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        delete(folder);
        try {
            Files.deleteIfExists(parent);
        } catch (IOException e) {
            LOG.debug("{}: a task still writes there, the next curation deletes it", parent, e);
        }
    }

    /** What a task writes there at the same time may stay. */
    private static void delete(Path file) {
        try {
            Folders.delete(file);
        } catch (IOException e) {
            LOG.debug("{}: a task still writes there, the next curation deletes it", file, e);
        }
    }
}
