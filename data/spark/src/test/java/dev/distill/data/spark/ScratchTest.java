package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each run has a folder of its own, whatever others have left. */
class ScratchTest {
    @TempDir
    Path folder;

    @Test
    void itIsEmptyAndGoesAtTheEnd() throws IOException {
        Files.createDirectories(folder.resolve(".spark/killed/shard-1"));
        Files.writeString(folder.resolve(".spark/killed/shard-1/traces-00000.parquet"), "old");
        Files.writeString(folder.resolve(".spark/000003.facts"), "older");
        try (Scratch scratch = Scratch.begin(folder)) {
            assertThat(scratch.folder()).isEmptyDirectory();
            assertThat(folder.resolve(".spark")).isDirectoryNotContaining("glob:**{killed,facts}");
            Files.createDirectory(scratch.folder().resolve("shard-2"));
            Files.writeString(scratch.folder().resolve("shard-2/traces-00000.parquet"), "new");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatATaskOfAStoppedRunStillWritesDoesNotComeIntoTheNext() throws IOException {
        Scratch stopped = Scratch.begin(folder);
        Path temporary = Files.writeString(stopped.folder().resolve(".000003.facts.1"), "of other settings");
        try (Scratch scratch = Scratch.begin(folder)) {
            assertThat(scratch.folder()).isNotEqualTo(stopped.folder());
            assertThatThrownBy(() -> Files.move(temporary, stopped.folder().resolve("000003.facts")))
                    .isInstanceOf(NoSuchFileException.class);
            Files.createDirectories(stopped.folder()); // deleting it came too early
            Files.writeString(stopped.folder().resolve("000003.facts"), "of other settings");
            assertThat(scratch.folder()).isEmptyDirectory();
        }
        assertThat(folder.resolve(".spark")).isDirectoryContaining(stopped.folder()::equals);
        Scratch.begin(folder).close();
        assertThat(folder).isEmptyDirectory();
    }
}
