package dev.distill.hub;

import static dev.distill.hub.ScriptedHub.COMMIT;
import static dev.distill.hub.ScriptedHub.REPOSITORY;
import static dev.distill.hub.TinyModel.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.hub.HubException.Kind;
import dev.distill.hub.ScriptedHub.Fault;
import dev.distill.hub.ScriptedHub.Request;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, in which words; and that nothing of it stays. */
class HubRefusalsIT {
    private static final String TOKEN = "hf_abcdefghijklmnopqrstuvwxyz";
    private static final String LIST = "hub /api/models/tiny/student/revision/main";

    @TempDir
    Path folder;

    private Path cache;
    private final Map<String, byte[]> files = new HashMap<>(TinyModel.files(3));
    private ScriptedHub server;

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("cache");
        server = new ScriptedHub(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HubException refused(String id) {
        return refused(id, server.client(cache));
    }

    private static HubException refused(String id, Hub hub) {
        HubId parsed = HubId.parse(id).orElseThrow();
        return catchThrowableOfType(HubException.class, () -> hub.fetch(parsed, HubListener.NONE, () -> false));
    }

    @Test
    void bytesThatAreNotWhatTheyAreCalledAreThrownAway() throws IOException {
        byte[] other = TinyModel.bytes(99, TinyModel.WEIGHT_BYTES);
        server.next("cdn /" + WEIGHTS, new Fault.Content(other));
        HubException refused = refused(REPOSITORY);
        assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(refused)
                .hasMessage(
                        "hub: tiny/student: model.safetensors: must be the file that the hub's list names; its bytes"
                                + " have the hash " + ScriptedHub.etag(WEIGHTS, other) + " where the hub's list says "
                                + TinyModel.etag(files, WEIGHTS)
                                + ". It was thrown away; the same command fetches it again, and if that does not help, tell"
                                + " those who run the server");
        assertThat(all(cache)).noneMatch(name -> name.contains(TinyModel.etag(files, WEIGHTS) + ".inc"));
        assertThat(all(cache)).noneMatch(name -> name.endsWith("refs/main"));
    }

    @Test
    void smallFilesAreCheckedToo() {
        server.next(
                "hub /api/resolve-cache/config.json", new Fault.Content(TinyModel.text("{\"model_type\": \"gpt2!\"}")));
        assertThat(refused(REPOSITORY)).hasMessageContaining("config.json: must be the file that the hub's list names");
    }

    @Test
    void moreBytesThanTheListSaysAreNotTaken() {
        server.next("cdn /" + WEIGHTS, new Fault.Content(TinyModel.bytes(99, TinyModel.WEIGHT_BYTES + 5)));
        assertThat(refused(REPOSITORY))
                .hasMessageContaining("the server sends more than its " + TinyModel.WEIGHT_BYTES + " bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.json",
                "/etc/evil.json",
                "a/../../evil.json",
                "..\\evil.json",
                "C:evil.json",
                "a//b.json",
                "",
                "tokenizer/..",
                "tokenizer\nevil.json"
            })
    void namesThatLeadOutOfTheModelAreRefused(String name) throws IOException {
        files.put(name, TinyModel.text("{}"));
        server.move(COMMIT, files);
        HubException refused = refused(REPOSITORY);
        assertThat(refused.kind()).isEqualTo(Kind.UNSAFE);
        assertThat(refused)
                .hasMessageContaining("names of files must be plain paths inside the model; the list has \""
                        + name.replace('\n', '?') + "\", so nothing is fetched");
        assertThat(cache).doesNotExist();
        assertThat(all(folder)).noneMatch(path -> path.contains("evil"));
    }

    @Test
    void aGatedModelSaysHowToGetIn() {
        server.demand(TOKEN);
        HubException refused = refused(REPOSITORY);
        assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(refused)
                .hasMessageContaining(
                        "hub: tiny/student is given only to those who have agreed to its terms (status 401")
                .hasMessageContaining("agree at " + server.url() + "/tiny/student, and give a token of that account in"
                        + " HF_TOKEN");
    }

    @Test
    void theTokenGoesToTheHubAlone() throws IOException {
        server.demand(TOKEN);
        Hub hub = new Hub(new HubSettings(server.url(), cache, ApiKey.of(TOKEN), false), ScriptedHub.HASTY);
        hub.fetch(HubId.parse(REPOSITORY).orElseThrow(), HubListener.NONE, () -> false);
        assertThat(server.log())
                .filteredOn(request -> request.host().equals("hub"))
                .extracting(Request::authorization)
                .containsOnly("Bearer " + TOKEN);
        assertThat(server.log())
                .filteredOn(request -> request.host().equals("cdn"))
                .isNotEmpty()
                .extracting(Request::authorization)
                .containsOnly("");
    }

    @Test
    void theTokenIsInNoMessage() {
        server.demand("hf_another");
        Hub hub = new Hub(new HubSettings(server.url(), cache, ApiKey.of(TOKEN), false), ScriptedHub.HASTY);
        HubException refused = refused(REPOSITORY, hub);
        assertThat(refused)
                .hasMessageContaining("you sent Bearer ***")
                .hasMessageContaining("account whose token is used");
        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("hf_", TOKEN.substring(8));
    }

    @Test
    void aModelThatIsNotThereIsSaidToBeMissing() {
        HubException refused = refused("tiny/other");
        assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused)
                .hasMessage(
                        "hub: " + server.url() + " has no model tiny/other that everybody may see (status 404); check"
                                + " the name, or give a token in HF_TOKEN if it is private");
    }

    @Test
    void aRevisionThatIsNotThereIsSaidToBeMissing() {
        server.next(
                "hub /api/models/tiny/student/revision/v9", new Fault.Status(404, "X-Error-Code: RevisionNotFound"));
        assertThat(refused(REPOSITORY + "@v9"))
                .hasMessage("hub: tiny/student has no branch, tag or commit v9; see " + server.url()
                        + "/tiny/student/tree/main");
    }

    @Test
    void aTokenThatIsNotValidIsSaidToBeSo() {
        server.next(LIST, new Fault.Status(401, "X-Error-Message: Invalid credentials in Authorization header"));
        Hub hub = new Hub(new HubSettings(server.url(), cache, ApiKey.of(TOKEN), false), ScriptedHub.HASTY);
        assertThat(refused(REPOSITORY, hub))
                .hasMessageContaining("does not take the token")
                .hasMessageContaining("give one that is valid in HF_TOKEN, or none");
    }

    @Test
    void redirectsToWhereOthersCanReadAreNotFollowed() {
        server.next(LIST, new Fault.Status(302, "Location: http://hub.example/list"));
        HubException refused = refused(REPOSITORY);
        assertThat(refused.kind()).isEqualTo(Kind.UNSAFE);
        assertThat(refused)
                .hasMessage(
                        "hub: tiny/student: redirects must lead to https, or to this machine; the server sends us to"
                                + " http://hub.example");
    }

    @Test
    void redirectsInACircleEnd() {
        Fault circle = new Fault.Status(302, "Location: /api/models/tiny/student/revision/main");
        for (int i = 0; i < 11; i++) {
            server.next(LIST, circle);
        }
        assertThat(refused(REPOSITORY)).hasMessageContaining("more than 10 redirects");
    }

    @Test
    void whatIsNoHubIsSaidToBeNone() {
        server.next(LIST, new Fault.Status(200));
        assertThat(refused(REPOSITORY))
                .hasMessageContaining(
                        "the server answers with no commit (sha) and no list of files (siblings) where its"
                                + " list of files must be; is HF_ENDPOINT the address of a hub?");
    }

    @Test
    void aDiskWithoutRoomIsFoundBeforeTheFirstByte() {
        String list =
                "{\"sha\": \"%s\", \"siblings\": [{\"rfilename\": \"config.json\", \"size\": 2, \"blobId\": \"%s\"},"
                                .formatted(COMMIT, "a".repeat(40))
                        + "{\"rfilename\": \"model.safetensors\", \"lfs\": {\"sha256\": \"%s\", \"size\": 4000000000000000}}]}"
                                .formatted("b".repeat(64));
        server.answerList(TinyModel.text(list));
        HubException refused = refused(REPOSITORY);
        assertThat(refused.kind()).isEqualTo(Kind.NO_SPACE);
        assertThat(refused)
                .hasMessageContaining("hub: tiny/student: needs 4000000001 MB more in " + cache + ", which has ")
                .hasMessageContaining(" MB left; make room, or name a folder on another disk in HF_HUB_CACHE");
        assertThat(server.contents()).hasSize(1);
    }

    @Test
    void severalGgufFilesAreAQuestion() {
        server.move(COMMIT, Map.of("a-Q4_K_M.gguf", new byte[10], "README.md", new byte[5]));
        HubException refused = refused(REPOSITORY);
        assertThat(refused.kind()).isEqualTo(Kind.UNSUITABLE);
        assertThat(refused)
                .hasMessage("hub: tiny/student: must hold model.safetensors, or shards and their index; give one of\n"
                        + "  tiny/student:a-Q4_K_M.gguf");
        assertThat(refused(REPOSITORY + ":b.gguf"))
                .hasMessage(
                        "hub: tiny/student:b.gguf: there is no such file; give one of\n  tiny/student:a-Q4_K_M.gguf");
    }

    private static List<String> all(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).toList();
        }
    }
}
