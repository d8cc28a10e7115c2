package dev.distill.train.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderLogTest {
    @TempDir
    Path folder;

    @Test
    void stepsAndCheckpointsAreInTheRecording() throws IOException {
        FlightRecorderLog log = new FlightRecorderLog();
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.distill.TrainStep");
            recording.enable("dev.distill.Checkpoint");
            recording.start();
            log.step(WatchedSteps.step(0, Double.NaN)); // no update yet
            log.step(WatchedSteps.step(1, 1.5));
            log.checkpoint(1, Path.of("checkpoint-000001"));
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.distill."))
                .toList();
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder("dev.distill.TrainStep", "dev.distill.Checkpoint");
        for (RecordedEvent event : events) {
            assertThat(event.getInt("step")).isOne();
            if (event.getEventType().getName().endsWith("TrainStep")) {
                assertThat(event.getDouble("loss")).isEqualTo(1.5);
                assertThat(event.getLong("tokens")).isEqualTo(200);
                assertThat(event.getDouble("seconds")).isEqualTo(0.5);
            } else {
                assertThat(event.getString("folder")).isEqualTo("checkpoint-000001");
            }
        }
    }
}
