package dev.distill.train.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.journal.AtomicFile;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** {@code begun.json}: how many steps a training has in all, and where this process began; who looks on counts the rest. */
final class BegunFile implements TrainListener {
    private final Path file;

    BegunFile(Path file) {
        this.file = file;
    }

    @Override
    public void begin(int done, int steps) {
        try {
            AtomicFile.write(
                    file,
                    new ObjectMapper()
                                    .createObjectNode()
                                    .put("steps", steps)
                                    .put("done", done)
                                    .put(
                                            "at",
                                            Instant.now()
                                                    .truncatedTo(ChronoUnit.MILLIS)
                                                    .toString())
                                    .toPrettyString()
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void step(StepReport report) {}
}
