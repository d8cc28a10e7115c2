package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What pyarrow, pandas and Hugging Face datasets read of our files, and we of pyarrow's.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} with {@code venv}, a Python with pyarrow, pandas and datasets.
 */
@Tag("slow")
class PythonReadersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Path python = Path.of(System.getProperty("distill.peers", "")).resolve("venv/bin/python");
    private final List<Trace> traces = RandomTraces.list(51, 250, 300);

    @BeforeEach
    void write() throws IOException {
        assumeTrue(Files.isExecutable(python), "skipped: missing " + python + ", named by -Ddistill.peers");
        try (TraceWriter writer = TraceWriter.create(Storage.local(), folder, new ShardSize(60_000, 30_000))) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("traces.arrows"))) {
            ArrowTraces.write(traces.iterator(), out);
        }
    }

    private List<String> run(String... more) throws IOException, InterruptedException {
        Path output = folder.resolve("said.txt");
        Path errors = folder.resolve("errors.txt");
        List<String> command = new ArrayList<>(List.of(python.toString(), script().toString(), folder.toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        int code = builder.start().waitFor();
        assertThat(code).as(Files.readString(errors)).isZero();
        return Files.readAllLines(output);
    }

    private static Path script() {
        try {
            return Path.of(Objects.requireNonNull(PythonReadersTest.class.getResource("read_traces.py"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyReaderSeesEveryValue() throws IOException, InterruptedException {
        Map<String, List<JsonNode>> read = new LinkedHashMap<>();
        List<JsonNode> current = new ArrayList<>();
        for (String line : run()) {
            JsonNode node = JSON.readTree(line);
            if (node.has("reader")) {
                current = new ArrayList<>();
                read.put(node.path("reader").asText(), current);
            } else {
                current.add(node);
            }
        }
        List<JsonNode> expected = new ArrayList<>();
        List<JsonNode> withoutMaps = new ArrayList<>(); // which Hugging Face datasets do not have
        for (Trace trace : traces) {
            expected.add(JSON.readTree(json(trace).toString()));
            withoutMaps.add(JSON.readTree(
                    json(trace).without(List.of("parameters", "extra")).toString()));
        }
        assertThat(read.keySet()).containsExactly("pyarrow", "pyarrow stream", "pandas", "datasets", "datasets arrow");
        read.forEach((reader, rows) ->
                assertThat(rows).as(reader).isEqualTo(reader.startsWith("datasets") ? withoutMaps : expected));
    }

    @Test
    void whatPyarrowWritesAgainIsReadInEveryEncoding() throws IOException, InterruptedException {
        run("--write");
        for (String name : List.of("again-plain", "again-pages2", "again-delta")) {
            List<Trace> found = new ArrayList<>();
            try (TraceReader reader = TraceReader.openWithoutManifest(folder.resolve(name + ".parquet"))) {
                reader.forEachRemaining(found::add);
            }
            assertThat(found).as(name).isEqualTo(traces);
        }
    }

    @Test
    void pyarrowSeesAPageThatHasChanged() throws IOException {
        Path shard = folder.resolve("traces-00000.parquet");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[200] ^= 1; // in the data of the first page, the ids of the first row group
        Files.write(shard, bytes);
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder builder = new ProcessBuilder(python.toString(), script().toString(), folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        try {
            assertThat(builder.start().waitFor()).isNotZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(Files.readString(errors, StandardCharsets.UTF_8)).contains("CRC checksum verification failed");
    }

    private static ObjectNode json(Trace t) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", t.id())
                .put("prompt_id", t.promptId())
                .put("reasoning", t.reasoning())
                .put("answer", t.answer())
                .put("raw_reply", t.rawReply())
                .put("finish", t.finish().word())
                .put("reference", t.reference())
                .put("source", t.source())
                .put("teacher", t.teacher())
                .put("domain", t.domain())
                .put("licence", t.licence())
                .put("sample", t.sample())
                .put("attempts", t.attempts());
        ArrayNode messages = json.putArray("messages");
        t.messages().forEach(each -> messages.addArray().add(each.role().word()).add(each.content()));
        ArrayNode verdicts = json.putArray("verdicts");
        t.verdicts()
                .forEach(each -> verdicts.addArray()
                        .add(each.by())
                        .add(each.outcome().word())
                        .add(each.reason()));
        pairs(json.putArray("parameters"), t.parameters());
        pairs(json.putArray("extra"), t.extra());
        json.putArray("usage")
                .add(t.usage().promptTokens())
                .add(t.usage().cacheHitTokens())
                .add(t.usage().completionTokens())
                .add(t.usage().reasoningTokens());
        json.putArray("cost")
                .add(t.cost().amount().toPlainString())
                .add(t.cost().currency());
        return json.put("completed_at", TraceColumns.micros(t.completedAt()));
    }

    /** In the order of code points, in which Python sorts. */
    private static void pairs(ArrayNode array, Map<String, String> map) {
        map.entrySet().stream()
                .sorted((a, b) -> java.util.Arrays.compare(
                        a.getKey().codePoints().toArray(),
                        b.getKey().codePoints().toArray()))
                .forEach(entry -> array.addArray().add(entry.getKey()).add(entry.getValue()));
    }
}
