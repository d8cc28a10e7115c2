package dev.distill.data.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path folder;

    @Test
    void aFolderGoesWithAllThatIsInItAndWhatItsLinksLeadToStays() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path kept = Files.writeString(outside.resolve("kept"), "x");
        Path gone = folder.resolve("gone/deep");
        Files.writeString(Files.createDirectories(gone).resolve("file"), "y");
        Files.createSymbolicLink(gone.resolve("link"), outside);
        Files.createSymbolicLink(gone.resolve("broken"), folder.resolve("nowhere"));
        Folders.delete(folder.resolve("gone"));
        assertThat(folder.resolve("gone")).doesNotExist();
        assertThat(kept).hasContent("x");
    }

    @Test
    void whatIsNotThereIsNoError() throws IOException {
        Folders.delete(folder.resolve("nothing"));
        assertThat(folder).isEmptyDirectory();
    }
}
