package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.hub.HubId;
import dev.distill.hub.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The recipes that users copy: each is valid, and finds its data wherever it is copied to. */
class DocsRecipesTest {
    private static final Path RECIPES =
            Path.of("..", "docs", "recipes").toAbsolutePath().normalize();

    private static List<Recipe> recipes() throws IOException {
        List<Recipe> recipes = new ArrayList<>();
        try (Stream<Path> files = Files.list(RECIPES)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                recipes.add(Recipe.read(file, Map.of()));
            }
        }
        return recipes;
    }

    @Test
    void theirDataLiesBesideThem() throws IOException {
        assertThat(recipes())
                .isNotEmpty()
                .allSatisfy(recipe -> assertThat(paths(recipe))
                        .isNotEmpty()
                        .allSatisfy(path -> assertThat(path).startsWithRaw(RECIPES.resolve("data"))));
    }

    private static List<Path> paths(Recipe recipe) {
        List<Path> paths = new ArrayList<>(recipe.curate().heldOut());
        recipe.prompts().ifPresent(prompts -> paths.addAll(prompts.files()));
        recipe.eval().ifPresent(eval -> paths.addAll(eval.tasks()));
        recipe.student().map(StudentPart::base).map(DocsRecipesTest::path).ifPresent(paths::add);
        return paths;
    }

    /** The data is not part of the repository: whatever the base is taken for without it, this is where it is looked for first. */
    private static Path path(ModelSource base) {
        return switch (base) {
            case ModelSource.Local(Path path) -> path;
            case ModelSource.OnHub(HubId _, Path path) -> path;
            case ModelSource.Missing(String _, Path path) -> path;
        };
    }
}
