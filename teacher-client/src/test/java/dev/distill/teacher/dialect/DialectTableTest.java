package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.distill.teacher.ReasoningKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DialectTableTest {
    private static final DialectTable TABLE = DialectTable.builtIn();

    /** A fact without a source cannot be looked up when it has changed. */
    @Test
    void everyFactHasASourceWithItsDate() throws IOException {
        try (InputStream in = Objects.requireNonNull(DialectTable.class.getResourceAsStream("dialects.yaml"))) {
            for (JsonNode dialect : new YAMLMapper().readTree(in).path("dialects")) {
                Set<String> facts = new TreeSet<>();
                dialect.fieldNames().forEachRemaining(facts::add);
                facts.removeAll(Set.of("name", "sources"));
                for (JsonNode source : dialect.path("sources")) {
                    assertThat(source.path("read").asText()).matches("202\\d-\\d\\d");
                    assertThat(source.path("page").asText()).isNotBlank();
                    source.path("of").forEach(fact -> facts.remove(fact.asText()));
                }
                assertThat(facts).as(dialect.path("name").asText()).isEmpty();
                assertThat(dialect.path("sources")).isNotEmpty();
            }
        }
    }

    @Test
    void namesAreUniqueAndAllThatIsAskedForIsThere() {
        assertThat(TABLE.dialects())
                .extracting(DialectFacts::name)
                .doesNotHaveDuplicates()
                .contains(
                        "openai",
                        "openai-reasoning",
                        "deepseek-r1",
                        "deepseek-v4",
                        "vllm",
                        "sglang",
                        "llama.cpp",
                        "ollama",
                        "together",
                        "groq",
                        "openrouter",
                        "azure",
                        "mistral",
                        "xai",
                        "alibaba",
                        "anthropic",
                        "gemini");
        assertThat(TABLE.dialects())
                .filteredOn(dialect -> dialect.reply().reasoning() == ReasoningKind.SUMMARY)
                .extracting(DialectFacts::name)
                .containsExactlyInAnyOrder("anthropic", "anthropic-budget", "gemini");
    }

    @Test
    void theHostGivesTheFirstGuess() {
        assertThat(at("https://api.groq.com/openai/v1")).isEqualTo("groq");
        assertThat(at("https://API.Groq.com/openai/v1")).isEqualTo("groq");
        assertThat(at("https://my-resource.openai.azure.com/openai/v1")).isEqualTo("azure");
        assertThat(at("http://10.0.0.7:11434/v1")).isEqualTo("ollama");
        assertThat(at("https://api.deepseek.com")).isEqualTo("deepseek-v4");
        assertThat(TABLE.at(URI.create("https://llm.example.org/v1"))).isEmpty();
        assertThat(TABLE.at(URI.create("https://notopenai.azure.com.example.org")))
                .isEmpty();
    }

    private static String at(String url) {
        return TABLE.at(URI.create(url)).orElseThrow().name();
    }

    /** What the probe writes is read again as it was. */
    @Test
    void comesBackFromAFileAsItWas(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("d.yaml"), TABLE.toYaml());
        assertThat(DialectTable.load(file)).isEqualTo(TABLE);
    }

    @Test
    void aProviderIsAddedAsData(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.yaml"), """
                dialects:
                  - name: novel-host
                    hosts: [llm.example.org]
                    parameters: {temperature: heat, max_tokens: length}
                    thinking:
                      on: {think: {deeply: true}}
                    fields: {trace: full}
                    key: {header: X-Key, prefix: "Token "}
                """);
        Dialect own = new Dialect(DialectTable.load(file).named("novel-host"), Asked.STANDARD);
        assertThat(own.facts().names()).isEqualTo(new DialectFacts.Names("heat", null, "length", null));
        assertThat(own.facts().access().keyPrefix()).isEqualTo("Token ");
        assertThat(own.facts().thinking().on()).containsEntry("think", "{\"deeply\":true}");
        assertThat(own.reasoning()).isEqualTo(ReasoningKind.WHOLE);
    }

    @Test
    void aFileThatMakesNoSenseSaysWhere(@TempDir Path folder) throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), """
                dialects:
                  - name: novel-host
                    reasoning: all
                """);
        assertThatThrownBy(() -> DialectTable.load(wrong))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "dialects: " + wrong + " must be as docs/formats.md says: novel-host: reasoning: must be one"
                                + " of whole, summary, none; got all");
        Path unknown = Files.writeString(folder.resolve("unknown.yaml"), "dialects: [{name: x, hots: [a]}]");
        assertThatThrownBy(() -> DialectTable.load(unknown)).hasMessageContaining("hots");
    }
}
