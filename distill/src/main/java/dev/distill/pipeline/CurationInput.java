package dev.distill.pipeline;

import dev.distill.data.curate.Correctness;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import dev.distill.eval.code.CodeVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a curation reads: the traces that the run begins with, and what the step of verification found out about them.
 *
 * @param programs whether programs were run
 * @param judged whether a judge was asked whose word counts
 */
record CurationInput(Harvested traces, RunFolder run, boolean programs, boolean judged) {
    static CurationInput of(Recipe recipe, RunFolder run) {
        boolean judged = recipe.verify().judge().isPresent() && recipe.curate().judged() != Correctness.Judged.IGNORE;
        return new CurationInput(Harvested.of(recipe, run), run, recipe.verify().runsPrograms(), judged);
    }

    /** Names their content. */
    List<FileEntry> asInputs() throws IOException {
        List<FileEntry> inputs = new ArrayList<>(traces.asInputs());
        if (programs) {
            inputs.add(VerifyStage.asInput(traces, run));
        }
        if (judged) {
            inputs.add(JudgeStage.asInput(traces, run));
        }
        return inputs;
    }

    /** Traces that there are. */
    long rows() throws IOException {
        long rows = 0;
        for (Path folder : traces.folders()) {
            rows += Manifest.read(folder).outputs().stream()
                    .mapToLong(file -> file.rows().orElse(0))
                    .sum();
        }
        return rows;
    }

    /** The verifiers that ran apart, and need not run again. */
    Set<String> apart() {
        return programs ? Set.of(CodeVerifier.NAME) : Set.of();
    }

    /** Where their verdicts lie, and a judge's, in the order in which they are added to the traces. */
    List<Path> verdictFolders() {
        List<Path> folders = new ArrayList<>();
        if (programs) {
            folders.add(run.verify());
        }
        if (judged) {
            folders.add(run.judged());
        }
        return folders;
    }

    /** All traces, in the order of the shards, as they came. Whoever asks closes the stream. */
    Stream<Trace> open() throws IOException {
        TraceReader reader = traces.open();
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(reader, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(() -> {
                    try {
                        reader.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
