package dev.distill.data.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.ReasoningSplitter.Split;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.template.ReasoningSplitter.Whitespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * vLLM's cases for DeepSeek-R1, whose template pre-fills the start marker.
 *
 * <p>vLLM's streaming parser passes white space before a start marker on, as reasoning, and its other one drops it: {@link
 * Whitespace#KEEP} and {@link Whitespace#DROP_BEFORE_START}. Nothing (null) and nothing (empty) are one here.
 */
@Tag("conformance")
class ReasoningConformanceTest {
    private static final Path CASES = Path.of(
                    System.getProperty("distill.conformance", ""),
                    "chat_templates/reasoning_parser_deepseek_r1_24.json")
            .toAbsolutePath();

    record Case(
            String id,
            boolean streaming,
            String output,
            @Nullable String reasoning,
            @Nullable String content,
            boolean is_reasoning_end) {}

    @TestFactory
    Stream<DynamicTest> splitsAsExpected() throws IOException {
        assumeTrue(Files.exists(CASES), "skipped: no " + CASES + "; set -Ddistill.conformance");
        JsonNode all = new ObjectMapper().readTree(CASES.toFile()).get("deepseek_r1");
        List<Case> cases = new ObjectMapper().convertValue(all, new TypeReference<>() {});
        assertThat(cases).hasSize(24);
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> check(c)));
    }

    /** Each case whole and in pieces. */
    private static void check(Case c) {
        Split expected = new Split(
                Objects.requireNonNullElse(c.reasoning(), ""),
                Objects.requireNonNullElse(c.content(), ""),
                c.is_reasoning_end());
        Whitespace whitespace = c.streaming() ? Whitespace.KEEP : Whitespace.DROP_BEFORE_START;
        assertThat(ReasoningSplitter.split(c.output(), ThinkMarkers.THINK, Start.IN_PROMPT, whitespace))
                .isEqualTo(expected);
        for (int seed = 0; seed < 20; seed++) {
            assertThat(ReasoningSplitterTest.streamed(c.output(), Start.IN_PROMPT, whitespace, new Random(seed)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }
}
