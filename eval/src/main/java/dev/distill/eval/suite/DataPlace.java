package dev.distill.eval.suite;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the questions of a task are.
 *
 * @param dataset of the hub, OWNER/NAME; empty for files of one's own
 * @param config of the data set; empty for its only one
 * @param split for example {@code test}
 * @param files names that may hold it: the first that is there is taken, a pattern ({@code test*.jsonl}) with all that it matches
 * @param licence where the data set's card says none
 * @param version where the data is not in a snapshot of a known commit
 * @param folder of the task file, in which its files are looked for first
 */
public record DataPlace(
        String dataset,
        String config,
        String split,
        List<String> files,
        String licence,
        String version,
        Path folder) {
    public DataPlace {
        files = List.copyOf(files);
    }

    /** One file. */
    static DataPlace of(String file, Path folder) {
        return new DataPlace("", "", "", List.of(file), "", "", folder);
    }

    static DataPlace read(Keys keys, Path folder) {
        DataPlace place = new DataPlace(
                keys.text("dataset").orElse(""),
                keys.text("config").orElse(""),
                keys.text("split").orElse("test"),
                keys.texts("files"),
                keys.text("licence").orElse(""),
                keys.text("version").orElse(""),
                folder);
        if (place.dataset.isEmpty() && place.files.isEmpty()) {
            keys.problem(null, "must name dataset (OWNER/NAME) or files; got neither");
        }
        if (!place.dataset.isEmpty() && !place.dataset.matches("[\\w.-]+/[\\w.-]+")) {
            keys.problem("dataset", "must be OWNER/NAME; got " + place.dataset);
        }
        keys.done();
        return place;
    }

    /** What it is called in reports. */
    String title() {
        return dataset.isEmpty() ? String.join(", ", files) : dataset + (config.isEmpty() ? "" : "/" + config);
    }
}
