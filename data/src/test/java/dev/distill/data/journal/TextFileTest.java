package dev.distill.data.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
    @Test
    void halfASurrogatePairEndsNothing(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("said.jsonl");
        try (BufferedWriter out = TextFile.writer(file)) {
            out.write("cut \uD83D here, \uD83D\uDE00 whole, ü\n");
        }
        assertThat(Files.readString(file)).isEqualTo("cut ? here, \uD83D\uDE00 whole, ü\n");
    }
}
