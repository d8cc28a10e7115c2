package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.hub.ScriptedHub;
import dev.distill.hub.ScriptedHub.Fault;
import dev.distill.hub.ScriptedHub.Request;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.TeacherConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are given a hub id, as processes of their own: the environment says which hub, and they can be killed. */
class HubCommandIT {
    private static final String MODEL = ScriptedHub.REPOSITORY;
    private static final String ON_CDN = "cdn /model.safetensors";
    private static final String OTHER_COMMIT = "2".repeat(40);

    @TempDir
    static Path made;

    private static Path recipe;
    private static Map<String, byte[]> files = Map.of();

    @TempDir
    Path folder;

    private ScriptedHub server;

    /** A student that was trained and exported here is what the hub holds. */
    @BeforeAll
    static void make() throws IOException {
        Path run = made.resolve("run");
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(TeacherConfig.of(7, made.resolve("teacher.jsonl")))) {
            recipe = TinyRecipe.write(made, teacher);
            Said said = Said.by("run", recipe, "--dir", run);
            assertThat(said.code()).as(said.err()).isZero();
        }
        files = new LinkedHashMap<>();
        try (Stream<Path> export = Files.list(run.resolve("export"))) {
            for (Path file : export.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedHub(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Process process(Object... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // they live for a second or two
                "--add-modules=jdk.incubator.vector",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.distill.cli.Main"));
        Arrays.stream(words).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("HF_") || name.startsWith("HUGGING"));
        environment.put("HF_ENDPOINT", server.url().toString());
        environment.put("HF_HOME", folder.resolve("hf").toString());
        return builder.start();
    }

    private int run(Object... words) throws Exception {
        return process(words).waitFor();
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("out").toFile());
    }

    @Test
    void aModelOfTheHubIsFetchedOnceAndAnswersUnderItsId() throws Exception {
        Object[] words = {"generate", "-m", MODEL, "-p", "What is 2+2?", "--max-new-tokens", 3, "--json"};
        assertThat(run(words)).as(err()).isZero();
        assertThat(json().path("model").asText()).isEqualTo(MODEL);
        assertThat(json().at("/completions/0/tokens").asInt()).isBetween(1, 3);
        assertThat(err()).contains("fetch tiny/student (MB)");
        String first = json().path("completions").toString();

        int requests = server.log().size();
        assertThat(run(words)).as(err()).isZero();
        assertThat(json().path("completions")).hasToString(first);
        assertThat(err()).doesNotContain("fetch");
        assertThat(server.log()).hasSize(requests + 1); // is the branch still where it was?
    }

    @Test
    void aModelOfTheHubIsMeasuredUnderItsId() throws Exception {
        assertThat(run("bench", "generate", "-m", MODEL, "--prompt-tokens", 4, "--new-tokens", 2, "--json"))
                .as(err())
                .isZero();
        assertThat(json().path("model").asText()).isEqualTo(MODEL);
        assertThat(json().path("decode_tokens_per_s").asDouble()).isPositive();
        assertThat(err()).contains("fetch tiny/student (MB)");
    }

    @Test
    void aKilledFetchLeavesNothingThatLooksWholeAndGoesOn() throws Exception {
        server.next(ON_CDN, new Fault.Stall(10_000));
        Process killed = process("inspect", MODEL);
        Path blobs = folder.resolve("hf/hub/models--tiny--student/blobs");
        Path part = awaitIncomplete(blobs);
        killed.destroyForcibly().waitFor();
        assertThat(Files.size(part)).isEqualTo(10_000);
        assertThat(blobs.resolveSibling("refs")).doesNotExist();
        assertThat(Path.of(part.toString().replace(".incomplete", ""))).doesNotExist();

        assertThat(run("inspect", MODEL, "--json")).as(err()).isZero();
        assertThat(json().path("kind").asText()).isEqualTo("model");
        assertThat(server.log())
                .filteredOn(request -> request.host().equals("cdn"))
                .extracting(Request::from)
                .containsExactly(0L, 10_000L);
    }

    /** The file that is on its way, once all that the server sends of it is on the disk. */
    private static Path awaitIncomplete(Path blobs) throws Exception {
        while (true) {
            if (Files.isDirectory(blobs)) {
                try (Stream<Path> found = Files.list(blobs)) {
                    for (Path file : found.toList()) {
                        if (file.toString().endsWith(".incomplete") && Files.size(file) == 10_000) {
                            return file;
                        }
                    }
                } catch (NoSuchFileException e) {
                    // a smaller file was finished, and renamed, since the folder was listed: look again
                }
            }
            Thread.sleep(10);
        }
    }

    @Test
    void anInterruptedFetchSaysHowToGoOn() throws Exception {
        server.next(ON_CDN, new Fault.Stall(10_000));
        Process interrupted = process("inspect", MODEL);
        awaitIncomplete(folder.resolve("hf/hub/models--tiny--student/blobs"));
        new ProcessBuilder("kill", "-TERM", Long.toString(interrupted.pid())).start();
        assertThat(interrupted.waitFor()).isEqualTo(ExitCode.TERMINATED);
        assertThat(err()).contains("hub: stopped; what has come is kept, and the same command goes on from there");
    }

    @Test
    void aModelThatIsNowhereIsLookedForInBothPlaces() throws Exception {
        assertThat(run("generate", "-m", "tiny/other", "-p", "Hi")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(err())
                .contains("distill: hub: " + server.url() + " has no model tiny/other that everybody may see")
                .contains("(nor is there a file or folder tiny/other)");
    }

    @Test
    void aRunStaysWithTheCommitThatItBeganWith() throws Exception {
        String text = Files.readString(recipe).replaceFirst("shape: \\{.*}", "base: " + MODEL);
        Path own = Files.writeString(recipe.resolveSibling("hub.yaml"), text);
        Path run = made.resolve("run"); // has its harvest and its curation
        Object[] train = {"train", own, "--dir", run, "--set", "train.mode=lora", "--json"};
        assertThat(run(train)).as(err()).isZero();
        assertThat(run.resolve("base.commit")).hasContent(MODEL + " " + ScriptedHub.COMMIT);

        Map<String, byte[]> moved = new LinkedHashMap<>(files);
        moved.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        server.move(OTHER_COMMIT, moved);
        int requests = server.log().size();
        assertThat(run("export", own, "--dir", run, "--set", "train.mode=lora", "--json"))
                .as(err())
                .isZero();
        assertThat(server.log()).hasSize(requests);
        assertThat(Files.readString(run.resolve("export/README.md"))).contains("base_model: \"" + MODEL + "\"");
        assertThat(Files.readString(run.resolve("export/adapter/adapter_config.json")))
                .contains("\"" + MODEL + "\"");
    }
}
