package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The traces that a run begins with: those that it harvested, or those of {@code harvest.traces}, which lie elsewhere and stay there.
 *
 * @param folders of traces, read one after the other
 * @param given whether they lie elsewhere
 */
record Harvested(List<Path> folders, boolean given) {
    private static final String TRACES = "traces/";

    Harvested {
        folders = List.copyOf(folders);
    }

    static Harvested of(Recipe recipe, RunFolder run) {
        List<Path> given = recipe.harvest().traces();
        return given.isEmpty() ? new Harvested(List.of(run.harvest()), false) : new Harvested(given, true);
    }

    /** Whether a teacher need not be asked. */
    static boolean isGiven(Recipe recipe) {
        return !recipe.harvest().traces().isEmpty();
    }

    /** All of them in one go. */
    TraceReader open() throws IOException {
        return TraceReader.open(folders);
    }

    /** Each folder as an input of a stage; those of {@code harvest.traces} under their whole path, so that a card can follow it. */
    List<FileEntry> asInputs() throws IOException {
        List<FileEntry> inputs = new ArrayList<>();
        for (Path folder : folders) {
            FileEntry entry = RunFolder.asInput(folder);
            inputs.add(
                    given
                            ? new FileEntry(folder.toString(), entry.bytes(), entry.sha256(), OptionalLong.empty())
                            : entry);
        }
        return inputs;
    }

    /** Those whom the imports of {@code harvest.traces} were told by option. */
    static List<String> teachers(Recipe recipe) {
        return recipe.harvest().traces().stream()
                .filter(Manifest::isIn)
                .map(Harvested::teacher)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<String> teacher(Path folder) {
        try {
            return Optional.ofNullable(Manifest.read(folder).settings().get("import.teacher"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether all of them are finished. */
    boolean isThere() {
        return folders.stream().allMatch(Manifest::isIn);
    }

    /** What is wrong with the folders that a recipe names, a line each. */
    static List<String> problems(Recipe recipe) throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path folder : recipe.harvest().traces()) {
            if (!Manifest.isIn(folder)) {
                problems.add("harvest.traces: must be finished folders of traces; got " + folder
                        + "; other people's data sets become one with: distill traces import " + folder + " --to DIR");
            } else if (!Manifest.read(folder).schema().startsWith(TRACES)) {
                problems.add("harvest.traces: must be folders of traces; " + folder + " holds \""
                        + Manifest.read(folder).schema() + "\"; name the folder of a harvest, an import or a curation");
            }
        }
        return problems;
    }
}
