package dev.distill.pipeline;

import dev.distill.data.journal.AtomicFile;
import dev.distill.hub.Hub;
import dev.distill.hub.HubId;
import dev.distill.hub.HubListener;
import dev.distill.hub.ModelSource;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The student's base, and the teacher whose probabilities it learns, where the recipe names models of the hub. They are fetched before the first stage begins, so that no teacher
 * is paid for a student that cannot be had; and a run stays with the commit that it began with, for a base that moves on
 * between two commands would fit neither the checkpoints nor the adapter. What the recipe changes of it is in a folder of its own.
 */
final class BaseModel {
    private static final String BASE = "base.commit";
    private static final String TEACHER = "distill.commit";
    private static final String FOLDER = "base";

    private BaseModel() {}

    /** The recipe with its base on this disk, as the recipe wants it; what it cannot want of this base is refused. */
    static Recipe prepare(Recipe recipe, RunFolder run, HubListener listener, Stop stop) throws IOException {
        Recipe fetched = fetch(recipe, run, listener, stop);
        StudentPart student = fetched.student().orElse(null);
        Path given = student == null ? null : student.folder();
        if (student == null || given == null) {
            return fetched;
        }
        Path name = Objects.requireNonNull(given.toAbsolutePath().normalize().getFileName());
        Path base = ChangedBase.of(given, run.root().resolve(FOLDER).resolve(name), student.changes());
        try (StoredWeights stored = StoredWeights.open(base)) {
            check(recipe, stored.config());
        }
        return fetched.with(student.in(base));
    }

    /** Refuses names that this model has not, and new tokens that nothing trains. */
    private static void check(Recipe recipe, ModelConfig model) {
        Optional<LoraConfig> lora = recipe.train().loraConfig(recipe.seed());
        try {
            recipe.train().frozen(model);
            lora.ifPresent(config -> Lora.check(config, model));
        } catch (IllegalArgumentException e) {
            throw new RecipeException(recipe.name(), List.of("train: " + e.getMessage()));
        }
        List<String> grown = model.vocabularyMatrices().stream()
                .map(name -> name.replace(".weight", ""))
                .toList();
        List<String> saved = lora.map(config -> config.saved().modules()).orElse(grown);
        boolean trained = grown.stream().allMatch(module -> saved.stream().anyMatch(module::endsWith));
        if (!trained && !recipe.student().orElseThrow().changes().addTokens().isEmpty()) {
            throw new RecipeException(
                    recipe.name(),
                    List.of(
                            "student.add-tokens: the new rows of " + String.join(" and ", grown)
                                    + " would stay as they are; add them to train.lora.modules-to-save, or say train.mode: full"));
        }
    }

    private static Recipe fetch(Recipe recipe, RunFolder run, HubListener listener, Stop stop) throws IOException {
        Recipe fetched = recipe;
        if (recipe.student().map(StudentPart::base).orElse(null) instanceof ModelSource.OnHub base) {
            Path folder = fetch(base, run.root().resolve(BASE), listener, stop);
            fetched = fetched.with(recipe.student().orElseThrow().in(folder));
        }
        Optional<DistillPart> distill = recipe.train().distill();
        if (distill.map(DistillPart::origin).orElse(null) instanceof TeacherOrigin.Model(ModelSource.OnHub teacher)) {
            Path folder = fetch(teacher, run.root().resolve(TEACHER), listener, stop);
            fetched = fetched.with(recipe.train().with(distill.orElseThrow().in(folder)));
        }
        return fetched;
    }

    /** A model of the hub, at the commit that the run began with; {@code file} keeps that. */
    static Path fetch(ModelSource.OnHub base, Path file, HubListener listener, Stop stop) throws IOException {
        HubId id = base.id();
        String begun = Files.exists(file) ? Files.readString(file).strip() : "";
        String name = id + " ";
        HubId wanted = begun.startsWith(name) ? id.at(begun.substring(name.length())) : id;
        Hub.Fetched fetched = new ModelSource.OnHub(wanted, base.path()).fetch(Hub.fromEnvironment(), listener, stop);
        AtomicFile.write(file, name + fetched.commit() + "\n");
        return fetched.path();
    }
}
