package dev.distill.eval.suite;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the questions of a task are.
 *
 * @param dataset of the hub, OWNER/NAME; empty for files of one's own
 * @param config of the data set; empty for its only one
 * @param split for example {@code test}
 * @param files names that may hold it, in any folder: the first that is there is taken, a pattern ({@code mine*.jsonl}) with all that it matches
 * @param repository likewise, names in the data set's own folder that are not as the hub's tools write them
 * @param licence where the data set's card says none
 * @param version where the data is not in a snapshot of a known commit
 * @param folder of the task file, in which its files are looked for first; null for one built in
 */
public record DataPlace(
        String dataset,
        String config,
        String split,
        List<String> files,
        List<String> repository,
        String licence,
        String version,
        @Nullable Path folder) {
    public DataPlace {
        files = List.copyOf(files);
        repository = List.copyOf(repository);
    }

    /** One file. */
    static DataPlace of(String file, Path folder) {
        return new DataPlace("", "", "", List.of(file), List.of(), "", "", folder);
    }

    static DataPlace read(Keys keys, @Nullable Path folder) {
        DataPlace place = new DataPlace(
                keys.text("dataset").orElse(""),
                keys.text("config").orElse(""),
                keys.text("split").orElse("test"),
                keys.texts("files"),
                keys.texts("repository"),
                keys.text("licence").orElse(""),
                keys.text("version").orElse(""),
                folder);
        if (place.dataset.isEmpty() && place.files.isEmpty()) {
            keys.problem(null, "must name dataset (OWNER/NAME) or files; got neither");
        }
        keys.texts("files").forEach(file -> checkInside(keys, "files", file));
        keys.texts("repository").forEach(file -> checkInside(keys, "repository", file));
        if (!place.dataset.isEmpty() && !place.dataset.matches("(?!\\.+/)[\\w.-]+/(?!\\.+$)[\\w.-]+")) {
            keys.problem("dataset", "must be OWNER/NAME; got " + place.dataset);
        }
        keys.done();
        return place;
    }

    /** A name is looked for in several folders, and must not lead out of any of them. */
    private static void checkInside(Keys keys, String key, String file) {
        boolean absolute = file.startsWith("/") || file.startsWith("\\") || file.matches("[A-Za-z]:.*");
        if (absolute || List.of(file.split("[/\\\\]")).contains("..")) {
            keys.problem(
                    key,
                    "must be names below the folder that is searched, without .. and not absolute; got " + file
                            + "; give the file's name here, and its folder where data is looked for (eval.data)");
        }
    }

    /** What it is called in reports. */
    String title() {
        return dataset.isEmpty() ? String.join(", ", files) : dataset + (config.isEmpty() ? "" : "/" + config);
    }
}
