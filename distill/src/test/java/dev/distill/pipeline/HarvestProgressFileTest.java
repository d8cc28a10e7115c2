package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.HarvestProgress;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarvestProgressFileTest {
    @TempDir
    Path folder;

    private static HarvestProgress progress(int completed) {
        return new HarvestProgress(
                10, completed, 1, OptionalInt.empty(), 3, 2, 64, 500, new Money(new BigDecimal("0.250"), "USD"));
    }

    /** The first at once, those that follow at its heels not, the last when the harvest is over. */
    @Test
    void theFileTellsTheNewestSoonAndTheLastForCertain() throws IOException {
        List<HarvestProgress> heard = new ArrayList<>();
        Path file = folder.resolve("progress.json");
        try (HarvestProgressFile told = new HarvestProgressFile(folder, heard::add)) {
            told.progress(progress(0));
            assertThat(read(file).path("completed").asInt()).isZero();
            for (int completed = 1; completed <= 9; completed++) {
                told.progress(progress(completed));
            }
        }
        assertThat(heard).hasSize(10);
        JsonNode last = read(file);
        assertThat(last.path("completed").asInt()).isEqualTo(9);
        assertThat(last.path("units").asInt()).isEqualTo(10);
        assertThat(last.path("failed").asInt()).isOne();
        assertThat(last.path("bought_tokens").asLong()).isEqualTo(500);
        assertThat(last.path("spent").asText()).isEqualTo("0.250");
        assertThat(last.path("currency").asText()).isEqualTo("USD");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file); // nothing temporary
        }
    }

    @Test
    void aDiskThatDoesNotTakeItDoesNotStopTheHarvest() {
        List<HarvestProgress> heard = new ArrayList<>();
        try (HarvestProgressFile told = new HarvestProgressFile(folder.resolve("nowhere"), heard::add)) {
            told.progress(progress(1));
        }
        assertThat(heard).hasSize(1);
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }
}
