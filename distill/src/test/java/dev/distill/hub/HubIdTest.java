package dev.distill.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an id, what is a path, and what is neither. */
class HubIdTest {
    @ParameterizedTest
    @CsvSource({
        "Qwen/Qwen2.5-0.5B, Qwen/Qwen2.5-0.5B, main, ",
        "Qwen/Qwen2.5-0.5B@v1.0, Qwen/Qwen2.5-0.5B, v1.0, ",
        "a/b@refs/pr/3, a/b, refs/pr/3, ",
        "a/b:c-Q4_K_M.gguf, a/b, main, c-Q4_K_M.gguf",
        "a/b@v1:Q4/c d.gguf, a/b, v1, Q4/c d.gguf",
        "a_b/c.d-e_1, a_b/c.d-e_1, main, "
    })
    void anIdHasAnOwnerANameAndPerhapsMore(String text, String repository, String revision, String file) {
        HubId id = HubId.parse(text).orElseThrow();
        assertThat(id).isEqualTo(new HubId(HubKind.MODEL, repository, revision, file));
        assertThat(id.toString()).isEqualTo(text);
    }

    /** The rules of names are those of huggingface_hub's validate_repo_id; the rest could lead out of a folder. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "a/b/c",
                "./a/b",
                "../b",
                "/a/b",
                "~/b",
                "a/.b",
                "-a/b",
                "a/b-",
                "a--b/c",
                "a/b..c",
                "a/b c",
                "caf\u00e9/b",
                "a/b@",
                "a/b@../x",
                "a/b@/x",
                "a/b@x//y",
                "a/b@x/",
                "a/b:c.bin",
                "a/b:../c.gguf",
                "a/b:/c.gguf",
                "a/b:c\\d.gguf",
                ""
            })
    void otherTextsAreNone(String text) {
        assertThat(HubId.parse(text)).isEmpty();
    }

    @Test
    void aNameIsAtMost96Letters() {
        assertThat(HubId.parse("a/" + "b".repeat(96))).isPresent();
        assertThat(HubId.parse("a/" + "b".repeat(97))).isEmpty();
    }

    @Test
    void whatIsOnTheDiskComesFirst(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("a/b");
        assertThat(ModelSource.of("a/b", path))
                .isEqualTo(new ModelSource.OnHub(HubId.parse("a/b").orElseThrow(), path));
        Files.createDirectories(path);
        assertThat(ModelSource.of("a/b", path)).isEqualTo(new ModelSource.Local(path));
    }

    @Test
    void whatIsNeitherSaysWhatWasLookedFor(@TempDir Path folder) {
        Path path = folder.resolve("runs/a/b");
        assertThat(ModelSource.of("runs/a/b", path))
                .isInstanceOfSatisfying(
                        ModelSource.Missing.class,
                        missing -> assertThat(missing.message())
                                .isEqualTo(
                                        "runs/a/b (" + path + "): there is no such file or folder, and it is no hub id"
                                                + " (OWNER/NAME, OWNER/NAME@REVISION or OWNER/NAME:FILE.gguf)"));
        assertThat(ModelSource.of("runs/a/b", Path.of("runs/a/b")))
                .isInstanceOfSatisfying(
                        ModelSource.Missing.class,
                        missing ->
                                assertThat(missing.message()).startsWith("runs/a/b: there is no such file or folder"));
    }
}
