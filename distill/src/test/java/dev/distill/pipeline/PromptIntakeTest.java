package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe asks, out of its files. */
class PromptIntakeTest {
    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), """
                {"q": "What is 1 + 1?", "gold": 2}
                {"q": "What is  1 + 1?", "gold": 3}
                {"q": "How many legs have 12 hens and 4 cats together in that yard over there?", "gold": 40}
                """);
        Files.writeString(folder.resolve("b.jsonl"), """
                {"q": "What is 1 + 1?", "gold": 2}
                {"q": "How many legs have 12 hens and 4 cats together in that yard over here?", "gold": 40}
                {"q": "What is 5 + 5?", "gold": 10}
                """);
    }

    private PromptIntake.Asked asked(Map<String, String> more) throws IOException {
        Map<String, String> options = new java.util.HashMap<>(Map.of(
                "prompts.files", folder.resolve("a.jsonl") + "," + folder.resolve("b.jsonl"),
                "prompts.column", "q",
                "prompts.reference", "gold",
                "prompts.template",
                        "Answer in one word, with no more than that and nothing else before it. {question}"));
        options.putAll(more);
        PromptsPart part = Recipe.read(null, options).prompts().orElseThrow();
        return PromptIntake.read(part, PromptIntake.here(part).orElseThrow());
    }

    @Test
    void thoseThatAskTheSameAreLeftOutBeforeTheRangeIsTaken() throws IOException {
        PromptIntake.Asked asked = asked(Map.of("prompts.skip", "1", "prompts.limit", "2"));
        assertThat(asked.prompts().stream().map(Prompt::reference)).containsExactly("40", "40");
        assertThat(asked.counts())
                .isEqualTo(Map.of("prompts", 2L, "duplicate_prompts", 2L, "near_duplicate_prompts", 0L));
    }

    @Test
    void nearOnesOnlyWhereThatIsAskedForAndNeverForTheTemplate() throws IOException {
        assertThat(asked(Map.of("prompts.dedup", "near")).counts())
                .isEqualTo(Map.of("prompts", 3L, "duplicate_prompts", 2L, "near_duplicate_prompts", 1L));
        assertThat(asked(Map.of("prompts.dedup", "none")).prompts()).hasSize(5);
    }
}
