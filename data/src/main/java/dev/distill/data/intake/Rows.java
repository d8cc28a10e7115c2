package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a file that somebody else wrote, one after the other, so that memory holds one (of Parquet one row group): Parquet where the name ends so, the
 * elements of a JSON list where it ends in {@code .json} and begins with {@code [}, comma-separated values where it ends in {@code .csv}, else JSON lines in
 * UTF-8. All but Parquet may be compressed ({@code .gz}, {@code .zst}).
 */
sealed interface Rows extends Closeable permits CommaRows, LineRows, ListRows, TableRows {
    /** One row, or why it is none. */
    sealed interface Row {
        /** From 1; of JSON lines the line's. */
        long number();
    }

    /** A row that is an object. */
    record Read(long number, JsonNode node) implements Row {}

    /** @param problem rule, value and cure */
    record Unreadable(long number, String problem) implements Row {}

    /** What is counted: {@code line} or {@code row}. */
    String unit();

    /** The names of all columns where the file has such apart from its rows. */
    Optional<List<String>> columns();

    /** The next row; null behind the last. */
    @Nullable
    Row next() throws IOException;

    /** @param wanted which columns of a table are read */
    static Rows open(Path file, Predicate<String> wanted) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".parquet")) {
            return new TableRows(file, wanted);
        }
        InputStream in = new BufferedInputStream(decompressed(file, name), 1 << 16);
        try {
            if (name.matches(".*\\.csv(\\.gz|\\.zst)?")) {
                return new CommaRows(in);
            }
            return name.matches(".*\\.json(\\.gz|\\.zst)?") && beginsList(in) ? new ListRows(in) : new LineRows(in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream decompressed(Path file, String name) throws IOException {
        if (!name.endsWith(".gz") && !name.endsWith(".zst")) {
            return Files.newInputStream(file);
        }
        InputStream in = Files.newInputStream(file);
        try {
            return new CompressedFile(
                    file, name.endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : new ZstdInputStream(in));
        } catch (IOException e) {
            in.close();
            throw CompressedFile.unreadable(file, e);
        }
    }

    /** Looks past a byte order mark and white space, and goes back. */
    private static boolean beginsList(InputStream in) throws IOException {
        in.mark(1 << 12);
        int b = in.read();
        while (b == 0xef || b == 0xbb || b == 0xbf || b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            b = in.read();
        }
        in.reset();
        return b == '[';
    }
}
