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
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
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

    private static final MessageType GROUPS = MessageTypeParser.parseMessageType(
            "message m { optional group a { optional group b { required int64 x; required int64 y; } } }");

    @TempDir
    Path folder;

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
        Path file = OtherParquet.write(
                folder.resolve("other.parquet"),
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

        Path file = OtherParquet.write(
                folder.resolve("other.parquet"),
                NESTED,
                ParquetProperties.builder().build(),
                List.of(all, some, none, last));
        assertThat(OtherParquet.rows(file, column -> true))
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
        assertRefused(PAIRS, "01 11 01 11", levels, 2, why);
    }

    /** Groups of three fields: a may be missing, b in it may be missing, x and y must be there. */
    @ParameterizedTest
    @CsvSource({
        "01, 00, 'a.b.y has no value at level 0 where its neighbours have none at 1'",
        "00, 01, 'a.b.y has no value at level 1 where its neighbours have none at 0'",
        "00, 02, a value where its neighbours have none",
        "02, 01, no value where its neighbours have one",
        "02, 03, no value where its neighbours have one",
        "03, 02, no value where its neighbours have one"
    })
    void groupsThatAreMissingAtDifferentLevelsAreRefused(String first, String second, String why) throws IOException {
        assertRefused(GROUPS, first, second, 1, why);
    }

    private void assertRefused(MessageType schema, String first, String second, int rows, String why)
            throws IOException {
        Path file = OtherParquet.write(
                folder.resolve("other.parquet"),
                schema,
                ParquetProperties.builder().withSizeStatisticsEnabled(false).build(), // they count true levels only
                rows,
                Map.of(),
                store -> {
                    column(store, schema, 0, first);
                    column(store, schema, 1, second);
                    store.endRecord();
                });
        assertThatThrownBy(() -> OtherParquet.rows(file, column -> true))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining(why);
    }

    private static void column(ColumnWriteStore store, MessageType schema, int number, String levels) {
        ColumnDescriptor column = schema.getColumns().get(number);
        ColumnWriter writer = store.getColumnWriter(column);
        for (String level : levels.split(" ")) {
            int repetition = level.charAt(0) - '0';
            int definition = level.charAt(1) - '0';
            if (definition == column.getMaxDefinitionLevel()) {
                writer.write(5L, repetition, definition);
            } else {
                writer.writeNull(repetition, definition);
            }
        }
    }
}
