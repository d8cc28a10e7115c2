package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table for other people's programs: {@code NAME-00000-of-00003.parquet} ..., as the Hugging Face hub names the files of a split. The same rows make the
 * same bytes. For one thread.
 */
public final class TableWriter implements Closeable {
    private final List<TableColumn> columns;
    private final NumberedFiles files;
    private final ShardSize size;
    private final List<Long> rows = new ArrayList<>();
    private @Nullable TableFile open;

    /**
     * Begins a table.
     *
     * @param folder is made where it is missing
     * @param name of the split
     */
    public TableWriter(Path folder, String name, List<TableColumn> columns, ShardSize size) throws IOException {
        Files.createDirectories(folder);
        this.columns = List.copyOf(columns);
        this.files = new NumberedFiles(Storage.local(), folder, name);
        this.size = size;
    }

    /** @param row values by the names of columns; what is missing is null */
    public void write(Map<String, @Nullable Object> row) throws IOException {
        TableFile file = open;
        if (file == null) {
            file = new TableFile(files.storage(), files.file(rows.size()), columns, size);
            open = file;
        }
        file.write(row);
        if (file.isFull()) {
            publish(file);
        }
    }

    private void publish(TableFile file) throws IOException {
        open = null;
        rows.add(file.publish());
    }

    /** Completes the files and gives them their names; one without rows where there was none. */
    public List<FileEntry> finish() throws IOException {
        if (open == null && rows.isEmpty()) {
            open = new TableFile(files.storage(), files.file(0), columns, size);
        }
        TableFile last = open;
        if (last != null) {
            publish(last);
        }
        List<FileEntry> entries = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String name = String.format(Locale.ROOT, "%s-%05d-of-%05d.parquet", files.name(), i, rows.size());
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
