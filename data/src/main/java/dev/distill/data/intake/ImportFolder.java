package dev.distill.data.intake;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder that an import fills, before it is filled. */
final class ImportFolder {
    static final String STAGE = "import";

    private ImportFolder() {}

    /** Whether the folder holds just this; an error if it holds something else. */
    static Optional<Manifest> done(Path to, Manifest plan) throws IOException {
        if (Manifest.isIn(to)) {
            Manifest found = Manifest.read(to);
            boolean same = found.stage().equals(STAGE)
                    && found.settings().equals(plan.settings())
                    && hashes(found).equals(hashes(plan));
            if (same) {
                return Optional.of(found);
            }
            throw new IllegalArgumentException("import " + to + ": holds other traces already (stage " + found.stage()
                    + "); give another folder, or delete this one");
        }
        if (Files.isDirectory(to)) {
            try (Stream<Path> files = Files.list(to)) {
                Optional<Path> foreign = files.filter(file -> !String.valueOf(file.getFileName())
                                .matches("\\.?traces-\\d{5}\\.parquet(\\.tmp)?|" + TraceImport.SKIPPED
                                        + "|\\.?README.md(\\.tmp)?"))
                        .sorted()
                        .findFirst();
                if (foreign.isPresent()) {
                    throw new IllegalArgumentException("import " + to + ": holds other files, among them "
                            + foreign.get().getFileName() + "; give a new folder");
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> hashes(Manifest manifest) {
        return manifest.inputs().stream().map(FileEntry::sha256).toList();
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
