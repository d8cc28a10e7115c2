package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurateProgressFileTest {
    @TempDir
    Path folder;

    private JsonNode read() throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve("progress.json")));
    }

    /** The first at once, the last for certain: of one that was stopped it stays. */
    @Test
    void howFarItCameStaysWhereItWasStopped() throws IOException {
        try (CurateProgressFile told = new CurateProgressFile(folder, 9)) {
            assertThat(read().path("traces").asInt()).isEqualTo(9);
            assertThat(read().path("looked_at").asInt()).isZero();
            for (int count = 1; count <= 9; count++) {
                told.lookedAt(count);
            }
            told.decided(1);
            told.decided(1);
        }
        JsonNode last = read();
        assertThat(last.path("looked_at").asInt()).isEqualTo(9);
        assertThat(last.path("decided").asInt()).isEqualTo(2);
        assertThat(last.path("process").asLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(Instant.parse(last.path("at").asText()))
                .isAfterOrEqualTo(Instant.parse(last.path("begun").asText()));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("progress.json")); // nothing temporary
        }
    }

    @Test
    void itGoesWhenTheCurationIsDone() {
        try (CurateProgressFile told = new CurateProgressFile(folder, 1)) {
            told.lookedAt(1);
            told.done();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDiskThatDoesNotTakeItDoesNotStopTheCuration() {
        try (CurateProgressFile told = new CurateProgressFile(folder.resolve("nowhere"), 1)) {
            told.lookedAt(1);
            told.decided(1);
            told.done();
        }
        assertThat(folder).isEmptyDirectory();
    }
}
