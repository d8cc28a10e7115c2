package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        byte[] half = {1, 2, 3, 4, 5, 6};
        byte[] single = {9, 8, 7, 6};
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(
                        item("half", StorageType.F16, List.of(3L, 1L), half),
                        item("one", StorageType.F32, List.of(), single)),
                Map.of("format", "pt"));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(read.entries()).extracting(TensorEntry::name).containsExactly("one", "half");
            assertThat(read.entry("half").shape()).containsExactly(3L, 1L);
            assertThat(read.entry("one").elements()).isEqualTo(1);
            assertThat(read.bytes("half").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(half);
            assertThat(read.bytes("one").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(single);
            assertThatThrownBy(() -> read.bytes("two"))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("a.safetensors: there is no tensor \"two\"");
        }
        assertThat(folder.toFile().list()).containsExactly("a.safetensors");
    }

    @Test
    void anOpenMappingKeepsTheOldFileWhenANewOneIsWritten() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, List.of(item("x", StorageType.U8, List.of(2L), new byte[] {1, 2})), Map.of());
        try (SafetensorsFile old = SafetensorsFile.open(file)) {
            SafetensorsWriter.write(file, List.of(item("x", StorageType.U8, List.of(1L), new byte[] {3})), Map.of());
            assertThat(old.bytes("x").toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2);
        }
    }

    @Test
    void contentOfTheWrongSizeLeavesNoFile() {
        assertThatThrownBy(() -> SafetensorsWriter.write(
                        folder.resolve("a.safetensors"),
                        List.of(item("x", StorageType.F32, List.of(2L), new byte[4])),
                        Map.of()))
                .hasMessageContaining("tensor x: F32 [2] needs 8 bytes, got 4");
        assertThat(folder.toFile().list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'__metadata__':{'n':1}}|0|INVALID_HEADER_DESERIALIZATION",
                "{'__metadata__':[]}|0|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'F4','shape':[1],'data_offsets':[0,1]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[-1,0]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[1.0],'data_offsets':[0,1]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1e0]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[1000],'data_offsets':[0,1e3]}}|1000|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':['1'],'data_offsets':[0,1]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':null,'data_offsets':[0,1]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0]}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'a':null}|0|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'F64','shape':[2305843009213693952],'data_offsets':[0,1]}}|1|VALIDATION_OVERFLOW",
                "{'a':{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,0]}}|0|VALIDATION_OVERFLOW",
                "{'a':{'dtype':'U8','shape':[0,9223372036854775808],'data_offsets':[0,0]}}|0|VALIDATION_OVERFLOW",
                "{'a':{'dtype':'U8','shape':[36893488147419103232],'data_offsets':[0,1]}}|1|VALIDATION_OVERFLOW",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,9223372036854775808]}}|1|INVALID_OFFSET",
                "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}|3|INVALID_OFFSET",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'b':{'dtype':'U8','shape':[1],'data_offsets':[2,3]}}|3|INVALID_OFFSET",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1],'dtype':'I8'}}|1|INVALID_HEADER_DESERIALIZATION",
                "{'__metadata__':{'n':'1','n':'2'}}|0|INVALID_HEADER_DESERIALIZATION",
                "{'__metadata__':{'n':null}}|0|INVALID_HEADER_DESERIALIZATION",
                "{'__metadata__':'n'}|0|INVALID_HEADER_DESERIALIZATION",
                "{'a':{'dtype':'U8','shape':[9223372036854775808],'data_offsets':[0,1]}}|1|VALIDATION_OVERFLOW",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[1,0]}}|1|INVALID_OFFSET",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}|2|INVALID_OFFSET",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,2]}}|2|TENSOR_INVALID_INFO",
                "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}|2|METADATA_INCOMPLETE_BUFFER",
                "{} {}|0|INVALID_HEADER_DESERIALIZATION",
                "[]|0|INVALID_HEADER_DESERIALIZATION",
            })
    void aHeaderThatBreaksARuleIsRefused(String header, int dataBytes, WeightsException.Rule rule) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, bytes(header.replace('\'', '"'), dataBytes));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOfSatisfying(
                        WeightsException.class, e -> assertThat(e.rule()).isEqualTo(rule))
                .hasMessageContaining("bad.safetensors");
    }

    @Test
    void aHeaderThatWouldFillTheMemoryIsRefused() {
        String header =
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + "[],".repeat(2_000_000) + "1],\"data_offsets\":[0,1]}}";
        byte[] bytes = bytes(header, 1);
        assertThatThrownBy(() -> SafetensorsFile.of(folder, Arena.ofAuto(), MemorySegment.ofArray(bytes)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("Token count (4000001) exceeds the maximum allowed");
    }

    @Test
    void aHeaderInAnotherOrderThanItsDataOpens() throws IOException {
        Path file = folder.resolve("order.safetensors");
        String header = """
                {"late":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},
                 "empty":{"dtype":"F32","shape":[0,7],"data_offsets":[3,3]},
                 "early":{"data_offsets":[0,3],"shape":[3],"dtype":"U8"}}""";
        byte[] bytes = bytes(header, 5);
        bytes[bytes.length - 2] = 7;
        Files.write(file, bytes);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.entries()).extracting(TensorEntry::name).containsExactly("early", "empty", "late");
            assertThat(read.bytes("late").toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 0);
            assertThat(read.bytes("empty").byteSize()).isZero();
        }
    }

    @Test
    void aFileWhoseMetadataIsNullOpens() throws IOException {
        Path file = folder.resolve("null.safetensors");
        Files.write(file, bytes("{\"__metadata__\":null}", 0));
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).isEmpty();
        }
    }

    @Test
    void everyDamagedFileOpensOrIsRefusedByItsOwnError() throws IOException {
        Path good = folder.resolve("good.safetensors");
        SafetensorsWriter.write(
                good,
                List.of(
                        item("x", StorageType.F32, List.of(2L, 2L), new byte[16]),
                        item("y", StorageType.BF16, List.of(3L), new byte[6])),
                Map.of("format", "pt"));
        byte[] bytes = Files.readAllBytes(good);
        long seed = 20261122;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = bytes.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            Arena arena = Arena.ofConfined();
            try (SafetensorsFile read = SafetensorsFile.of(folder, arena, MemorySegment.ofArray(damaged))) {
                for (TensorEntry entry : read.entries()) {
                    assertThat(read.bytes(entry.name()).byteSize()).isEqualTo(entry.byteSize());
                }
            } catch (WeightsException expected) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(1000);
    }

    static SafetensorsWriter.Item item(String name, StorageType type, List<Long> shape, byte[] bytes) {
        return new SafetensorsWriter.Item(name, type, shape, sink -> sink.accept(MemorySegment.ofArray(bytes)));
    }

    private static byte[] bytes(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }
}
