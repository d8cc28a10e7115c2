package dev.distill.data.shard;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/** Files that claim more than they hold: one row, whose columns hold as little as they can but for the one that is forged. */
final class ForgedShard {
    private static final String CONTENT = "messages.list.element.content";
    private static final int MEGA = 1 << 20;
    private static final int BILLIONS = Integer.MAX_VALUE;

    private ForgedShard() {}

    /** Writes the pages of one column. */
    @FunctionalInterface
    private interface Pages {
        void write(ParquetFileWriter out, ColumnDescriptor column) throws IOException;
    }

    /** Writes all forgeries into a folder; their names by what they claim. */
    static Map<String, Path> all(Path folder, byte[] sound) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        pages(folder, files);
        footers(folder, files, sound);
        nested(folder, files, sound, 50_000);
        return files;
    }

    private static void pages(Path folder, Map<String, Path> files) throws IOException {
        byte[] text = little(BILLIONS).array();
        add(folder, files, "a text of two billion bytes", "answer", plain(1, text));
        add(
                folder,
                files,
                "a text of minus one byte",
                "answer",
                plain(1, little(-1).array()));
        byte[] zstd = Zstd.compress(new byte[100]);
        add(
                folder,
                files,
                "a page of two billion bytes",
                "answer",
                (out, column) -> page(out, column, 1, BILLIONS, zstd));
        byte[] bomb = Zstd.compress(new byte[200 * MEGA]);
        add(
                folder,
                files,
                "a page of 200 MB in 20 kB",
                "answer",
                (out, column) -> page(out, column, 1, 200 * MEGA, bomb));
        add(folder, files, "a dictionary of two billion texts", "answer", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            dictionary(out, new byte[8], BILLIONS);
            data(out, 1, runs(1, 0, 1), Encoding.RLE_DICTIONARY);
        });
        int many = 20_000;
        add(folder, files, "a list of 20,000 texts of a megabyte", CONTENT, (out, column) -> {
            out.startColumn(column, many, CompressionCodecName.UNCOMPRESSED);
            ByteBuffer one =
                    ByteBuffer.allocate(4 + MEGA).order(ByteOrder.LITTLE_ENDIAN).putInt(MEGA);
            dictionary(out, one.array(), 1);
            byte[] repetitions = join(run(1, 0), run(many - 1, 1));
            data(out, many, join(sized(repetitions), sized(run(many, 1)), runs(0, 0, many)), Encoding.RLE_DICTIONARY);
        });
        add(folder, files, "a list of two billion empty texts", CONTENT, (out, column) -> {
            out.startColumn(column, BILLIONS, CompressionCodecName.UNCOMPRESSED);
            dictionary(out, new byte[4], 1);
            byte[] repetitions = join(run(1, 0), run(BILLIONS - 1, 1));
            data(
                    out,
                    BILLIONS,
                    join(sized(repetitions), sized(run(BILLIONS, 1)), runs(0, 0, BILLIONS)),
                    Encoding.RLE_DICTIONARY);
        });
        add(folder, files, "two billion packed levels", "reasoning", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            data(out, 1, sized(join(varint((1 << 28) | 1), new byte[3])), Encoding.PLAIN);
        });
        add(folder, files, "two billion packed indices", "answer", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            dictionary(out, new byte[8], 2);
            data(out, 1, join(new byte[] {1}, varint((1 << 28) | 1), new byte[3]), Encoding.RLE_DICTIONARY);
        });
        add(
                folder,
                files,
                "levels of two billion bytes",
                "reasoning",
                plain(1, little(BILLIONS).array()));
        byte[] deltas = join(varint(128), varint(4), varint(BILLIONS), new byte[8]);
        add(folder, files, "two billion deltas", "sample", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            data(out, 1, deltas, Encoding.DELTA_BINARY_PACKED);
        });
        byte[] fewerDeltas = join(varint(128), varint(4), varint(100_000_000), new byte[8]);
        add(folder, files, "a hundred million deltas", "sample", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            flat(out, fewerDeltas, Encoding.DELTA_BINARY_PACKED);
        });
        add(folder, files, "two billion packed indices of a flat column", "answer", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            dictionary(out, new byte[8], 2);
            flat(out, join(new byte[] {1}, varint((1 << 28) | 1), new byte[3]), Encoding.RLE_DICTIONARY);
        });
        add(folder, files, "two billion lengths", "answer", (out, column) -> {
            out.startColumn(column, 1, CompressionCodecName.UNCOMPRESSED);
            data(out, 1, deltas, Encoding.DELTA_BYTE_ARRAY);
        });
    }

    private static void footers(Path folder, Map<String, Path> files, byte[] sound) throws IOException {
        edit(
                folder,
                files,
                sound,
                "a row group of 2^62 rows",
                footer -> group(footer).setNum_rows(1L << 62));
        edit(
                folder,
                files,
                sound,
                "a row group of -1 rows",
                footer -> group(footer).setNum_rows(-1));
        edit(folder, files, sound, "a row less", footer -> {
            var group = group(footer);
            group.setNum_rows(group.getNum_rows() - 1);
        });
        edit(
                folder,
                files,
                sound,
                "2^62 values in a list",
                footer -> column(footer, 4).setNum_values(1L << 62));
        edit(
                folder,
                files,
                sound,
                "a column of 10 GB",
                footer -> column(footer, 1).setTotal_compressed_size(10L << 30));
        edit(
                folder,
                files,
                sound,
                "a column of -1 bytes",
                footer -> column(footer, 1).setTotal_compressed_size(-1));
        edit(
                folder,
                files,
                sound,
                "a column behind the end",
                footer -> column(footer, 1).setData_page_offset(1L << 40));
        edit(
                folder,
                files,
                sound,
                "a column before the beginning",
                footer -> column(footer, 1).setData_page_offset(-5));
        edit(
                folder,
                files,
                sound,
                "a column of no type",
                footer -> column(footer, 1).setPath_in_schema(List.of("x")));
        edit(
                folder,
                files,
                sound,
                "a schema of two billion columns",
                footer -> schema(footer).getFirst().setNum_children(BILLIONS));
        edit(
                folder,
                files,
                sound,
                "a schema of -1 columns",
                footer -> schema(footer).getFirst().setNum_children(-1));
        edit(folder, files, sound, "no schema", footer -> schema(footer).clear());
        edit(
                folder,
                files,
                sound,
                "a column of another codec",
                footer -> column(footer, 1).setCodec(org.apache.parquet.format.CompressionCodec.LZO));
    }

    private static org.apache.parquet.format.RowGroup group(FileMetaData footer) {
        return Objects.requireNonNull(footer.getRow_groups()).getFirst();
    }

    static org.apache.parquet.format.ColumnMetaData column(FileMetaData footer, int number) {
        return Objects.requireNonNull(
                Objects.requireNonNull(group(footer).getColumns()).get(number).getMeta_data());
    }

    private static List<org.apache.parquet.format.SchemaElement> schema(FileMetaData footer) {
        return Objects.requireNonNull(footer.getSchema());
    }

    private static int footerStart(byte[] file) {
        return file.length
                - 8
                - ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
    }

    /** The footer of a whole file, changed. */
    static byte[] footer(byte[] file, Consumer<FileMetaData> edit) throws IOException {
        int start = footerStart(file);
        FileMetaData footer =
                Util.readFileMetaData(new java.io.ByteArrayInputStream(file, start, file.length - 8 - start));
        edit.accept(footer);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, out);
        return out.toByteArray();
    }

    private static void edit(
            Path folder, Map<String, Path> files, byte[] sound, String claim, Consumer<FileMetaData> edit)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(sound, 0, footerStart(sound));
        byte[] footer = footer(sound, edit);
        out.write(footer);
        out.write(little(footer.length).array());
        out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
        Path file = folder.resolve("footer-" + files.size() + ".parquet");
        Files.write(file, out.toByteArray());
        files.put(claim, file);
    }

    private static void add(Path folder, Map<String, Path> files, String claim, String forged, Pages pages)
            throws IOException {
        Path file = folder.resolve("page-" + files.size() + ".parquet");
        MessageType schema = TraceSchema.PARQUET;
        ParquetFileWriter out = writer(file, schema);
        out.start();
        out.startBlock(1);
        for (ColumnDescriptor column : schema.getColumns()) {
            if (String.join(".", column.getPath()).equals(forged)) {
                pages.write(out, column);
            } else {
                least(column).write(out, column);
            }
            out.endColumn();
        }
        out.endBlock();
        out.end(Map.of(ShardForm.KEY, TraceSchema.NAME_AND_VERSION));
        out.close();
        files.put(claim, file);
    }

    private static ParquetFileWriter writer(Path file, MessageType schema) throws IOException {
        return new ParquetFileWriter(
                new LocalOutputFile(file),
                schema,
                ParquetFileWriter.Mode.OVERWRITE,
                Long.MAX_VALUE,
                0,
                null,
                ParquetProperties.builder().build());
    }

    /** A null, an empty list, an empty text or a zero. */
    private static Pages least(ColumnDescriptor column) {
        byte[] none = new byte[0];
        byte[] repetition = column.getMaxRepetitionLevel() > 0 ? sized(run(1, 0)) : none;
        byte[] definition = column.getMaxDefinitionLevel() > 0 ? sized(run(1, 0)) : none;
        byte[] value = column.getMaxDefinitionLevel() > 0 ? none : new byte[8];
        return plain(1, join(repetition, definition, value));
    }

    private static Pages plain(int values, byte[] page) {
        return (out, column) -> {
            out.startColumn(column, values, CompressionCodecName.UNCOMPRESSED);
            data(out, values, page, Encoding.PLAIN);
        };
    }

    private static void page(ParquetFileWriter out, ColumnDescriptor column, int values, int size, byte[] compressed)
            throws IOException {
        out.startColumn(column, values, CompressionCodecName.ZSTD);
        out.writeDataPage(
                values,
                size,
                BytesInput.from(compressed),
                Statistics.createStats(column.getPrimitiveType()),
                Encoding.RLE,
                Encoding.RLE,
                Encoding.PLAIN);
    }

    private static void data(ParquetFileWriter out, int values, byte[] page, Encoding encoding) throws IOException {
        out.writeDataPage(values, page.length, BytesInput.from(page), Encoding.RLE, Encoding.RLE, encoding);
    }

    /** One value, and levels as parquet-mr names those of a column that has none. */
    @SuppressWarnings("deprecation") // which it does itself
    private static void flat(ParquetFileWriter out, byte[] page, Encoding encoding) throws IOException {
        out.writeDataPage(1, page.length, BytesInput.from(page), Encoding.BIT_PACKED, Encoding.BIT_PACKED, encoding);
    }

    private static void dictionary(ParquetFileWriter out, byte[] values, int entries) throws IOException {
        out.writeDictionaryPage(new DictionaryPage(BytesInput.from(values), entries, Encoding.PLAIN));
    }

    private static ByteBuffer little(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value);
    }

    /** With its length before it. */
    private static byte[] sized(byte[] levels) {
        return join(little(levels.length).array(), levels);
    }

    /** The same level so many times, of one bit. */
    private static byte[] run(int count, int level) {
        return join(varint((long) count << 1), new byte[] {(byte) level});
    }

    /** Indices into a dictionary: their width in bits, and one so many times. */
    private static byte[] runs(int bits, int index, int count) {
        byte[] value = bits == 0 ? new byte[0] : new byte[] {(byte) index};
        return join(new byte[] {(byte) bits}, varint((long) count << 1), value);
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write((int) (left & 0x7f | 0x80));
        }
        out.write((int) left);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Written level by level: Parquet's own writer would need a deep stack. */
    private static void nested(Path folder, Map<String, Path> files, byte[] sound, int depth) throws IOException {
        edit(folder, files, sound, "a schema of " + depth + " groups in one another", footer -> {
            List<org.apache.parquet.format.SchemaElement> elements = schema(footer);
            elements.clear();
            for (int i = 0; i < depth; i++) {
                var group = new org.apache.parquet.format.SchemaElement("g");
                group.setNum_children(1);
                group.setRepetition_type(org.apache.parquet.format.FieldRepetitionType.OPTIONAL);
                elements.add(group);
            }
            var leaf = new org.apache.parquet.format.SchemaElement("leaf");
            leaf.setType(org.apache.parquet.format.Type.INT32);
            leaf.setRepetition_type(org.apache.parquet.format.FieldRepetitionType.OPTIONAL);
            elements.add(leaf);
        });
    }
}
