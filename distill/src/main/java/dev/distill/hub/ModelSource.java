package dev.distill.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What is meant where a command or a recipe takes a model. What is on this disk comes first, then the hub. */
public sealed interface ModelSource {
    /** A folder or file on this disk. */
    record Local(Path path) implements ModelSource {}

    /**
     * A model of the hub.
     *
     * @param path where nothing was found, though it may be what the user meant
     */
    record OnHub(HubId id, Path path) implements ModelSource {
        /**
         * Fetches the model as far as the cache lacks it, see {@link Hub#fetch}; where it cannot be found, the error says
         * that there was no such path either.
         */
        public Hub.Fetched fetch(Hub hub, HubListener listener, BooleanSupplier stop) throws IOException {
            try {
                return hub.fetch(id, listener, stop);
            } catch (HubException e) {
                throw switch (e.kind()) {
                    case NOT_FOUND, OFFLINE, UNREACHABLE ->
                        new HubException(e.kind(), e.getMessage() + " (nor is there a file or folder " + path + ")");
                    case FORBIDDEN, UNSUITABLE, UNSAFE, DAMAGED, NO_SPACE -> e;
                };
            }
        }
    }

    /** Neither. */
    record Missing(String given, Path path) implements ModelSource {
        /** What was looked for, for a person. */
        public String message() {
            String seen = path.toString().equals(given) ? given : given + " (" + path + ")";
            return seen + ": there is no such file or folder, and it is no hub id (" + HubId.FORMS + ")";
        }
    }

    /**
     * Says what is meant.
     *
     * @param given the words of the user
     * @param path the same as a path, seen from where the words stand
     */
    static ModelSource of(String given, Path path) {
        if (Files.exists(path)) {
            return new Local(path);
        }
        Optional<HubId> id = HubId.parse(given);
        return id.isPresent() ? new OnHub(id.get(), path) : new Missing(given, path);
    }
}
