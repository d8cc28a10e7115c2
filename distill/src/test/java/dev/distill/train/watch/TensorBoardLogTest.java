package dev.distill.train.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLogTest {
    @TempDir
    Path folder;

    /** Compared with what TensorBoard's own code writes: src/test/python/make_tensorboard_events.py. */
    @Test
    void theBytesAreTensorBoards() throws IOException {
        try (TensorBoardLog log = new TensorBoardLog(folder, () -> WatchedSteps.AT)) {
            log.begin(299, 400);
            log.step(WatchedSteps.step(300, 1.5));
            log.sample(WatchedSteps.sample(300));
        }
        byte[] expected;
        try (var in = Objects.requireNonNull(
                TensorBoardLogTest.class.getResourceAsStream("/tensorboard/events.out.tfevents"))) {
            expected = in.readAllBytes();
        }
        assertThat(files()).containsExactly("events.out.tfevents.1767323045.distill");
        assertThat(folder.resolve(files().getFirst())).hasBinaryContent(expected);
    }

    /** Readers go by the names. */
    @Test
    void eachProcessBeginsAFileAfterTheOthers() throws IOException {
        for (int process = 0; process < 3; process++) {
            try (TensorBoardLog log = new TensorBoardLog(folder, () -> WatchedSteps.AT)) {
                log.begin(process, 400);
            }
        }
        assertThat(files())
                .containsExactly(
                        "events.out.tfevents.1767323045.distill",
                        "events.out.tfevents.1767323046.distill",
                        "events.out.tfevents.1767323047.distill");
    }

    @Test
    void aStepBeforeTheBeginIsRefused() throws IOException {
        try (TensorBoardLog log = new TensorBoardLog(folder, () -> WatchedSteps.AT)) {
            assertThatThrownBy(() -> log.step(WatchedSteps.step(1, 1)))
                    .hasMessageEndingWith("a step before the run's begin");
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
