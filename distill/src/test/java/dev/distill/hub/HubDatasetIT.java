package dev.distill.hub;

import static dev.distill.hub.ScriptedHub.COMMIT;
import static dev.distill.hub.ScriptedHub.REPOSITORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.hub.HubException.Kind;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of data sets, fetched into the same cache as models, with the same care. */
class HubDatasetIT {
    @TempDir
    Path cache;

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private ScriptedHub server;

    @BeforeEach
    void start() throws IOException {
        for (String name : List.of(
                "README.md",
                "data/train-00000-of-00002.parquet",
                "data/train-00001-of-00002.parquet",
                "data/test-00000-of-00001-0a1b2c.parquet",
                "socratic/train-00000-of-00001.parquet",
                "extra.jsonl",
                "script.py")) {
            files.put(name, ("content of " + name).repeat(40).getBytes(StandardCharsets.UTF_8));
        }
        server = new ScriptedHub(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HubId id(String rest) {
        return HubId.parseDataset(REPOSITORY + rest).orElseThrow();
    }

    private Hub.Dataset fetch(String rest) throws IOException {
        return server.client(cache).fetchDataset(id(rest), HubListener.NONE, () -> false);
    }

    private HubException refused(String rest) {
        return catchThrowableOfType(HubException.class, () -> fetch(rest));
    }

    private byte[] content(String name) {
        return Objects.requireNonNull(files.get(name));
    }

    private Path snapshot() {
        return cache.resolve("datasets--tiny--student/snapshots/" + COMMIT);
    }

    @Test
    void aSplitsFilesLieInTheCacheInTheirOrder() throws IOException {
        Hub.Dataset fetched = fetch(":train");

        assertThat(fetched.commit()).isEqualTo(COMMIT);
        assertThat(fetched.files())
                .containsExactly(
                        snapshot().resolve("data/train-00000-of-00002.parquet"),
                        snapshot().resolve("data/train-00001-of-00002.parquet"));
        for (Path file : fetched.files()) {
            assertThat(file)
                    .hasBinaryContent(content(snapshot().relativize(file).toString()));
        }
        assertThat(snapshot().resolve("script.py")).doesNotExist();
        int before = server.contents().size();
        assertThat(fetch(":default/train")).isEqualTo(new Hub.Dataset(id(":default/train"), COMMIT, fetched.files()));
        assertThat(server.contents()).hasSize(before + 1); // the list alone
    }

    @Test
    void configurationsAndFilesByTheirNames() throws IOException {
        assertThat(fetch(":socratic/train").files())
                .containsExactly(snapshot().resolve("socratic/train-00000-of-00001.parquet"));
        assertThat(fetch(":test").files())
                .containsExactly(snapshot().resolve("data/test-00000-of-00001-0a1b2c.parquet"));
        assertThat(fetch("@" + COMMIT + ":extra.jsonl").files())
                .containsExactly(snapshot().resolve("extra.jsonl"));
    }

    @Test
    void withoutAPartTheChoiceIsTheUsers() {
        HubException several = refused("");
        assertThat(several.kind()).isEqualTo(Kind.UNSUITABLE);
        assertThat(several)
                .hasMessage(
                        "hub: data set tiny/student: has several parts; give one of\n  tiny/student:socratic/train\n"
                                + "  tiny/student:test\n  tiny/student:train");
        assertThat(refused(":main/train"))
                .hasMessageContaining("there is no such part or file; give one of\n  tiny/student:socratic/train");
    }

    @Test
    void theHubsOwnCopyAndOnePart() throws IOException {
        server.move(
                COMMIT,
                Map.of("default/train/0000.parquet", new byte[] {1}, "default/train/0001.parquet", new byte[] {2, 3}));
        assertThat(fetch("@refs/convert/parquet").files())
                .containsExactly(
                        snapshot().resolve("default/train/0000.parquet"),
                        snapshot().resolve("default/train/0001.parquet"));
        server.move(COMMIT, Map.of("load.py", new byte[] {1}));
        assertThat(refused("@old"))
                .hasMessageContaining(
                        "must hold files of Parquet or JSON lines, and does not; try the hub's own copy of"
                                + " it: tiny/student@refs/convert/parquet:CONFIG/SPLIT");
    }

    @Test
    void aCutFetchGoesOnWhereItWas() throws IOException {
        server.next("cdn /data/train-00000-of-00002.parquet", new ScriptedHub.Fault.Cut(100));
        assertThat(fetch(":train").files()).hasSize(2);
        assertThat(server.log().stream()
                        .filter(request -> request.path().endsWith("train-00000-of-00002.parquet")
                                && request.host().equals("cdn"))
                        .map(ScriptedHub.Request::from))
                .containsExactly(0L, 100L);
        assertThat(snapshot().resolve("data/train-00000-of-00002.parquet"))
                .hasBinaryContent(content("data/train-00000-of-00002.parquet"));
    }

    @Test
    void otherBytesThanTheListNamesAreNotKept() {
        server.next(
                "cdn /data/train-00001-of-00002.parquet",
                new ScriptedHub.Fault.Content(new byte[content("data/train-00001-of-00002.parquet").length]));
        assertThat(refused(":train").kind()).isEqualTo(Kind.DAMAGED);
        assertThat(snapshot().resolve("data/train-00001-of-00002.parquet")).doesNotExist();
    }

    @Test
    void offlineOnlyWhatIsWhole() throws IOException {
        Hub offline = new Hub(new HubSettings(server.url(), cache, ApiKey.NONE, true));
        assertThat(catchThrowableOfType(
                        HubException.class, () -> offline.fetchDataset(id(":train"), HubListener.NONE, () -> false)))
                .hasMessageContaining("has nothing of it; unset it, or fetch the data set where there is a network");
        Hub.Dataset fetched = fetch(":train");
        assertThat(offline.fetchDataset(id(":train"), HubListener.NONE, () -> false))
                .isEqualTo(fetched);
        assertThat(offline.datasetInCache(id(":train"))).contains(fetched);
        assertThat(offline.datasetInCache(id(":test"))).isEmpty();
        Files.delete(snapshot().resolve("data/train-00001-of-00002.parquet"));
        assertThat(catchThrowableOfType(
                        HubException.class, () -> offline.fetchDataset(id(":train"), HubListener.NONE, () -> false)))
                .hasMessageContaining("lacks 1 files of train");
    }

    @Test
    void filesThatAreNotThereAreNoRepositories() throws IOException {
        Path here = Files.writeString(cache.resolve("a.jsonl"), "");
        assertThat(DataSource.of("x/a.jsonl", here)).isEqualTo(new DataSource.Local("x/a.jsonl", here));
        Path lost = cache.resolve("lost");
        assertThat(DataSource.of("x/a.jsonl", lost)).isInstanceOf(DataSource.Missing.class);
        assertThat(DataSource.of("a b", lost)).isInstanceOf(DataSource.Missing.class);
        assertThat(DataSource.of("open-r1/OpenR1-Math-220k:default/train", lost))
                .isEqualTo(new DataSource.OnHub(
                        "open-r1/OpenR1-Math-220k:default/train",
                        new HubId(HubKind.DATASET, "open-r1/OpenR1-Math-220k", "main", "default/train")));
    }
}
