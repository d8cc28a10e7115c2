package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table for other people's programs: {@code NAME-00000-of-00003.parquet} ..., as the Hugging Face hub names the files of a split. The same rows make the
 * same bytes. For one thread.
 */
public final class TableWriter implements Closeable {
    private final ShardForm<Map<String, @Nullable Object>> form;
    private final NumberedFiles files;
    private final ShardSize size;
    private final List<Long> rows = new ArrayList<>();
    private @Nullable ShardFile<Map<String, @Nullable Object>> open;
    private long inOpen;

    /**
     * Begins a table.
     *
     * @param folder is made where it is missing
     * @param name of the split
     */
    public TableWriter(Path folder, String name, List<TableColumn> columns, ShardSize size) throws IOException {
        Files.createDirectories(folder);
        this.form = new ShardForm<>(
                "table",
                TableRowWriter.schema(columns),
                Map.of(),
                () -> new TableRowWriter(columns),
                ParquetValues::of,
                List.of());
        this.files = new NumberedFiles(Storage.local(), folder, name);
        this.size = size;
    }

    /** @param row values by the names of columns; what is missing is null */
    public void write(Map<String, @Nullable Object> row) throws IOException {
        ShardFile<Map<String, @Nullable Object>> file = open;
        if (file == null) {
            file = ShardFile.create(form, files.storage(), files.file(rows.size()), size);
            open = file;
        }
        file.write(row);
        inOpen++;
        if (file.isFull()) {
            publish(file);
        }
    }

    private void publish(ShardFile<?> file) throws IOException {
        open = null;
        file.publish();
        rows.add(inOpen);
        inOpen = 0;
    }

    /** Completes the files and gives them their names; one without rows where there was none. */
    public List<FileEntry> finish() throws IOException {
        if (open == null && rows.isEmpty()) {
            open = ShardFile.create(form, files.storage(), files.file(0), size);
        }
        ShardFile<?> last = open;
        if (last != null) {
            publish(last);
        }
        List<FileEntry> entries = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String name = "%s-%05d-of-%05d.parquet".formatted(files.name(), i, rows.size());
            Path file = files.folder().resolve(name);
            ParquetFooter.sort(files.file(i));
            files.storage().move(files.file(i), file);
            entries.add(FileEntry.of(name, file, rows.get(i)));
        }
        files.storage().syncFolder(files.folder());
        return entries;
    }

    /** Drops what {@link #finish} has not completed. */
    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
