package dev.distill.data.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The folders that a stage has read, as far as they are still there: known by their hash, for another folder may have the name by now. */
public final class StageInputs {
    private static final String TRACES = "traces/";

    private StageInputs() {}

    /**
     * The folder that this input was, beside that of the stage which read it or where its path leads from here.
     *
     * @return empty where it is no finished folder, is gone, or has other outputs than those that were read
     */
    public static Optional<Path> folder(Path stage, FileEntry input) throws IOException {
        for (Path candidate : List.of(stage.resolveSibling(input.path()), Path.of(input.path()))) {
            if (Manifest.isIn(candidate)
                    && Manifest.read(candidate).outputsHash().equals(input.sha256())) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** The folders of traces that the stage in this folder has read, in their order; none where it is not finished, or they are gone. */
    public static List<Path> traces(Path stage) throws IOException {
        List<Path> folders = new ArrayList<>();
        if (Manifest.isIn(stage)) {
            for (FileEntry input : Manifest.read(stage).inputs()) {
                Optional<Path> folder = folder(stage, input);
                if (folder.isPresent() && Manifest.read(folder.get()).schema().startsWith(TRACES)) {
                    folders.add(folder.get());
                }
            }
        }
        return folders;
    }
}
