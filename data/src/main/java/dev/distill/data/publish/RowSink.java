package dev.distill.data.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TableWriter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where rows go. */
interface RowSink extends Closeable {
    void write(Map<String, @Nullable Object> row) throws IOException;

    /** Completes the files, on the disk; their paths are relative to the export's folder. */
    List<FileEntry> finish() throws IOException;

    /** {@code SPLIT.jsonl}. */
    final class Lines implements RowSink {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final Path file;
        private final FileOutputStream bytes;
        private final OutputStream out;
        private long rows;

        Lines(Path folder, String split) throws IOException {
            Files.createDirectories(folder);
            this.file = folder.resolve(split + ".jsonl");
            this.bytes = new FileOutputStream(file.toFile());
            this.out = new BufferedOutputStream(bytes, 1 << 16);
        }

        @Override
        public void write(Map<String, @Nullable Object> row) throws IOException {
            out.write(JSON.writeValueAsBytes(row));
            out.write('\n');
            rows++;
        }

        @Override
        public List<FileEntry> finish() throws IOException {
            out.flush();
            bytes.getFD().sync();
            out.close();
            return List.of(FileEntry.of(String.valueOf(file.getFileName()), file, rows));
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** {@code data/SPLIT-00000-of-0000N.parquet}. */
    final class Tables implements RowSink {
        private static final String FOLDER = "data";

        private final TableWriter table;

        Tables(Path folder, ExportSettings settings, TraceTable form) throws IOException {
            this.table = new TableWriter(folder.resolve(FOLDER), settings.split(), form.columns(), settings.size());
        }

        @Override
        public void write(Map<String, @Nullable Object> row) throws IOException {
            table.write(row);
        }

        @Override
        public List<FileEntry> finish() throws IOException {
            return table.finish().stream()
                    .map(file -> new FileEntry(FOLDER + "/" + file.path(), file.bytes(), file.sha256(), file.rows()))
                    .toList();
        }

        @Override
        public void close() throws IOException {
            table.close();
        }
    }
}
