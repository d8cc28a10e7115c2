package dev.distill.hub;

import static dev.distill.hub.ScriptedHub.COMMIT;
import static dev.distill.hub.ScriptedHub.REPOSITORY;
import static dev.distill.hub.TinyModel.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.hub.HubException.Kind;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched, what is not fetched again, and how the cache looks then. */
class HubFetchIT {
    private static final String OTHER_COMMIT = "2222222222222222222222222222222222222222";
    private static final HubId ID = HubId.parse(REPOSITORY).orElseThrow();

    @TempDir
    Path cache;

    private final Map<String, byte[]> files = TinyModel.files(1);
    private ScriptedHub server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedHub(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Hub.Fetched fetch(HubId id) throws IOException {
        return server.client(cache).fetch(id, HubListener.NONE, () -> false);
    }

    private Path model() {
        return cache.resolve("models--tiny--student");
    }

    @Test
    void theFilesThatAModelNeedsLieInTheCacheAsPythonKeepsThem() throws IOException {
        Hub.Fetched fetched = fetch(ID);

        assertThat(fetched.commit()).isEqualTo(COMMIT);
        assertThat(fetched.path()).isEqualTo(model().resolve("snapshots").resolve(COMMIT));
        assertThat(names(fetched.path()))
                .containsExactlyInAnyOrder("README.md", "LICENSE", "config.json", "tokenizer.json", WEIGHTS);
        for (String name : names(fetched.path())) {
            Path file = fetched.path().resolve(name);
            String etag = TinyModel.etag(files, name);
            assertThat(Files.readSymbolicLink(file)).isEqualTo(Path.of("../../blobs/" + etag));
            assertThat(file).hasBinaryContent(TinyModel.content(files, name));
        }
        assertThat(model().resolve("refs/main")).hasContent(COMMIT);
        assertThat(names(model().resolve("blobs"))).hasSize(5).noneMatch(name -> name.endsWith(".incomplete"));
        assertThat(names(cache)).containsExactlyInAnyOrder("models--tiny--student", ".locks", "CACHEDIR.TAG");
    }

    @Test
    void whatIsThereIsNotFetchedAgain() throws IOException {
        fetch(ID);
        int contents = server.contents().size();
        Recording listener = new Recording();

        server.client(cache).fetch(ID, listener, () -> false);
        assertThat(server.contents().subList(contents, server.contents().size()))
                .extracting(ScriptedHub.Request::path)
                .containsExactly("/api/models/tiny/student/revision/main");
        assertThat(listener.heard).isEmpty();

        int requests = server.log().size();
        fetch(ID.at(COMMIT)); // a commit never changes: nobody is asked
        assertThat(server.log()).hasSize(requests);
    }

    @Test
    void progressCountsTheBytesOfAllFiles() throws IOException {
        long all = TinyModel.neededBytes(files);
        Recording listener = new Recording();
        server.client(cache).fetch(ID, listener, () -> false);

        assertThat(listener.heard.getFirst()).isEqualTo("begin " + all + " 0");
        assertThat(listener.heard.getLast()).isEqualTo(WEIGHTS + " " + all);
        assertThat(listener.heard).doesNotContain("waiting");
    }

    @Test
    void aBranchThatMovesOnSharesWhatHasNotChanged() throws IOException {
        fetch(ID);
        Map<String, byte[]> moved = new HashMap<>(files);
        moved.put("config.json", TinyModel.text("{\"model_type\": \"llama\"}"));
        server.move(OTHER_COMMIT, moved);
        int before = server.log().size();

        Hub.Fetched fetched = fetch(ID);
        assertThat(fetched.commit()).isEqualTo(OTHER_COMMIT);
        assertThat(fetched.path().resolve("config.json")).hasBinaryContent(moved.get("config.json"));
        assertThat(fetched.path().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(model().resolve("refs/main")).hasContent(OTHER_COMMIT);
        assertThat(model().resolve("snapshots").resolve(COMMIT).resolve("config.json"))
                .hasBinaryContent(files.get("config.json"));
        assertThat(server.log().subList(before, server.log().size()))
                .extracting(ScriptedHub.Request::path)
                .contains("/api/resolve-cache/config.json")
                .doesNotContain("/" + WEIGHTS);
    }

    @Test
    void aListWithoutHashesIsCompletedByAsking() throws IOException {
        server.tellNoHashes();
        assertThat(fetch(ID).path().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(server.log())
                .filteredOn(request -> request.method().equals("HEAD"))
                .extracting(ScriptedHub.Request::host)
                .containsOnly("hub");
    }

    @Test
    void anotherRevisionHasARefOfItsOwn() throws IOException {
        Hub.Fetched fetched = fetch(HubId.parse(REPOSITORY + "@refs/pr/7").orElseThrow());
        assertThat(fetched.path()).isDirectory();
        assertThat(model().resolve("refs/refs/pr/7")).hasContent(COMMIT);
        assertThat(model().resolve("refs/main")).doesNotExist();
        assertThat(server.log().getFirst().path()).isEqualTo("/api/models/tiny/student/revision/refs/pr/7");
    }

    @Test
    void aGgufFileIsFetchedAlone() throws IOException {
        server.move(COMMIT, Map.of("a-Q4_K_M.gguf", TinyModel.bytes(3, 1000), "a-Q8_0.gguf", TinyModel.bytes(4, 2000)));
        Hub.Fetched fetched = fetch(HubId.parse(REPOSITORY + ":a-Q8_0.gguf").orElseThrow());
        assertThat(fetched.path()).hasBinaryContent(TinyModel.bytes(4, 2000));
        assertThat(names(model().resolve("snapshots").resolve(COMMIT))).containsExactly("a-Q8_0.gguf");
    }

    @Test
    void withoutANetworkTheCacheAloneIsUsed() throws IOException {
        HubSettings offline = new HubSettings(server.url(), cache, ApiKey.NONE, true);
        assertThat(refusal(offline))
                .isEqualTo("hub: tiny/student: HF_HUB_OFFLINE allows only the cache, and " + cache
                        + " has nothing of it; unset it, or fetch the model where there is a network");
        Hub.Fetched fetched = fetch(ID);
        int requests = server.log().size();
        assertThat(new Hub(offline).fetch(ID, HubListener.NONE, () -> false)).isEqualTo(fetched);
        assertThat(server.log()).hasSize(requests);

        Files.delete(fetched.path().resolve(WEIGHTS));
        assertThat(refusal(offline)).contains("lacks model.safetensors;");
    }

    private String refusal(HubSettings settings) {
        HubException refused = catchThrowableOfType(
                HubException.class, () -> new Hub(settings).fetch(ID, HubListener.NONE, () -> false));
        assertThat(refused.kind()).isEqualTo(Kind.OFFLINE);
        return String.valueOf(refused.getMessage());
    }

    @Test
    void aHubThatIsAwayLeavesTheCache() throws IOException {
        Hub.Fetched fetched = fetch(ID);
        server.close();
        assertThat(fetch(ID)).isEqualTo(fetched);
    }

    @Test
    void aTruncatedFileInTheCacheIsFetchedAgain() throws IOException {
        Hub.Fetched fetched = fetch(ID);
        Path blob = fetched.path().resolve(WEIGHTS).toRealPath();
        Files.write(blob, TinyModel.bytes(1, 10));
        assertThat(fetch(ID).path().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
    }

    @Test
    void aCacheOfCopiesInPlaceOfLinksIsUsedAsItIs() throws IOException {
        Path snapshot = Files.createDirectories(model().resolve("snapshots").resolve(COMMIT));
        for (String name : TinyModel.needed(files)) {
            Files.write(snapshot.resolve(name), TinyModel.content(files, name));
        }
        assertThat(fetch(ID).path()).isEqualTo(snapshot);
        assertThat(server.contents()).hasSize(1); // the list
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static final class Recording implements HubListener {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void begin(HubId id, long bytes, long done) {
            heard.add("begin " + bytes + " " + done);
        }

        @Override
        public void fetched(String file, long done) {
            heard.add(file + " " + done);
        }

        @Override
        public void waiting(String file) {
            heard.add("waiting");
        }
    }
}
