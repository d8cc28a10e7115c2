package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Columns as other people write them: what their types mean, and which of them are read. */
class ParquetRowsTest {
    @TempDir
    Path folder;

    private String read(MessageType schema, Group row) throws IOException {
        Path file = OtherParquet.write(
                folder.resolve("other.parquet"),
                schema,
                ParquetProperties.builder().build(),
                List.of(row));
        return OtherParquet.rows(file, column -> true).getFirst();
    }

    private static MessageType schema(String fields) {
        return MessageTypeParser.parseMessageType("message other { " + fields + " }");
    }

    @Test
    void wholeNumbersWithoutSign() throws IOException {
        MessageType schema = schema("""
                required int32 byte (INTEGER(8,false)); required int32 word (INTEGER(32,false));
                required int64 long (INTEGER(64,false)); required int64 small (INTEGER(64,false));
                required int32 signed (INTEGER(32,true));
                """);
        Group row = new SimpleGroup(schema)
                .append("byte", 255)
                .append("word", (int) 3_000_000_000L)
                .append("long", -2L)
                .append("small", 7L)
                .append("signed", -7);
        assertThat(read(schema, row))
                .isEqualTo("{byte=255, word=3000000000, long=18446744073709551614, small=7, signed=-7}");
    }

    /** LogicalTypes.md, "Lists", rules 3 to 5. */
    @Test
    void olderListsSayInTheirNamesWhatTheElementIs() throws IOException {
        MessageType schema = schema("""
                optional group mine (LIST) { repeated group mine_tuple { required binary text (STRING); } }
                optional group other (LIST) { repeated group mine_tuple { required binary text (STRING); } }
                optional group avro (LIST) { repeated group array { required binary text (STRING); } }
                optional group many (LIST) { repeated group element { repeated int64 number; } }
                """);
        Group row = new SimpleGroup(schema);
        row.addGroup("mine").addGroup("mine_tuple").append("text", "a");
        row.addGroup("other").addGroup("mine_tuple").append("text", "b");
        row.addGroup("avro").addGroup("array").append("text", "c");
        row.addGroup("many").addGroup("element").append("number", 1L).append("number", 2L);
        assertThat(read(schema, row))
                .isEqualTo("{mine=[{text=a}], other=[b], avro=[{text=c}], many=[{number=[1, 2]}]}");
    }

    /** LogicalTypes.md, "Maps". */
    @Test
    void olderMapsAreNamedLikeTheirEntries() throws IOException {
        MessageType schema = schema("""
                optional group mine (MAP_KEY_VALUE) {
                  repeated group map { required binary key (STRING); optional int64 value; }
                }
                optional group hive (MAP) {
                  repeated group map (MAP_KEY_VALUE) { required binary key (STRING); optional int64 value; }
                }
                optional group none (MAP) { repeated int64 number; }
                """);
        Group row = new SimpleGroup(schema);
        row.addGroup("mine").addGroup("map").append("key", "a").append("value", 1L);
        row.getGroup("mine", 0).addGroup("map").append("key", "b");
        row.addGroup("hive").addGroup("map").append("key", "c").append("value", 3L);
        row.addGroup("none").append("number", 4L);
        assertThat(read(schema, row)).isEqualTo("{mine={a=1, b=null}, hive={c=3}, none={number=[4]}}");
    }

    /** Version 2 encodes booleans as runs. */
    @ParameterizedTest
    @EnumSource
    void booleans(ParquetProperties.WriterVersion version) throws IOException {
        MessageType schema = schema("required boolean right; optional boolean sure;");
        List<Group> rows = List.of(
                new SimpleGroup(schema).append("right", true).append("sure", false),
                new SimpleGroup(schema).append("right", false));
        Path file = OtherParquet.write(
                folder.resolve("other.parquet"),
                schema,
                ParquetProperties.builder().withWriterVersion(version).build(),
                rows);
        assertThat(OtherParquet.rows(file, column -> true))
                .containsExactly("{right=true, sure=false}", "{right=false, sure=null}");
    }

    /** Its footer says so, and a hole in the file gives it the room. */
    @Test
    void aColumnThatIsNotReadMayBeOfAnySize() throws IOException {
        MessageType schema = schema("required binary text (STRING); required binary image;");
        Path file = OtherParquet.write(
                folder.resolve("wide.parquet"),
                schema,
                ParquetProperties.builder().build(),
                List.of(new SimpleGroup(schema).append("text", "a").append("image", "b")));
        widen(file, ReadLimits.rowGroup() + 1);
        assertThat(OtherParquet.rows(file, "text"::equals)).containsExactly("{text=a}");
        assertThatThrownBy(() -> ParquetRows.open(file, column -> true))
                .isInstanceOf(ShardException.class)
                .hasMessageStartingWith("shard " + file + ": has a row group of ")
                .hasMessageContaining(
                        " bytes in the columns that are read, which is more than " + ReadLimits.rowGroup())
                .hasMessageContaining("give it more (-Xmx)");
    }

    /** The last column has so many bytes. */
    private static void widen(Path file, long bytes) throws IOException {
        byte[] footer = ForgedShard.footer(
                Files.readAllBytes(file), all -> ForgedShard.column(all, 1).setTotal_compressed_size(bytes));
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(out.length() + bytes);
            out.write(footer);
            ByteBuffer tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(tail.putInt(footer.length)
                    .put("PAR1".getBytes(StandardCharsets.US_ASCII))
                    .array());
        }
    }
}
