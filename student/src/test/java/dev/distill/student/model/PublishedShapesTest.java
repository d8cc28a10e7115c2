package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PublishedShapesTest {
    /** The number of weights that the hub counts in each model's files, a tied output matrix once. */
    @ParameterizedTest
    @CsvSource({
        "qwen2.5-0.5b, 494032768",
        "qwen2.5-1.5b, 1543714304",
        "qwen2.5-3b, 3085938688",
        "qwen2.5-7b, 7615616512",
        "qwen2.5-14b, 14770033664",
        "qwen2.5-32b, 32763876352",
        "qwen2.5-math-1.5b, 1543714304",
        "qwen2.5-math-7b, 7615616512",
        "qwen3-0.6b, 596049920",
        "qwen3-1.7b, 1720574976",
        "qwen3-4b, 4022468096",
        "qwen3-8b, 8190735360",
        "qwen3-14b, 14768307200",
        "qwen3-32b, 32762123264",
        "llama-3.2-1b, 1235814400",
        "llama-3.2-3b, 3212749824",
        "llama-3.1-8b, 8030261248",
        "llama-3.3-70b, 70553706496",
        "smollm2-135m, 134515008",
        "smollm2-360m, 361821120",
        "smollm2-1.7b, 1711376384"
    })
    void haveAsManyWeightsAsThePublishedModels(String name, long parameters) {
        assertThat(PublishedShapes.find(name).orElseThrow().parameterCount()).isEqualTo(parameters);
    }

    /** What the number of weights does not tell: the figures of the models' own config.json. */
    @Test
    void areWhatTheirConfigsSay() {
        ModelConfig llama = PublishedShapes.find("llama-3.2-1b").orElseThrow();
        assertThat(llama.attention()).isEqualTo(new AttentionShape(32, 8, 64, false, false, false));
        assertThat(llama.rope()).isEqualTo(new Rope(500_000, new Rope.Scaling.Llama3(32, 1, 4, 8192)));
        assertThat(llama.maxPositions()).isEqualTo(131_072);
        ModelConfig qwen3 = PublishedShapes.find("qwen3-0.6b").orElseThrow();
        assertThat(qwen3.attention()).isEqualTo(new AttentionShape(16, 8, 128, false, false, true));
        ModelConfig qwen2 = PublishedShapes.find("qwen2.5-0.5b").orElseThrow();
        assertThat(qwen2.attention()).isEqualTo(new AttentionShape(14, 2, 64, true, false, false));
        assertThat(qwen2.tiedEmbeddings()).isTrue();
        assertThat(PublishedShapes.find("smollm2-1.7b").orElseThrow().rope()).isEqualTo(Rope.of(130_000));
    }

    /** By the page that the shape was read from, and by those whose weights are alike. */
    @Test
    void areFoundByTheRepositoriesThatHaveThem() {
        assertThat(PublishedShapes.ofRepository("meta-llama/Llama-3.3-70B-Instruct"))
                .contains("llama-3.3-70b");
        assertThat(PublishedShapes.ofRepository("Qwen/Qwen2.5-Math-1.5B")).contains("qwen2.5-math-1.5b");
        assertThat(PublishedShapes.ofRepository("Qwen/Qwen2.5-0.5B-Instruct")).contains("qwen2.5-0.5b");
        assertThat(PublishedShapes.ofRepository("Qwen/Qwen2.5-0")).isEmpty();
        assertThat(PublishedShapes.ofRepository("Qwen/Qwen2.5-0.5B-Chat")).isEmpty();
    }

    @Test
    void everyNameHasAShapeAndOthersHaveNone() {
        List<String> names = PublishedShapes.names();
        assertThat(names).hasSize(21).doesNotHaveDuplicates();
        assertThat(names)
                .allSatisfy(name -> assertThat(PublishedShapes.find(name)).isPresent());
        assertThat(PublishedShapes.find("qwen2.5-0.5")).isEmpty();
    }
}
