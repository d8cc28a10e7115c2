package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Accepted traces in their shards, read as often as they are wanted and never held together.
 *
 * @param folder as curation has left it
 */
record CuratedTraces(Path folder) {
    /** @throws RecipeException if there is none */
    void requireSome() throws IOException {
        long rows = Manifest.read(folder).outputs().stream()
                .mapToLong(file -> file.rows().orElse(0))
                .sum();
        if (rows == 0) {
            throw new RecipeException("train", List.of(folder + ": curation kept no trace; see its report.json"));
        }
    }

    /** Names their content. */
    FileEntry asInput() throws IOException {
        return RunFolder.asInput(folder);
    }

    /** All of them, in the order of the shards. Whoever asks closes the stream. */
    Stream<Trace> all() throws IOException {
        TraceReader reader = TraceReader.open(folder);
        return stream(reader, reader);
    }

    /** Those of these numbers, from 0, which rise. Whoever asks closes the stream. */
    Stream<Trace> these(IntStream numbers) throws IOException {
        TraceReader reader = TraceReader.open(folder);
        PrimitiveIterator.OfInt wanted = numbers.iterator();
        return stream(reader, new Iterator<>() {
            private int passed;

            @Override
            public boolean hasNext() {
                return wanted.hasNext();
            }

            @Override
            public Trace next() {
                for (int number = wanted.nextInt(); passed < number; passed++) {
                    reader.next();
                }
                passed++;
                return reader.next();
            }
        });
    }

    private static Stream<Trace> stream(TraceReader reader, Iterator<Trace> traces) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(traces, Spliterator.ORDERED), false)
                .onClose(() -> {
                    try {
                        reader.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
