package dev.distill.teacher.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.teacher.embedded.fault.ContentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherLogTest {
    @TempDir
    private Path folder;

    @Test
    void readsBackWhatWasAppendedByTwoRuns() throws IOException {
        Path file = folder.resolve("sub/teacher.jsonl");
        List<TeacherLog.Entry> entries =
                List.of(entry("p", 0, "none", "refusal"), entry("p", 1, "cut", "none"), entry("q", 0, "none", "none"));
        for (TeacherLog.Entry entry : entries) {
            try (TeacherLog log = TeacherLog.open(file)) {
                log.append(entry);
            }
        }
        assertThat(TeacherLog.read(file)).isEqualTo(entries);
        FaultTruth truth = FaultTruth.read(file);
        assertThat(truth.of("p", 0).orElseThrow().fault()).isEqualTo(ContentFault.REFUSAL);
        assertThat(truth.of("p", 1)).as("a cut reply was never bought").isEmpty();
        assertThat(truth.of("q", 0).orElseThrow().fault()).isEqualTo(ContentFault.NONE);
    }

    @Test
    void aTornLineIsLeftOutAndThenCutOff() throws IOException {
        Path file = folder.resolve("teacher.jsonl");
        try (TeacherLog log = TeacherLog.open(file)) {
            log.append(entry("p", 0, "none", "none"));
        }
        Files.writeString(file, "{\"request\":\"to", StandardOpenOption.APPEND);
        assertThat(TeacherLog.read(file)).hasSize(1);
        try (TeacherLog log = TeacherLog.open(file)) {
            log.append(entry("p", 1, "none", "none"));
        }
        assertThat(TeacherLog.read(file)).hasSize(2);
    }

    @Test
    void aLineThatIsNotOursIsAnErrorWithItsNumber() throws IOException {
        Path file = folder.resolve("teacher.jsonl");
        try (TeacherLog log = TeacherLog.open(file)) {
            log.append(entry("p", 0, "none", "none"));
        }
        Files.writeString(file, "hello\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> TeacherLog.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
    }

    private static TeacherLog.Entry entry(String prompt, long sample, String transport, String content) {
        return new TeacherLog.Entry(
                "r", prompt, sample, 1, transport, content, "", 200, 20, 100, !transport.equals("cut"));
    }
}
