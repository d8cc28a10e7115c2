package dev.distill.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskDataTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path folder;

    @Test
    void aCacheOfTheHubSaysVersionAndLicence() throws IOException {
        Path cached = folder.resolve("datasets--HuggingFaceH4--MATH-500");
        Path blob = write(cached.resolve("blobs/aa"), "{}\n");
        Path snapshot = Files.createDirectories(cached.resolve("snapshots").resolve(COMMIT));
        Files.createSymbolicLink(snapshot.resolve("test.jsonl"), snapshot.relativize(blob));
        write(snapshot.resolve("README.md"), "---\nlanguage:\n- en\nlicense: mit\n---\n# Text\nlicense: no\n");
        write(cached.resolve("snapshots/older/test.jsonl"), "{}\n");
        write(cached.resolve("refs/main"), COMMIT);
        TaskData data = TaskData.find(TaskFile.of("math-500"), List.of(folder));
        assertThat(data.files()).containsExactly(snapshot.resolve("test.jsonl"));
        assertThat(data.version()).isEqualTo(COMMIT);
        assertThat(data.licence()).isEqualTo("mit");
    }

    @Test
    void allFilesOfAPatternAreTaken() throws IOException {
        write(folder.resolve("livecodebench/code_generation_lite/test2.jsonl"), "{}\n");
        write(folder.resolve("livecodebench/code_generation_lite/test.jsonl"), "{}\n");
        write(folder.resolve("livecodebench/code_generation_lite/other.txt"), "");
        TaskData data = TaskData.find(TaskFile.of("livecodebench"), List.of(folder));
        assertThat(data.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("test.jsonl", "test2.jsonl");
        assertThat(data.version()).isEmpty();
    }

    @Test
    void theHubsOwnNamesOfPartsAreKnown() throws IOException {
        write(folder.resolve("gsm8k/main/test-00000-of-00001.parquet"), "");
        write(folder.resolve("gsm8k/main/train-00000-of-00001.parquet"), "");
        assertThat(TaskData.find(TaskFile.of("gsm8k"), List.of(folder)).files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("test-00000-of-00001.parquet");
    }

    @Test
    void aCommonNameCountsInTheDataSetsOwnFolderAlone() throws IOException {
        write(folder.resolve("test.jsonl"), "{}\n");
        assertThatThrownBy(() -> TaskData.find(TaskFile.of("math-500"), List.of(folder)))
                .hasMessageContaining("looked for math-500.jsonl, math500.jsonl in ");
        write(folder.resolve("MATH-500/test.jsonl"), "{}\n");
        assertThat(TaskData.find(TaskFile.of("math-500"), List.of(folder.resolve("MATH-500")))
                        .files())
                .hasSize(1);
    }

    @Test
    void whatIsNowhereIsSaidWithWhereWasLooked() {
        assertThatThrownBy(() -> TaskData.find(TaskFile.of("ifeval"), List.of(folder)))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("task ifeval: its data is not on this disk; looked for ifeval_input_data.jsonl")
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("get the data set google/IFEval of the hub, or give the folder that it lies in");
    }

    @Test
    void aLicenceIsReadInBothOfItsForms() {
        assertThat(TaskData.licence("---\nlicense:\n- cc-by-4.0\n---\n")).contains("cc-by-4.0");
        assertThat(TaskData.licence("# no front matter\nlicense: mit\n")).isEmpty();
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
