package dev.distill.pipeline;

import dev.distill.teacher.harvest.HarvestProgress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * {@code history.jsonl}: how a harvest went, for charts. A line each second at first and fewer as time goes by, each minute at
 * least; so a run of three days has some six thousand. All runs of a harvest stand in one file.
 */
final class HarvestHistory {
    static final String FILE = "history.jsonl";

    private static final long SECOND = 1_000_000_000L;
    private static final long RAREST = 60 * SECOND;

    /** So many lines until the time so far has doubled, one and a half times over. */
    private static final int LINES = 500;

    private final Path file;
    private final long begin;
    private long writtenAt;

    HarvestHistory(Path folder, long nanos) {
        file = folder.resolve(FILE);
        begin = nanos;
        writtenAt = nanos - RAREST;
    }

    /** Adds a line if it is time for one, or if it is the last. */
    void add(HarvestProgress progress, long nanos, boolean last) throws IOException {
        long pause = Math.clamp((nanos - begin) / LINES, SECOND, RAREST);
        if (last || nanos - writtenAt >= pause) {
            writtenAt = nanos;
            String line = HarvestFigures.line(progress) + "\n";
            Files.writeString(
                    file, isTorn() ? "\n" + line : line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** Whether a killed process left a line without its end. */
    private boolean isTorn() throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (bytes.length() == 0) {
                return false;
            }
            bytes.seek(bytes.length() - 1);
            return bytes.read() != '\n';
        }
    }
}
