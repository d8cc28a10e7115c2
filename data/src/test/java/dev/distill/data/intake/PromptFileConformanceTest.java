package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmark files as their authors publish them. */
@Tag("conformance")
class PromptFileConformanceTest {
    private static final Path BENCHMARKS =
            Path.of(System.getProperty("distill.conformance", ""), "benchmarks").toAbsolutePath();

    /** Counts from the benchmarks' own descriptions; first and last reference read off the files. */
    @ParameterizedTest
    @CsvSource({
        "math500.jsonl, 500, '\\left( 3, \\frac{\\pi}{2} \\right)'",
        "gsm8k_test.jsonl, 1319, 18",
        "aime24_nemo.jsonl, 30, 73",
        "aime25_nemo.jsonl, 30, 70"
    })
    void everyProblemHasItsReference(String name, int count, String firstReference) throws IOException {
        Path file = BENCHMARKS.resolve(name);
        assumeTrue(Files.exists(file), "skipped: no " + file + "; set -Ddistill.conformance");
        PromptSet set = PromptFile.read(file, PromptFormat.PLAIN);
        assertThat(set.prompts()).hasSize(count).extracting(Prompt::reference).doesNotContainNull();
        assertThat(set.prompts()).extracting(Prompt::reference).noneMatch(text -> text.contains("####"));
        assertThat(set.prompts().getFirst().reference()).isEqualTo(firstReference);
        assertThat(set.duplicates()).isZero();
    }
}
