package dev.distill.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is meant where a recipe takes a file of data. What is on this disk comes first, then the hub. */
public sealed interface DataSource {
    /** The words of the user. */
    String given();

    /** A file on this disk. */
    record Local(String given, Path path) implements DataSource {}

    /** A data set of the hub, or a part of one. */
    record OnHub(String given, HubId id) implements DataSource {}

    /** Neither. */
    record Missing(String given, Path path) implements DataSource {
        /** What was looked for, for a person. */
        public String message() {
            return "there is no such file; got " + path + ", which is no data set of the hub either ("
                    + HubId.DATA_FORMS + ")";
        }
    }

    /**
     * Says what is meant.
     *
     * @param given the words of the user
     * @param path the same as a path, seen from where the words stand
     */
    static DataSource of(String given, Path path) {
        if (Files.isRegularFile(path)) {
            return new Local(given, path);
        }
        // prompts/train.jsonl is a file that is not there rather than a repository
        Optional<HubId> id =
                given.matches("[^:@]+\\.(jsonl|parquet|json)") ? Optional.empty() : HubId.parseDataset(given);
        return id.isPresent() ? new OnHub(given, id.get()) : new Missing(given, path);
    }
}
