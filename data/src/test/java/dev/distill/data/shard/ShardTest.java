package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {
    static final DatasetCard CARD = new DatasetCard("Test traces", "cc-by-4.0", "Made for a test.");
    /** Small enough for several files of several row groups out of a few hundred traces. */
    static final ShardSize SMALL = new ShardSize(100_000, 20_000);

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void folder() {
        folder = temporary.resolve("deep").resolve("traces");
    }

    private Manifest write(List<Trace> traces, ShardSize size) throws IOException {
        try (TraceWriter writer = TraceWriter.create(Storage.local(), folder, size)) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            return writer.finish(Manifest.begin("harvest", "distill test"), CARD);
        }
    }

    private static List<Trace> read(TraceReader open) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = open) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    @Test
    void everyFieldComesBackAndTheOrderIsKept() throws IOException {
        List<Trace> traces = RandomTraces.list(1, 400, 1000);
        Manifest manifest = write(traces, SMALL);

        assertThat(read(TraceReader.open(folder))).isEqualTo(traces);
        assertThat(manifest.outputs()).hasSizeGreaterThan(2);
        assertThat(manifest.outputs().getFirst().path()).isEqualTo("traces-00000.parquet");
        assertThat(manifest.outputs().stream()
                        .mapToLong(file -> file.rows().orElseThrow())
                        .sum())
                .isEqualTo(400);
        assertThat(manifest.counts()).containsEntry("traces", 400L);
        assertThat(Manifest.read(folder)).isEqualTo(manifest);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    @Test
    void aRowGroupIsBoundedEvenForFewLongTraces() throws IOException {
        write(RandomTraces.list(2, 60, 60_000), new ShardSize(100L << 20, 200_000));
        Path shard = folder.resolve("traces-00000.parquet");
        try (ParquetFileReader reader = ParquetFileReader.open(
                new LocalInputFile(shard),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            for (BlockMetaData block : reader.getRowGroups()) {
                // The limit, and the one long trace (two texts of up to 60,000 characters, up to 4 bytes each) that
                // passed it.
                assertThat(block.getTotalByteSize()).isLessThan(200_000 + 600_000);
            }
            assertThat(reader.getRowGroups()).hasSizeGreaterThan(10);
        }
    }

    @Test
    void halfASurrogatePairIsWrittenAsAQuestionMark() throws IOException {
        Trace whole = RandomTraces.list(8, 1, 10).getFirst();
        // with(...) appends a verdict whose reason holds the high half of a pair and nothing behind it
        write(List.of(whole.with(Verdict.pass("check", "cut \ud83d"))), SMALL);
        assertThat(read(TraceReader.open(folder))).containsExactly(whole.with(Verdict.pass("check", "cut ?")));
    }

    @Test
    void aFolderWithoutTracesIsFinishedToo() throws IOException {
        write(List.of(), SMALL);
        assertThat(read(TraceReader.open(folder))).isEmpty();
    }

    @Test
    void aFinishedFolderIsNotWrittenOverByAccident() throws IOException {
        write(RandomTraces.list(3, 300, 1000), SMALL);
        assertThatThrownBy(() -> TraceWriter.create(folder))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("is finished")
                .hasMessageContaining("give another folder");

        List<Trace> other = RandomTraces.list(4, 10, 100);
        try (TraceWriter writer = TraceWriter.replace(folder)) {
            assertThat(Manifest.isIn(folder)).isFalse();
            writer.write(other.getFirst());
            for (Trace trace : other.subList(1, 10)) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), CARD);
        }
        assertThat(read(TraceReader.open(folder))).isEqualTo(other);
    }

    @Test
    void anUnfinishedFolderIsReadOnlyWhenAsked() throws IOException {
        List<Trace> traces = RandomTraces.list(5, 50, 100);
        write(traces, SMALL);
        Files.delete(folder.resolve(Manifest.FILE_NAME));

        assertThatThrownBy(() -> TraceReader.open(folder))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("has no manifest.json")
                .hasMessageContaining("run that stage again");
        assertThat(read(TraceReader.openWithoutManifest(folder))).isEqualTo(traces);
        assertThat(read(TraceReader.openWithoutManifest(folder.resolve("traces-00000.parquet"))))
                .isEqualTo(traces);
    }

    @Test
    void whatTheManifestDoesNotSayIsAnError() throws IOException {
        write(RandomTraces.list(6, 400, 1000), SMALL);
        Path second = folder.resolve("traces-00001.parquet");
        byte[] content = Files.readAllBytes(second);

        Path surplus = folder.resolve("traces-00099.parquet");
        Files.copy(second, surplus);
        assertRefused(surplus, "is not in the manifest");
        Files.delete(surplus);

        Files.delete(second);
        assertRefused(second, "is missing, the manifest names it");

        Files.write(second, Arrays.copyOf(content, content.length - 1));
        assertRefused(second, "bytes, the manifest says " + content.length);

        byte[] changed = content.clone();
        changed[content.length / 2] ^= 1;
        Files.write(second, changed);
        assertRefused(second, "has sha256 ");

        Files.write(second, content);
        Path manifest = folder.resolve(Manifest.FILE_NAME);
        FileEntry entry = Manifest.read(folder).outputs().get(1);
        long rows = entry.rows().orElseThrow();
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replace(
                                entry.sha256() + "\",\n    \"rows\" : " + rows,
                                entry.sha256() + "\",\n    \"rows\" : 1"));
        assertRefused(second, "has " + rows + " rows, the manifest says 1");

        Files.writeString(manifest, Files.readString(manifest).replace("traces-00001", "../traces-00001"));
        assertRefused(folder, "its manifest names \"../traces-00001.parquet\", which is no shard");
    }

    private void assertRefused(Path file, String problem) {
        assertThatThrownBy(() -> read(TraceReader.open(folder)))
                .isInstanceOf(ShardException.class)
                .hasMessageStartingWith("shard " + file + ": ")
                .hasMessageContaining(problem)
                .hasMessageContaining("; ");
    }

    @Test
    void aManifestOfANewerVersionIsNotGuessedAt() throws IOException {
        write(List.of(), SMALL);
        Path manifest = folder.resolve(Manifest.FILE_NAME);
        Files.writeString(manifest, Files.readString(manifest).replace("\"version\" : 1", "\"version\" : 2"));
        assertThatThrownBy(() -> Manifest.read(folder))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("has format version 2, this program reads version 1")
                .hasMessageContaining("use the version of Distill that wrote it");
        Files.write(manifest, new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"'});
        assertThatThrownBy(() -> Manifest.read(folder))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("is no valid manifest");
        Files.writeString(manifest, "{\"format\": \"distill.manifest\", \"version\": 1, \"stage\": 3}");
        assertThatThrownBy(() -> Manifest.read(folder))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("stage must be a string, got 3");
    }

    @Test
    void aManifestHoldsWhatAnyStageHasToSay() throws IOException {
        Files.createDirectories(folder);
        Path input = Files.writeString(temporary.resolve("prompts.jsonl"), "abc");
        Manifest manifest = Manifest.begin("train", "distill 1")
                .withSettings(new TreeMap<>(Map.of("train.steps", "100")))
                .withInput(FileEntry.of("prompts.jsonl", input, 1))
                .withCounts(Map.of("steps", 100L))
                .finish("", List.of(FileEntry.of("a/model.safetensors", input)));
        manifest.write(folder);
        assertThat(Manifest.read(folder)).isEqualTo(manifest);
        // FIPS 180-2, appendix B.1: the SHA-256 of "abc"
        assertThat(manifest.inputs().getFirst().sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void filesHaveTheSameNamesInEveryCountry() throws IOException {
        Locale ours = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
        try (TraceWriter writer = TraceWriter.create(folder)) {
            for (Trace trace : RandomTraces.list(7, 3, 100)) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), CARD);
        } finally {
            Locale.setDefault(ours);
        }
        assertThat(folder.resolve("traces-00000.parquet")).exists();
        try (TraceReader reader = TraceReader.open(folder)) {
            assertThat(reader).toIterable().hasSize(3);
        }
    }

    @Test
    void theCardSaysWhereTheTracesComeFrom() throws IOException {
        List<Trace> traces = RandomTraces.list(7, 20, 100);
        Path input = Files.writeString(temporary.resolve("prompts.jsonl"), "abc");
        try (TraceWriter writer = TraceWriter.create(folder)) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(
                    Manifest.begin("harvest", "distill test").withInput(FileEntry.of("prompts.jsonl", input)), CARD);
        }
        long first = traces.stream()
                .filter(trace -> trace.teacher().equals("teacher-0"))
                .count();
        assertThat(folder.resolve("README.md"))
                .content()
                .startsWith("---\nlicense: cc-by-4.0\n")
                .contains("# Test traces", "Made for a test.", "| teacher teacher-0 | " + first + " |")
                .contains("| prompts.jsonl | 3 | ba7816bf")
                .contains(FileEntry.sha256(folder.resolve("traces-00000.parquet")));
    }

    @Test
    void aRunAndAFolderThatIsNotThereAreToldApart() throws IOException {
        Path run = folder.resolve("run");
        Manifest.begin("curate", "test")
                .finish("traces/2", List.of())
                .write(Files.createDirectories(run.resolve("curate")));
        assertThatThrownBy(() -> Manifest.read(run))
                .hasMessageContaining("is a run, whose stages lie in it: curate")
                .hasMessageContaining("name the folder of the one that is meant, as " + run.resolve("curate"));
        assertThatThrownBy(() -> Manifest.read(folder.resolve("nowhere")))
                .hasMessageContaining("is no folder that is there")
                .hasMessageContaining("correct the name");
    }
}
