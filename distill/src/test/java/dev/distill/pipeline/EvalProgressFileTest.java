package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalProgressFileTest {
    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();

    private final EvalStage.Progress caller = new EvalStage.Progress() {
        @Override
        public void begin(String task, int earlier, int all) {
            heard.add("begin " + task + " " + earlier + " " + all);
        }

        @Override
        public void responses(String task, int done, int all) {
            heard.add(task + " " + done + " " + all);
        }
    };

    /** A task that two models are asked is asked twice. */
    @Test
    void howFarEachTaskCameStaysWhereItWasStopped() throws IOException {
        try (EvalProgressFile told = new EvalProgressFile(folder, 4, caller)) {
            told.begin("sums", 0, 2);
            told.responses("sums", 2, 2);
            told.begin("sums", 1, 2);
            told.responses("sums", 2, 2);
            told.begin("words", 0, 5);
        }
        JsonNode last = new ObjectMapper().readTree(Files.readString(folder.resolve("progress.json")));
        assertThat(last.path("rounds").asInt()).isEqualTo(4);
        assertThat(last.path("asked").toString())
                .isEqualTo(
                        "[{\"task\":\"sums\",\"done\":2,\"all\":2},{\"task\":\"sums\",\"done\":2,\"all\":2},{\"task\":\"words\",\"done\":0,\"all\":5}]");
        assertThat(last.path("process").asLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(heard)
                .containsExactly("begin sums 0 2", "sums 2 2", "begin sums 1 2", "sums 2 2", "begin words 0 5");
    }

    @Test
    void itGoesWhenTheEvaluationIsDone() {
        try (EvalProgressFile told = new EvalProgressFile(folder, 1, caller)) {
            told.begin("sums", 0, 1);
            told.done();
        }
        assertThat(folder).isEmptyDirectory();
    }
}
