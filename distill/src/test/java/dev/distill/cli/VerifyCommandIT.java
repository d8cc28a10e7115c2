package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.TeacherConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code distill verify} as a user gives it: the embedded teacher knows nothing of programs, and is found out. */
class VerifyCommandIT {
    @TempDir
    Path folder;

    private EmbeddedTeacher teacher;
    private Path recipe;

    @BeforeEach
    void start() throws IOException {
        teacher = EmbeddedTeacher.start(TeacherConfig.of(7, folder.resolve("teacher.jsonl")));
        recipe = TinyRecipe.write(folder, teacher);
        ObjectMapper json = new ObjectMapper();
        Path prompts = folder.resolve("prompts.jsonl");
        List<String> lines = Files.readAllLines(prompts);
        JsonNode first = json.readTree(lines.getFirst());
        lines.set(
                0,
                json.createObjectNode()
                        .put("question", first.path("question").asText())
                        .put("reference", "{\"tests\": [{\"input\": \"\", \"output\": \"1\"}]}")
                        .toString());
        Files.write(prompts, lines);
    }

    @AfterEach
    void stop() throws IOException {
        teacher.close();
    }

    private Said by(String command, String... more) {
        Object[] words = Stream.concat(
                        Stream.of(command, recipe, "--dir", folder.resolve("run"), "--json"), Stream.of(more))
                .toArray();
        return Said.by(words);
    }

    @Test
    void withoutASandboxItSaysWhichKeyToSet() {
        Said said = by("verify");

        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err()).contains("verify.sandbox: is none");
    }

    @Test
    void aRunVerifiesBetweenHarvestAndCuration() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
        Said said = by("run", "--to", "curate", "--set", "verify.sandbox=bubblewrap");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode json = said.json();

        assertThat(json.at("/verify/read")).isEqualTo(json.at("/harvest/completed"));
        assertThat(json.at("/verify/verified").asInt()).isBetween(1, 2);
        assertThat(json.at("/verify/passed").asInt()).isZero();
        assertThat(json.at("/verify/reasons").fieldNames()).toIterable().containsExactly("no-code");
        assertThat(json.at("/curate/dropped").has("code")).isTrue();
        Said again = by("verify", "--set", "verify.sandbox=bubblewrap");
        assertThat(again.json()).isEqualTo(json.path("verify"));
    }
}
