package dev.distill.data.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.GroupWriter;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Files of one row group with columns of any kind, written by Parquet's own writer, and their rows as they are read. */
final class OtherParquet {
    private OtherParquet() {}

    /** @param values writes the columns, level by level if need be */
    static Path write(
            Path file,
            MessageType schema,
            ParquetProperties properties,
            int rows,
            Map<String, String> metadata,
            Consumer<ColumnWriteStore> values)
            throws IOException {
        ZstdCodecs codecs = new ZstdCodecs();
        ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                codecs.getCompressor(CompressionCodecName.ZSTD), schema, properties.getAllocator(), 64, true);
        try (ColumnWriteStore store = properties.newColumnWriteStore(schema, pages, pages)) {
            values.accept(store);
            store.flush();
        }
        try (ParquetFileWriter out = new ParquetFileWriter(
                new LocalOutputFile(file),
                schema,
                ParquetFileWriter.Mode.OVERWRITE,
                Long.MAX_VALUE,
                0,
                null,
                properties)) {
            out.start();
            out.startBlock(rows);
            pages.flushToFileWriter(out);
            out.endBlock();
            out.end(metadata);
        }
        codecs.release();
        return file;
    }

    static Path write(Path file, MessageType schema, ParquetProperties properties, List<Group> rows)
            throws IOException {
        return write(file, schema, properties, rows.size(), Map.of(), store -> {
            RecordConsumer consumer = new ColumnIOFactory().getColumnIO(schema).getRecordWriter(store);
            GroupWriter writer = new GroupWriter(consumer, schema);
            rows.forEach(writer::write);
            consumer.flush();
        });
    }

    static List<String> rows(Path file, Predicate<String> wanted) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ParquetRows reader = ParquetRows.open(file, wanted)) {
            for (Map<String, @Nullable Object> row = reader.next(); row != null; row = reader.next()) {
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
