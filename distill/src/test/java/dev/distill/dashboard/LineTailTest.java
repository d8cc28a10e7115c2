package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineTailTest {
    @TempDir
    Path folder;

    private Path file;
    private LineTail tail;

    @BeforeEach
    void open() {
        file = folder.resolve("lines.jsonl");
        tail = new LineTail(file);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String news() throws IOException {
        LineTail.News news = tail.read();
        return (news.replaced() ? "replaced " : "") + news.lines();
    }

    @Test
    void aLineIsGivenOutOnceItIsWhole() throws IOException {
        assertThat(news()).isEqualTo("[]"); // no file yet
        append("{\"step\":1}\n{\"st");
        assertThat(news()).isEqualTo("[{\"step\":1}]");
        append("ep\":2}");
        assertThat(news()).isEqualTo("[]");
        append("\n");
        assertThat(news()).isEqualTo("[{\"step\":2}]");
        assertThat(tail.read().isNone()).isTrue();
    }

    @Test
    void whatIsNoObjectIsPassedOver() throws IOException {
        append("{\"step\":1\n[1]\n\n7\n{\"step\":2}\n");
        assertThat(news()).isEqualTo("[{\"step\":2}]");
    }

    /** As a training that goes on after a checkpoint does it: another file, of the same length or longer. */
    @Test
    void aFileInItsPlaceIsReadFromItsBeginning() throws IOException {
        append("{\"step\":1}\n{\"step\":2}\n");
        tail.read();
        Path other = folder.resolve("other");
        Files.writeString(other, "{\"step\":1}\n{\"step\":7}\n{\"step\":8}\n");
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(news()).isEqualTo("replaced [{\"step\":1}, {\"step\":7}, {\"step\":8}]");
    }

    /** The system may give the key of a file that is gone to the next one; where it has no keys, every file looks so. */
    @Test
    void anotherContentOfTheSameKeyIsReadFromItsBeginning() throws IOException {
        append("{\"step\":1}\n{\"step\":2}\n");
        tail.read();
        Files.writeString(file, "{\"step\":1}\n{\"step\":7}\n{\"step\":8}\n");
        assertThat(news()).isEqualTo("replaced [{\"step\":1}, {\"step\":7}, {\"step\":8}]");
    }

    @Test
    void aFileThatIsCutIsReadFromItsBeginning() throws IOException {
        append("{\"step\":1}\n{\"step\":2}\n");
        tail.read();
        Files.writeString(file, "{\"step\":5}\n");
        assertThat(news()).isEqualTo("replaced [{\"step\":5}]");
    }

    @Test
    void aFileThatIsGoneIsForgotten() throws IOException {
        append("{\"step\":1}\n");
        tail.read();
        Files.delete(file);
        assertThat(news()).isEqualTo("replaced []");
        assertThat(tail.read().isNone()).isTrue();
        append("{\"step\":3}\n");
        assertThat(news()).isEqualTo("[{\"step\":3}]");
    }

    @Test
    void aLongHistoryComesInParts() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = 0; step < 200_000; step++) {
            lines.append("{\"step\":").append(step).append("}\n");
        }
        append(lines.toString()); // 3 MB
        int step = 0;
        int parts = 0;
        for (LineTail.News news = tail.read(); !news.isNone(); news = tail.read()) {
            for (var line : news.lines()) {
                assertThat(line.path("step").asInt()).isEqualTo(step++);
            }
            parts++;
        }
        assertThat(step).isEqualTo(200_000);
        assertThat(parts).isBetween(3, 4);
    }
}
