package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of one run: a folder a stage, each with the manifest that its stage wrote last.
 *
 * @param root of the run
 */
public record RunFolder(Path root) {
    public static final String CREATED_BY = "distill";

    public Path harvest() {
        return root.resolve("harvest");
    }

    public Path curate() {
        return root.resolve("curate");
    }

    public Path train() {
        return root.resolve("train");
    }

    public Path eval() {
        return root.resolve("eval");
    }

    public Path export() {
        return root.resolve("export");
    }

    /** A manifest that says what a stage is about to do: its settings and what it reads. */
    static Manifest plan(String stage, Map<String, String> settings, List<FileEntry> inputs) {
        Manifest plan = Manifest.begin(stage, CREATED_BY).withSettings(settings);
        for (FileEntry input : inputs) {
            plan = plan.withInput(input);
        }
        return plan;
    }

    /** The manifest in {@code folder} if the stage that wrote it had this plan: its work need not be done again. */
    static Optional<Manifest> done(Path folder, Manifest plan) throws IOException {
        if (!Manifest.isIn(folder)) {
            return Optional.empty();
        }
        Manifest found = Manifest.read(folder);
        boolean same = found.stage().equals(plan.stage())
                && found.settings().equals(plan.settings())
                && found.inputs().stream()
                        .map(FileEntry::sha256)
                        .toList()
                        .equals(plan.inputs().stream().map(FileEntry::sha256).toList());
        return same ? Optional.of(found) : Optional.empty();
    }

    /** A stage's result as the input of the next: its manifest, which names all its files by hash. */
    static FileEntry asInput(Path stageFolder) throws IOException {
        Manifest.read(stageFolder); // a clear error where the stage has not finished
        return FileEntry.of(String.valueOf(stageFolder.getFileName()), stageFolder.resolve(Manifest.FILE_NAME));
    }
}
