package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionFileTest {
    @TempDir
    Path folder;

    /** Another trace may name it as the one that it repeats, and a killed process may leave a line without its end. */
    @Test
    void theLineIsThatOfTheTraceItself() throws IOException {
        Path file = Files.writeString(folder.resolve("decisions.jsonl"), """
                {"id":"aa","kept":false,"reason":"duplicate","detail":"of bb"}
                {"id":"bb","kept":fal
                {"id":"bb" "kept":}
                {"id":"bb","kept":true}
                """);
        assertThat(DecisionFile.find(file, "bb"))
                .hasValueSatisfying(
                        line -> assertThat(line.path("kept").asBoolean()).isTrue());
        assertThat(DecisionFile.find(file, "aa"))
                .hasValueSatisfying(
                        line -> assertThat(line.path("detail").asText()).isEqualTo("of bb"));
        assertThat(DecisionFile.find(file, "b")).isEmpty();
        assertThat(DecisionFile.find(folder.resolve("none"), "bb")).isEmpty();
    }
}
