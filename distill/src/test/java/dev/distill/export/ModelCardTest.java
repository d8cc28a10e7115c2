package dev.distill.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    private static Lineage lineage(Lineage.Base base, @Nullable String terms) {
        return new Lineage(
                "gsm8k-smollm2",
                base,
                new Lineage.Teacher("some-teacher", terms),
                new Lineage.Data(
                        "abc123",
                        List.of("openai/gsm8k"),
                        22,
                        new Lineage.Curation(64, map("math", 40L, "near_duplicate", 2L))),
                map("gsm8k_test", "8.3 % of 12 questions"),
                new Lineage.Run("distill 1.2.3", "LoRA", map("train.steps", "40")));
    }

    private static Lineage.Base smollm() {
        return new Lineage.Base("HuggingFaceTB/SmolLM2-135M-Instruct", true, Licence.stated("apache-2.0"));
    }

    private static <V> SequencedMap<String, V> map(String key, V value) {
        return new LinkedHashMap<>(Map.of(key, value));
    }

    private static <V> SequencedMap<String, V> map(String key, V value, String second, V secondValue) {
        SequencedMap<String, V> map = map(key, value);
        map.put(second, secondValue);
        return map;
    }

    private static JsonNode header(String card) throws IOException {
        return new YAMLMapper().readTree(card.substring(4, card.indexOf("\n---\n", 4)));
    }

    @Test
    void theHeaderIsWhatTheHubReads() throws IOException {
        JsonNode header = header(ModelCard.ofModel(lineage(smollm(), null)));
        assertThat(header.path("license").asText()).isEqualTo("apache-2.0");
        assertThat(header.path("base_model").asText()).isEqualTo("HuggingFaceTB/SmolLM2-135M-Instruct");
        assertThat(header.path("base_model_relation").asText()).isEqualTo("finetune");
        assertThat(header.path("datasets").path(0).asText()).isEqualTo("openai/gsm8k");
        assertThat(header.path("library_name").asText()).isEqualTo("transformers");
        assertThat(header.path("pipeline_tag").asText()).isEqualTo("text-generation");
        assertThat(header.path("tags")).isNotEmpty();
    }

    @Test
    void anAdaptersCardSaysThatItIsOne() throws IOException {
        String card = ModelCard.ofAdapter(lineage(smollm(), null));
        assertThat(header(card).path("library_name").asText()).isEqualTo("peft");
        assertThat(header(card).path("base_model_relation").asText()).isEqualTo("adapter");
        assertThat(card).contains("A LoRA adapter, fine-tuned from `HuggingFaceTB/SmolLM2-135M-Instruct`");
    }

    @Test
    void peopleReadWhereItComesFrom() {
        assertThat(ModelCard.ofModel(lineage(smollm(), "Apache-2.0 | see its card")))
                .contains(
                        "| Licence | apache-2.0 (stated in the recipe) |",
                        "| Teacher's terms | Apache-2.0 \\| see its card |",
                        "| Training data | 22 traces, sha256 `abc123` |",
                        "| Made with | distill 1.2.3 |",
                        "Of 64 traces 22 were kept.",
                        "| math | 40 |\n| near_duplicate | 2 |",
                        "| gsm8k_test | 8.3 % of 12 questions |",
                        "train.steps: 40");
    }

    @Test
    void whatIsNotKnownIsSaid() throws IOException {
        Lineage.Base unknown = new Lineage.Base("base", false, new Licence(Licence.OTHER, "the folder states none"));
        String card = ModelCard.ofModel(lineage(unknown, null));
        assertThat(header(card).path("license").asText()).isEqualTo("other");
        assertThat(header(card).has("base_model"))
                .as("a folder's name is no id of the hub")
                .isFalse();
        assertThat(card)
                .contains(
                        "| Licence | not a common one, or not known (the folder states none) |",
                        "| Teacher's terms | not stated in the recipe; look up");
    }

    @Test
    void aStudentOfRandomWeightsHasNoBase() {
        Lineage.Base none = new Lineage.Base(null, false, Licence.stated("mit"));
        assertThat(ModelCard.ofModel(lineage(none, null)))
                .contains("trained from random weights", "| Base model | none: random weights |");
    }
}
