package dev.distill.data.intake;

import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Files that are imported, and what came of them. */
abstract class ImportScene {
    static final ImportSettings R1 = ImportSettings.PLAIN.withTeacher("R1");

    @TempDir
    Path folder;

    int imports;

    Path file(String name, String... lines) throws IOException {
        // ' in place of " so that rows can be read
        return Files.writeString(folder.resolve(name), String.join("\n", lines).replace('\'', '"'));
    }

    ImportReport run(ImportSettings settings, Path file) throws IOException {
        return TraceImport.run(ImportSource.of(file), settings, folder.resolve("to" + ++imports), "test", _ -> {});
    }

    List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder.resolve("to" + imports))) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    List<Trace> read(ImportSettings settings, String... lines) throws IOException {
        run(settings, file("data" + imports + ".jsonl", lines));
        return traces();
    }
}
