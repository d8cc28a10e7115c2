package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage that begins again with another plan leaves the earlier work where it can be found, and says why. */
final class RunFolderTest {
    private static final Set<String> IGNORED = Set.of("train.checkpoint-every");

    @TempDir
    Path root;

    private final Map<String, String> settings = new LinkedHashMap<>(
            Map.of("train.learning-rate", "1e-4", "train.checkpoint-every", "10", "train.freeze", "[]"));
    private final Map<String, String> inputs = new LinkedHashMap<>();

    RunFolderTest() {
        inputs.put("curate", "a");
        inputs.put("base/config.json", "b");
    }

    private List<String> begin() throws IOException {
        List<FileEntry> files = inputs.entrySet().stream()
                .map(input -> new FileEntry(input.getKey(), 1, input.getValue().repeat(64), OptionalLong.empty()))
                .toList();
        Manifest plan = RunFolder.plan("train", settings, files);
        return RunFolder.begin(root.resolve("train"), plan, IGNORED);
    }

    @Test
    void theSamePlanGoesOn() throws IOException {
        assertThat(begin()).isEmpty();
        settings.put("train.checkpoint-every", "20"); // which decides nothing
        assertThat(begin()).isEmpty();
        assertThat(root.resolve("train.1")).doesNotExist();
    }

    @Test
    void settingsThatDifferAreNamed() throws IOException {
        begin();
        settings.put("train.learning-rate", "2e-4");
        settings.put("train.epochs", "3");
        settings.remove("train.freeze");
        assertThat(begin())
                .containsExactly(
                        "train.epochs is 3 and was not there",
                        "train.freeze was [] and is not there any more",
                        "train.learning-rate was 1e-4 and is 2e-4");
        assertThat(root.resolve("train.1").resolve("plan.json")).content().contains("\"1e-4\"");
        assertThat(begin()).isEmpty();
        assertThat(root.resolve("train.2")).doesNotExist();
    }

    @Test
    void inputsThatDifferAreNamed() throws IOException {
        begin();
        inputs.put("curate", "c");
        inputs.remove("base/config.json");
        inputs.put("other/config.json", "b");
        assertThat(begin())
                .containsExactly(
                        "input base/config.json is not read any more",
                        "input curate has another content",
                        "input other/config.json is new");
    }

    /** A folder of an earlier version says that something differs, not what. */
    @Test
    void aPlanThatWasNotWrittenDownIsOther() throws IOException {
        begin();
        Files.delete(root.resolve("train").resolve("plan.json"));
        settings.put("train.learning-rate", "2e-4");
        assertThat(begin()).containsExactly("data or settings have changed");
        assertThat(root.resolve("train.1")).isDirectory();
    }
}
