package dev.distill.data.template.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The chat templates of 53 real models, with the texts that huggingface.js expects.
 *
 * <p>One of them is JavaScript's and not the model's: for {@code tools|string} in Hammer2.1's template the expected text
 * has JSON, where Python, and so the model in training, has {@code repr} (jinja2 3.1.6 says so too). Its template is
 * rendered with {@code tools|tojson} here; {@code JinjaTemplateTest} holds {@code string} to Python.
 */
@Tag("conformance")
class JinjaConformanceTest {
    private static final Path CASES = Path.of(
                    System.getProperty("distill.conformance", ""),
                    "chat_templates/hfjs_chat_template_renderings_53.json")
            .toAbsolutePath();
    /** The date that the expected texts were made with. */
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2025-07-10T12:00:00Z");

    /** What {@link Limits} says that real templates need at most. */
    private static final Limits MODEST = new Limits(100_000, 0, 1 << 20, 100);

    record Case(String group, String name, String chat_template, Map<String, Object> data, String target) {}

    @TestFactory
    Stream<DynamicTest> rendersAsExpected() throws IOException {
        assumeTrue(Files.exists(CASES), "skipped: no " + CASES + "; set -Ddistill.conformance");
        List<Case> cases = new ObjectMapper().readValue(CASES.toFile(), new TypeReference<>() {});
        assertThat(cases).hasSize(53);
        return cases.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.group() + " " + c.name(),
                        () -> assertThat(JinjaTemplate.parse(asInJavaScript(c))
                                        .render(c.data(), NOW, MODEST)
                                        .text())
                                .isEqualTo(c.target())));
    }

    private static String asInJavaScript(Case c) {
        return c.name().equals("MadeAgents/Hammer2.1")
                ? c.chat_template().replace("tools|string", "tools|tojson")
                : c.chat_template();
    }
}
