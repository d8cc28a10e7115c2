package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files {@code NAME-00000.parquet}, {@code NAME-00001.parquet} ... of a folder. */
record NumberedFiles(Storage storage, Path folder, String name) {
    /** The whole files, in order; none where there is no folder. */
    List<Path> list() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Pattern form = Pattern.compile(Pattern.quote(name) + "-\\d{5}\\.parquet");
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file ->
                            form.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        }
    }

    /** The number behind the highest that a file has: one that is missing before leaves a gap, and none is written over. */
    int next() throws IOException {
        List<Path> files = list();
        if (files.isEmpty()) {
            return 0;
        }
        String last = String.valueOf(files.getLast().getFileName());
        return 1 + Integer.parseInt(last.substring(name.length() + 1, last.length() - ".parquet".length()));
    }

    Path file(int number) {
        return folder.resolve(String.format(Locale.ROOT, "%s-%05d.parquet", name, number));
    }
}
