package dev.distill.data.shard;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** A row group, encoded and compressed, on the heap until it is written. Several can be encoded at once, each on one thread. */
final class RowGroup {
    private final ColumnChunkPageWriteStore pages;
    private final int rows;

    private RowGroup(ColumnChunkPageWriteStore pages, int rows) {
        this.pages = pages;
        this.rows = rows;
    }

    static <T> RowGroup encode(ShardForm<T> form, List<T> rows) {
        ParquetProperties properties = form.properties(rows.size());
        ZstdCodecs codecs = new ZstdCodecs();
        try {
            ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                    codecs.getCompressor(CompressionCodecName.ZSTD),
                    form.columns(),
                    properties.getAllocator(),
                    properties.getColumnIndexTruncateLength(),
                    properties.getPageWriteChecksumEnabled());
            try (ColumnWriteStore columns = properties.newColumnWriteStore(form.columns(), pages, pages)) {
                ColumnCursor cursor = new ColumnCursor(form.columns(), columns);
                for (T row : rows) {
                    form.writing().write(cursor, row);
                    cursor.endRow();
                }
                columns.flush();
            }
            return new RowGroup(pages, rows.size());
        } finally {
            codecs.release();
        }
    }

    int rows() {
        return rows;
    }

    /** Writes it behind what the file has. */
    void writeTo(ParquetFileWriter file) throws IOException {
        file.startBlock(rows);
        pages.flushToFileWriter(file);
        file.endBlock();
    }

    /** How many bytes a file grows by it; afterwards it cannot be written any more. */
    <T> long bytes(ShardForm<T> form) throws IOException {
        CountedOutputFile nowhere = new CountedOutputFile();
        ParquetFileWriter file = new ParquetFileWriter(
                nowhere, form.columns(), ParquetFileWriter.Mode.OVERWRITE, Long.MAX_VALUE, 0, null, form.properties(1));
        file.start();
        long start = file.getPos();
        writeTo(file);
        return file.getPos() - start;
    }
}
