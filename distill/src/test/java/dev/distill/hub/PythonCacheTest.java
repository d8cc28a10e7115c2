package dev.distill.hub;

import static dev.distill.hub.ScriptedHub.COMMIT;
import static dev.distill.hub.ScriptedHub.REPOSITORY;
import static dev.distill.hub.TinyModel.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One cache for us and for the real huggingface_hub: what one has fetched the other uses, and they wait for each other.
 * {@code -Ddistill.python=} names a Python that has huggingface_hub (2.4.0 when this was written).
 */
@Tag("slow")
@Timeout(120)
class PythonCacheTest {
    private static final HubId ID = HubId.parse(REPOSITORY).orElseThrow();
    private static final String PYTHON = System.getProperty("distill.python", "");

    @TempDir
    Path folder;

    private Path cache;
    private final Map<String, byte[]> files = TinyModel.files(5);
    private ScriptedHub server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(!PYTHON.isEmpty(), "no Python to compare with: set -Ddistill.python to one with huggingface_hub");
        cache = folder.resolve("cache");
        server = new ScriptedHub(files);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private Hub.Fetched fetch() throws IOException {
        return server.client(cache).fetch(ID, HubListener.NONE, () -> false);
    }

    private Process python(boolean offline, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(PYTHON, "-c", "import sys\n" + script)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("HF_") || name.startsWith("HUGGING"));
        environment.put("HF_ENDPOINT", server.url().toString());
        environment.put("HF_HOME", folder.resolve("home").toString());
        environment.put("HF_HUB_CACHE", cache.toString());
        environment.put("HF_HUB_DISABLE_XET", "1");
        environment.put("HF_HUB_DISABLE_TELEMETRY", "1");
        environment.put("HF_HUB_DISABLE_PROGRESS_BARS", "1");
        environment.put("HF_HUB_OFFLINE", offline ? "1" : "0");
        return builder.start();
    }

    /** What the script printed, line by line. */
    private List<String> run(boolean offline, String script) throws Exception {
        Process process = python(offline, script);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().toList();
    }

    @Test
    void pythonUsesWhatWeFetched() throws Exception {
        Path ours = fetch().path();
        int requests = server.log().size();
        List<String> out = run(true, """
                from huggingface_hub import *
                print(snapshot_download("tiny/student"))
                for name in ["config.json", "model.safetensors", "LICENSE"]:
                    print(hf_hub_download("tiny/student", name))
                print(try_to_load_from_cache("tiny/student", "tokenizer.json"))
                found = scan_cache_dir()
                print(len(found.warnings), len(found.incomplete_files))
                for repo in found.repos:
                    print(repo.repo_id, repo.nb_files, [(r.commit_hash, sorted(r.refs)) for r in repo.revisions])
                """);
        assertThat(out)
                .containsExactly(
                        ours.toString(),
                        ours.resolve("config.json").toString(),
                        ours.resolve(WEIGHTS).toString(),
                        ours.resolve("LICENSE").toString(),
                        ours.resolve("tokenizer.json").toString(),
                        "0 0",
                        REPOSITORY + " 5 [('" + COMMIT + "', ['main'])]");
        assertThat(server.log()).hasSize(requests);
    }

    @Test
    void pythonWithANetworkFetchesNothingAgain() throws Exception {
        Path ours = fetch().path();
        int requests = server.log().size();
        List<String> out = run(false, """
                from huggingface_hub import *
                print(snapshot_download("tiny/student", allow_patterns=["*.json", "model.safetensors", "LICENSE"]))
                """);
        assertThat(out).containsExactly(ours.toString());
        assertThat(server.log().subList(requests, server.log().size()))
                .filteredOn(request -> request.sent() > 0)
                .extracting(ScriptedHub.Request::path)
                .allMatch(path -> path.startsWith("/api/models/")); // lists, no contents
    }

    @Test
    void weUseWhatPythonFetched() throws Exception {
        String theirs = run(false, """
                from huggingface_hub import *
                print(snapshot_download("tiny/student"))
                """).getFirst();
        int requests = server.log().size();
        assertThat(fetch().path()).hasToString(theirs);
        assertThat(server.log()).hasSize(requests + 1); // the list
        Hub offline = new Hub(new HubSettings(server.url(), cache, ApiKey.NONE, true));
        assertThat(offline.fetch(ID, HubListener.NONE, () -> false).path()).hasToString(theirs);
        assertThat(server.log()).hasSize(requests + 1);
    }

    @Test
    void weWaitForPythonsLock() throws Exception {
        RemoteFile weights = RemoteFile.of(
                        WEIGHTS, TinyModel.content(files, WEIGHTS).length, TinyModel.etag(files, WEIGHTS))
                .orElseThrow();
        HubCache paths = new HubCache(cache, ID);
        paths.prepare();
        Process python = python(false, """
                from huggingface_hub.utils import WeakFileLock
                with WeakFileLock("%s"):
                    print("held", flush=True)
                    sys.stdin.readline()
                """.formatted(paths.lock(weights)));
        assertThat(python.inputReader().readLine()).isEqualTo("held");
        try (CacheLock _ = CacheLock.take(paths.lock(weights), () -> release(python), () -> false)) {
            assertThat(python.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(python.exitValue()).isZero();
        }
    }

    private static void release(Process python) {
        try (var in = python.outputWriter()) {
            in.write("\n");
        } catch (IOException e) {
            throw new IllegalStateException("python is gone", e);
        }
    }

    @Test
    void pythonWaitsForOurLock() throws Exception {
        Process[] python = new Process[1];
        server.client(cache)
                .fetch(
                        ID,
                        new HubListener() {
                            @Override
                            public void begin(HubId id, long bytes, long done) {}

                            @Override
                            public void waiting(String file) {}

                            @Override
                            public void fetched(String file, long done) {
                                if (file.equals(WEIGHTS) && python[0] == null) {
                                    python[0] = beginInPython();
                                }
                            }
                        },
                        () -> false);
        assertThat(python[0].waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(python[0].exitValue()).isZero();
        assertThat(Files.readString(folder.resolve("there"))).isEqualTo("yes");
        assertThat(server.log())
                .filteredOn(request ->
                        request.host().equals("cdn") && request.method().equals("GET"))
                .hasSize(1);
    }

    /** Lets Python ask for the weights while we are in their middle, and gives it the time to begin, were it to begin. */
    private Process beginInPython() {
        try {
            Process process = python(false, """
                    from huggingface_hub import *
                    path = hf_hub_download("tiny/student", "model.safetensors")
                    open("%s", "w").write("yes" if len(open(path, "rb").read()) == %d else "no")
                    """.formatted(folder.resolve("there"), TinyModel.WEIGHT_BYTES));
            while (server.log().stream().noneMatch(request -> request.method().equals("HEAD")) && process.isAlive()) {
                Thread.sleep(10);
            }
            Thread.sleep(500);
            return process;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
