package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.shard.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutFileTest {
    @TempDir
    Path folder;

    @Test
    void readsQuestionsWithTheirSolutionsAndWhereTheyComeFrom() throws IOException {
        Path file = folder.resolve("mine.jsonl");
        Files.writeString(file, """
                {"question": "How many?", "answer": "Two and two.\\n#### 4"}
                {"problem": "What is x?", "solution": "We see x.", "answer": "5"}

                {"problem": "And y?", "reference_solution": "As above.", "expected_answer": "6"}
                {"prompt": "Just asked.", "answer": "7"}
                """);
        HeldOutSet set = HeldOutFile.read(file, "mine", "MIT");
        assertThat(set.questions())
                .containsExactly(
                        new HeldOutSet.Question("How many?", "Two and two.\n#### 4"),
                        new HeldOutSet.Question("What is x?", "We see x."),
                        new HeldOutSet.Question("And y?", "As above."),
                        new HeldOutSet.Question("Just asked.", null));
        assertThat(set.origin()).isEqualTo(new HeldOutSet.Origin("mine.jsonl", FileEntry.sha256(file), "MIT"));
    }

    @Test
    void whatCannotBeReadIsToldByItsLine() throws IOException {
        Path file = folder.resolve("bad.jsonl");
        Files.writeString(file, "{\"question\": \"How many?\"}\nno json\n");
        assertThatThrownBy(() -> HeldOutFile.read(file, "bad", null))
                .isInstanceOf(IntakeException.class)
                .hasMessageContaining("line 2");
    }
}
