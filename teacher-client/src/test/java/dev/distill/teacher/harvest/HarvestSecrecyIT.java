package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.teacher.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The key of the API is in no file, no message and no log, also where a server echoes it. */
@Timeout(120)
class HarvestSecrecyIT extends HarvestScene {
    @Test
    void aWrongKeyStopsTheRunAtOnceAndIsShownNowhere() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) ->
                answer.status(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + CANARY + "\"}}"))) {
            HarvestResult result = harvest(server, 1000, 1);
            assertThat(result.ending())
                    .isInstanceOfSatisfying(
                            Ending.Stopped.class,
                            stopped -> assertThat(stopped.message())
                                    .contains("unauthorized (status 401: Incorrect API key provided: ***")
                                    .contains("run the same command again")
                                    .doesNotContain("canary"));
            // 16 in flight, and at most one more in each place that fell free before the first refusal had stopped the
            // run
            assertThat(result.requests()).isLessThanOrEqualTo(2 * 16);
            assertThat(result.shards()).isEmpty();
        }
        assertNoCanary();
    }

    /** A server that echoes the key in replies, errors and the model's name. */
    @Test
    void theKeyIsInNoFileAndNoLog() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (attempt == 1) {
                answer.status(500, "{\"error\":{\"message\":\"key " + CANARY + " failed\"}}");
            } else if (number(body) == 0) {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"content\":\"" + CANARY + "\"}}]}");
                answer.cut();
            } else {
                answer.stream();
                answer.data("{\"model\":\"" + CANARY + "\",\"choices\":[{\"delta\":{\"content\":\"you are " + CANARY
                        + "\"},\"finish_reason\":\"stop\"}]}");
                answer.end();
            }
        })) {
            HarvestResult result = harvest(server, 4, 1);
            assertThat(result.completed()).isEqualTo(3);
            assertThat(result.failed()).containsEntry("cut_connection_lost", 1);
        }
        assertThat(traces()).allSatisfy(trace -> assertThat(trace.answer()).isEqualTo("you are ***"));
        assertNoCanary();
    }

    private void assertNoCanary() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> written = Files.walk(folder)) {
            written.filter(Files::isRegularFile).forEach(files::add);
        }
        Path log = Path.of("target/test-logs/all.log");
        assertThat(log).isNotEmptyFile();
        files.add(log);
        for (Path file : files) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(content.contains("canary")).as(file.toString()).isFalse();
        }
    }
}
