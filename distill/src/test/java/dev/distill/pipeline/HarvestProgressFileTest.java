package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.harvest.Bought;
import dev.distill.teacher.harvest.Forecast;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestProgress;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarvestProgressFileTest {
    @TempDir
    Path folder;

    private static HarvestProgress progress(int completed) {
        Money spent = new Money(new BigDecimal("0.250"), "USD");
        SortedMap<LocalDate, Money> days = new TreeMap<>(Map.of(LocalDate.of(2026, 11, 30), spent));
        SortedMap<String, Money> keys = new TreeMap<>(Map.of("TEACHER_KEY 0a1b2c3d", spent));
        return new HarvestProgress(
                10,
                completed,
                new TreeMap<>(Map.of("refused", 1)),
                OptionalInt.empty(),
                new HarvestProgress.Requests(2, 64, 3),
                new Bought(completed, 500, new Bought.CacheUse(200, 50), spent, days, keys),
                Optional.of(new Money(new BigDecimal("2.00"), "USD")),
                Forecast.NONE);
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
        assertThat(last.path("budget").asText()).isEqualTo("2.00");
        assertThat(last.path("cache_hit_tokens").asInt()).isEqualTo(50);
        assertThat(last.path("failures").toString()).isEqualTo("{\"refused\":1}");
        assertThat(last.path("spent_by_day").toString()).isEqualTo("{\"2026-11-30\":\"0.250\"}");
        assertThat(last.path("spent_by_key").toString()).isEqualTo("{\"TEACHER_KEY 0a1b2c3d\":\"0.250\"}");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, folder.resolve("history.jsonl")); // nothing temporary
        }
    }

    /** The first line at once, the last when the harvest is over; the next run goes on behind a line that a kill has torn. */
    @Test
    void theHistoryGoesOnFromRunToRun() throws IOException {
        Path file = folder.resolve("history.jsonl");
        for (int run = 0; run < 2; run++) {
            try (HarvestProgressFile told = new HarvestProgressFile(folder, HarvestListener.NONE)) {
                told.progress(progress(4 * run));
                told.progress(progress(4 * run + 1));
            }
            Files.writeString(file, "{\"torn\":", StandardOpenOption.APPEND);
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(6);
        assertThat(lines.get(2)).isEqualTo("{\"torn\":");
        List<Integer> completed = new ArrayList<>();
        for (int line : new int[] {0, 1, 3, 4}) {
            JsonNode json = new ObjectMapper().readTree(lines.get(line));
            completed.add(json.path("completed").asInt());
            assertThat(json.has("spent_by_day")).isFalse();
        }
        assertThat(completed).containsExactly(0, 1, 4, 5);
    }

    @Test
    void theUnitsThatFailedAreListedUntilTheyHaveAReply() throws IOException {
        Path file = folder.resolve("failed.jsonl");
        Prompt prompt = Prompt.of(List.of(Message.user("what is 1 + 1?")), "2", "test");
        try (HarvestProgressFile told = new HarvestProgressFile(folder, HarvestListener.NONE)) {
            told.failed(failed("a", true), prompt);
            told.failed(failed("b", false), prompt);
            told.progress(progress(1));
            assertThat(Files.readAllLines(file)).hasSize(2);
            assertThat(Files.readAllLines(file).getFirst())
                    .isEqualTo(
                            "{\"unit\":\"a\",\"question\":\"what is 1 + 1?\",\"reason\":\"refused\",\"detail\":\"no\","
                                    + "\"attempts\":2,\"asked_again\":true,\"at\":\"1970-01-01T00:00:00Z\"}");
            told.recovered("a");
        }
        assertThat(Files.readAllLines(file)).singleElement().asString().contains("\"unit\":\"b\"");
        try (HarvestProgressFile told = new HarvestProgressFile(folder, HarvestListener.NONE)) {
            told.progress(progress(2)); // of a ledger that has no failures any more
        }
        assertThat(file).doesNotExist();
    }

    private static LedgerAccount.Failed failed(String unit, boolean again) {
        return new LedgerAccount.Failed(unit, "refused", "no", 2, again, Instant.EPOCH);
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
