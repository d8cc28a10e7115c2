package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.GroupWriter;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of columns that Parquet's own writer wrote, in each of its forms, and of columns that do not fit together. */
class RowAssemblyTest {
    private static final MessageType NESTED = MessageTypeParser.parseMessageType("""
            message nested {
              optional group a { required int32 x; optional binary s (STRING); }
              optional group lists (LIST) {
                repeated group list {
                  optional group element (LIST) { repeated group list { optional int64 element; } }
                }
              }
              repeated binary tag (STRING);
            }
            """);

    private static final MessageType PAIRS = MessageTypeParser.parseMessageType(
            "message pairs { repeated group pair { required int64 k; required int64 v; } }");

    @TempDir
    Path folder;

    private Path write(
            MessageType schema,
            ParquetProperties properties,
            int rows,
            Map<String, String> metadata,
            Consumer<ColumnWriteStore> values)
            throws IOException {
        Path file = folder.resolve("other.parquet");
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

    /** Pages of 300 bytes: each column has many, and what a decoder keeps of one for the next is put to the test. */
    @ParameterizedTest
    @CsvSource({"PARQUET_1_0, true", "PARQUET_1_0, false", "PARQUET_2_0, true", "PARQUET_2_0, false"})
    void tracesInEachForm(ParquetProperties.WriterVersion version, boolean dictionary) throws IOException {
        List<Trace> traces = RandomTraces.list(7, 200, 90);
        ParquetProperties properties = ParquetProperties.builder()
                .withWriterVersion(version)
                .withDictionaryEncoding(dictionary)
                .withPageSize(300)
                .withMinRowCountForPageSizeCheck(1)
                .withPageWriteChecksumEnabled(true)
                .build();
        Path file = write(
                TraceSchema.PARQUET,
                properties,
                traces.size(),
                Map.of(ShardForm.KEY, TraceSchema.NAME_AND_VERSION),
                store -> {
                    ColumnCursor cursor = new ColumnCursor(TraceSchema.PARQUET, store);
                    for (Trace trace : traces) {
                        TraceColumns.write(cursor, trace);
                        cursor.endRow();
                    }
                });
        List<Trace> found = new ArrayList<>();
        try (TraceReader reader = TraceReader.openWithoutManifest(file)) {
            reader.forEachRemaining(found::add);
        }
        assertThat(found).isEqualTo(traces);
    }

    private static Group lists(Group row, List<@Nullable List<@Nullable Long>> lists) {
        Group outer = row.addGroup("lists");
        for (@Nullable List<@Nullable Long> list : lists) {
            Group entry = outer.addGroup("list");
            if (list != null) {
                Group inner = entry.addGroup("element");
                for (@Nullable Long value : list) {
                    Group last = inner.addGroup("list");
                    if (value != null) {
                        last.add("element", value);
                    }
                }
            }
        }
        return row;
    }

    @Test
    void groupsThatMayBeMissingAndListsOfLists() throws IOException {
        Group all = lists(
                new SimpleGroup(NESTED),
                Arrays.asList(Arrays.asList(1L, null), List.<@Nullable Long>of(), null, List.<@Nullable Long>of(2L)));
        all.addGroup("a").append("x", 7).append("s", "seven");
        all.append("tag", "p").append("tag", "q");
        Group some = lists(new SimpleGroup(NESTED), List.of());
        some.addGroup("a").append("x", 8);
        Group none = new SimpleGroup(NESTED);
        Group last = lists(new SimpleGroup(NESTED), Arrays.asList(null, List.<@Nullable Long>of(3L)))
                .append("tag", "r");

        Path file = write(NESTED, ParquetProperties.builder().build(), 4, Map.of(), store -> {
            RecordConsumer consumer = new ColumnIOFactory().getColumnIO(NESTED).getRecordWriter(store);
            GroupWriter writer = new GroupWriter(consumer, NESTED);
            List.of(all, some, none, last).forEach(writer::write);
            consumer.flush();
        });
        List<String> rows = new ArrayList<>();
        try (ParquetRows reader = ParquetRows.open(file, column -> true)) {
            for (Map<String, @Nullable Object> row = reader.next(); row != null; row = reader.next()) {
                rows.add(row.toString());
            }
        }
        assertThat(rows)
                .containsExactly(
                        "{a={x=7, s=seven}, lists=[[1, null], [], null, [2]], tag=[p, q]}",
                        "{a={x=8, s=null}, lists=[], tag=[]}",
                        "{a=null, lists=null, tag=[]}",
                        "{a=null, lists=[null, [3]], tag=[r]}");
    }

    /** Levels of the second column, pairs of repetition and definition; the first has two rows of two values. */
    @ParameterizedTest
    @CsvSource({
        "01 11 01 01, repeats at 0",
        "01 11 01, has fewer values than its neighbours",
        "01 11 11 01 11, repeats at 1",
        "01 11 01 11 11, has 1 value behind its last row",
        "01 11 00, has no value where its neighbours have one"
    })
    void columnsThatDoNotFitTogetherAreRefused(String levels, String why) throws IOException {
        Path file = write(PAIRS, ParquetProperties.builder().build(), 2, Map.of(), store -> {
            pairs(store, 0, "01 11 01 11");
            pairs(store, 1, levels);
            store.endRecord();
        });
        assertThatThrownBy(() -> {
                    try (ParquetRows reader = ParquetRows.open(file, column -> true)) {
                        while (reader.next() != null) {
                            // to the end
                        }
                    }
                })
                .isInstanceOf(ShardException.class)
                .hasMessageContaining(why);
    }

    private static void pairs(ColumnWriteStore store, int column, String levels) {
        var writer = store.getColumnWriter(PAIRS.getColumns().get(column));
        for (String level : levels.split(" ")) {
            if (level.charAt(1) == '1') {
                writer.write(5L, level.charAt(0) - '0', 1);
            } else {
                writer.writeNull(level.charAt(0) - '0', 0);
            }
        }
    }
}
