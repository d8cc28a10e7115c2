package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recipe of docs/recipes can be read and planned as it is, without a network and without its data. */
class RecipesTest {
    private static final Path RECIPES = Path.of("..", "docs", "recipes");

    @TempDir
    Path folder;

    static List<Path> recipes() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void canBeReadAndPlanned(Path recipe) throws IOException {
        Said resolved = Said.by("run", recipe, "--print-resolved");
        assertThat(resolved.code()).as(resolved.err()).isZero();
        assertThat(resolved.out()).contains("train:", "plan:");

        Object[] words = {"plan", recipe, "--gpu", "h200", "--dir", folder, "--json"};
        if (recipe.toString().contains("smollm2")) { // its base is a folder that the reader makes
            words = new Object[] {
                "plan", recipe, "--gpu", "h200", "--json", "--set", "student.base=HuggingFaceTB/SmolLM2-135M-Instruct"
            };
        }
        Said planned = Said.by(words);
        assertThat(planned.code()).as(planned.err()).isZero();
        JsonNode figures = planned.json();
        assertThat(figures.path("steps").asLong()).isPositive();
        assertThat(figures.path("tokens").asLong()).isPositive();
        assertThat(figures.path("time_s").asDouble()).isPositive();
        assertThat(figures.path("counted").asText()).startsWith("expected, not counted: ");
    }

    /** Its first lines say what it is, how large, how long, how dear, whence, and whether it was run. */
    @ParameterizedTest
    @MethodSource("recipes")
    void beginsWithARemark(Path recipe) throws IOException {
        String remark = Files.readString(recipe)
                .lines()
                .takeWhile(line -> line.startsWith("#"))
                .reduce("", String::concat);
        assertThat(remark).contains("memory", "It needs");
        assertThat(remark).containsPattern("[Nn]ot run here|[Rr]un here|cannot be run");
    }
}
