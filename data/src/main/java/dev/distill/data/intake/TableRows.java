package dev.distill.data.intake;

import dev.distill.data.shard.ParquetRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file, of the columns that are wanted. */
final class TableRows implements Rows {
    private final ParquetRows rows;
    private long number;

    TableRows(Path file, Predicate<String> wanted) {
        this.rows = ParquetRows.open(file, wanted);
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public Optional<List<String>> columns() {
        return Optional.of(rows.columns());
    }

    @Override
    public @Nullable Row next() {
        Map<String, @Nullable Object> row = rows.next();
        return row == null ? null : new Read(++number, RowJson.READER.valueToTree(row));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
