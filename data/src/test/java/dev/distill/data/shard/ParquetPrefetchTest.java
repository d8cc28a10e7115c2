package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stops a thread that decodes reaches the one that reads, and says whose fault it is. */
@Timeout(20)
class ParquetPrefetchTest {
    private static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType("message numbers { required int32 number; }");

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        List<Group> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            rows.add(new SimpleGroup(SCHEMA).append("number", i));
        }
        file = OtherParquet.write(
                folder.resolve("numbers.parquet"),
                SCHEMA,
                ParquetProperties.builder().build(),
                rows);
    }

    private ParquetPrefetch<Integer> open(Function<Row, Integer> reading) {
        return new ParquetPrefetch<>(ParquetInput.open(file, "fetch it again", ZstdCodecs::new), SCHEMA, reading);
    }

    /** Of the last row; those before it are read. */
    private void assertStops(Throwable thrown, ShardException.Fault fault, String problem) {
        try (ParquetPrefetch<Integer> rows = open(row -> {
            int number = row.integer(0);
            return number < 2 ? number : fail(thrown);
        })) {
            assertThat(rows.next()).isZero();
            assertThat(rows.next()).isOne();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(rows::next)
                        .isInstanceOfSatisfying(
                                ShardException.class, e -> assertThat(e.fault()).isEqualTo(fault))
                        .hasMessage("shard " + file + ": " + problem)
                        .hasCause(thrown);
            }
        }
    }

    private static int fail(Throwable thrown) {
        switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new IllegalArgumentException(thrown);
        }
    }

    @Test
    void whatIsWrongWithTheDataIsTheirFault() {
        assertStops(
                new IllegalStateException("a level of 7"),
                ShardException.Fault.DATA,
                "row 2 of 3 cannot be read (a level of 7); fetch it again");
        assertStops(
                new StackOverflowError(),
                ShardException.Fault.DATA,
                "row 2 of 3 cannot be read (java.lang.StackOverflowError); fetch it again");
    }

    @Test
    void aLackOfMemoryIsNoDamage() {
        assertStops(
                new OutOfMemoryError("Java heap space"),
                ShardException.Fault.MACHINE,
                "this program's memory was too small to read it (java.lang.OutOfMemoryError: Java heap space; the"
                        + " heap has " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB); give it more with"
                        + " DISTILL_JAVA_OPTS=-Xmx16g, and workers of Spark with -Dspark.executor.memory=16g in it");
    }

    @Test
    void aLibraryThatDoesNotLoadEndsTheReading() {
        assertStops(
                new UnsatisfiedLinkError("no snappyjava in java.library.path"),
                ShardException.Fault.MACHINE,
                "a library that is needed to read it does not load here (java.lang.UnsatisfiedLinkError: no"
                        + " snappyjava in java.library.path); Snappy and Zstandard unpack theirs into the temporary"
                        + " folder: may programs run from there (-Djava.io.tmpdir in DISTILL_JAVA_OPTS names"
                        + " another)?");
    }

    @Test
    void aFileSystemThatFailsIsNoDamage() throws IOException {
        try (ParquetPrefetch<Integer> rows = open(row -> row.integer(0))) {
            Files.delete(file);
            assertThatThrownBy(rows::next)
                    .isInstanceOfSatisfying(
                            ShardException.class, e -> assertThat(e.fault()).isEqualTo(ShardException.Fault.MACHINE))
                    .hasMessage("shard " + file + ": the file system did not give it (" + file
                            + " (No such file or directory)); is it there, and does its disk or network answer? Then"
                            + " try again");
        }
        assertThatThrownBy(() -> open(row -> 0))
                .isInstanceOfSatisfying(
                        ShardException.class, e -> assertThat(e.fault()).isEqualTo(ShardException.Fault.MACHINE));
    }

    @Test
    void aFileThatWasCutIsDamaged() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        try (ParquetPrefetch<Integer> rows = open(row -> row.integer(0))) {
            Files.write(file, Arrays.copyOf(whole, 6));
            assertThatThrownBy(rows::next)
                    .isInstanceOfSatisfying(
                            ShardException.class, e -> assertThat(e.fault()).isEqualTo(ShardException.Fault.DATA))
                    .hasMessageStartingWith("shard " + file + ": row 0 of 3 cannot be read (");
        }
    }
}
