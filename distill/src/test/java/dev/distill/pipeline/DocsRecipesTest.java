package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.hub.DataSource;
import dev.distill.hub.HubId;
import dev.distill.hub.ModelSource;
import dev.distill.plan.Plan;
import dev.distill.plan.Speed;
import dev.distill.student.model.PublishedShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The recipes that users copy: each is valid, and finds its data wherever it is copied to. */
class DocsRecipesTest {
    private static final Path RECIPES =
            Path.of("..", "docs", "recipes").toAbsolutePath().normalize();

    private static List<Recipe> recipes() throws IOException {
        List<Recipe> recipes = new ArrayList<>();
        for (Path file : files()) {
            recipes.add(Recipe.read(file, Map.of()));
        }
        return recipes;
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theirDataLiesBesideThem() throws IOException {
        assertThat(recipes())
                .isNotEmpty()
                .allSatisfy(recipe -> assertThat(paths(recipe))
                        .isNotEmpty()
                        .allSatisfy(path -> assertThat(path).startsWithRaw(RECIPES.resolve("data"))));
    }

    /** docs/recipes.md has a line for each, with the figures that plan comes to; those of time depend on the machine and are not there. Memory is the least: without the copy of a checkpoint, which a machine with so little does not make. */
    @Test
    void theirFiguresAreThoseOfTheList() throws IOException {
        String list = Files.readString(RECIPES.resolveSibling("recipes.md"));
        List<String> expected = new ArrayList<>();
        for (Path file : files()) {
            expected.add(line(String.valueOf(file.getFileName()), plan(file)));
        }
        assertThat(list.lines().filter(line -> line.startsWith("| [")).toList())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Plan plan(Path file) throws IOException {
        Map<String, String> options = new LinkedHashMap<>(Map.of("train.compute", "bfloat16"));
        if (file.toString().contains("smollm2")) { // its base is a folder that the reader makes
            options.put("student.base", "HuggingFaceTB/SmolLM2-135M-Instruct");
        }
        Plan.Room room = new Plan.Room(0, Long.MAX_VALUE, Long.MAX_VALUE, Optional.empty());
        Speed speed = new Speed(1e-3, 0, 0, 0, 0, 0.5, "given");
        return new Planning(
                        Recipe.read(file, options), new RunFolder(RECIPES.resolve("none")), room, (job, load) -> speed)
                .plan();
    }

    private static String line(String file, Plan plan) {
        String money = plan.money()
                .filter(sum -> sum.amount().signum() > 0)
                .map(sum -> "%,.0f %s".formatted(sum.amount(), sum.currency()))
                .orElse("-");
        return String.format(
                Locale.ROOT,
                "| [%s](recipes/%s) | %s | %s | %,d | %,.1f | %,d | %,.1f | %,.1f | %s |",
                file.replace(".yaml", ""),
                file,
                plan.model().split(" ")[0],
                plan.job().isFull() ? "full" : plan.job().isFourBits() ? "QLoRA" : "LoRA",
                plan.workload().samples(),
                plan.tokens() / 1e6,
                plan.course().steps(),
                plan.needed() / (double) (1L << 30),
                plan.disk().total() / (double) (1L << 30),
                money);
    }

    private static List<Path> paths(Recipe recipe) {
        List<Path> paths = new ArrayList<>(recipe.curate().heldOut());
        recipe.prompts()
                .ifPresent(prompts -> prompts.files().forEach(source -> {
                    switch (source) {
                        case DataSource.Local(String _, Path path) -> paths.add(path);
                        case DataSource.Missing(String _, Path path) -> paths.add(path);
                        case DataSource.OnHub _ -> {} // needs nothing here
                    }
                }));
        recipe.eval().ifPresent(eval -> paths.addAll(eval.taskFiles()));
        recipe.student()
                .map(StudentPart::base)
                .filter(base -> !isPublished(base))
                .map(DocsRecipesTest::path)
                .ifPresent(paths::add);
        return paths;
    }

    /** A model of the hub whose shape is known, so that a plan needs nothing of it. */
    private static boolean isPublished(ModelSource base) {
        return base instanceof ModelSource.OnHub hub
                && PublishedShapes.ofRepository(hub.id().repository()).isPresent();
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
