package dev.distill.pipeline;

import dev.distill.hub.Hub;
import dev.distill.hub.HubId;
import dev.distill.hub.ModelSource;
import dev.distill.plan.Trained;
import dev.distill.plan.TrainingJob;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.tensor.DType;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.Computing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The student, as far as it is known before anything is fetched.
 *
 * @param name as the recipe has it, and where the shape is from
 * @param config of the model
 * @param stored type of its weights in their file
 * @param folder of the model where it is on this disk
 */
record PlannedModel(String name, ModelConfig config, DType stored, Optional<Path> folder) {

    /** Looks on this disk, in the hub's cache, among the published shapes: never on the network. */
    static PlannedModel of(StudentPart student) throws IOException {
        if (student.shape().isPresent()) {
            StudentPart.Shape shape = student.shape().get();
            return new PlannedModel(
                    "from random weights (student.shape)", shape.config(), DType.FLOAT, Optional.empty());
        }
        return of(Objects.requireNonNull(student.base(), "a student has a base or a shape"), "student.base");
    }

    /** @param key of the recipe that names it */
    static PlannedModel of(ModelSource source, String key) throws IOException {
        return switch (source) {
            case ModelSource.Local(Path path) -> onDisk(path.toString(), path);
            case ModelSource.OnHub(HubId id, Path path) -> ofHub(id, path, key);
            case ModelSource.Missing missing ->
                throw new RecipeException("plan", List.of(key + ": " + missing.message()));
        };
    }

    private static PlannedModel onDisk(String name, Path path) throws IOException {
        try (StoredWeights stored = StoredWeights.open(path)) {
            String linear = stored.config().parameters().stream()
                    .filter(spec -> spec.isLinear())
                    .findFirst()
                    .orElseThrow()
                    .name();
            return new PlannedModel(name, stored.config(), stored.get(linear).type(), Optional.of(path));
        }
    }

    private static PlannedModel ofHub(HubId id, Path path, String key) throws IOException {
        Optional<Hub.Fetched> cached = Hub.fromEnvironment().inCache(id);
        if (cached.isPresent()) {
            return onDisk(
                    id + " (config of the copy in the hub's cache)",
                    cached.get().path());
        }
        Optional<String> shape = id.file() == null ? PublishedShapes.ofRepository(id.repository()) : Optional.empty();
        if (shape.isEmpty()) {
            throw new RecipeException(
                    "plan",
                    List.of(key + ": " + id + " is not in the hub's cache (nor is there a file or folder " + path
                            + "), and its shape is none of those that are known here; plan fetches nothing. Fetch it once"
                            + " (scripts/distill inspect " + id + "), or give a shape that is alike:"
                            + " --set " + key + "=Qwen/Qwen2.5-7B"));
        }
        return new PlannedModel(
                id + " (config: published shape " + shape.get() + ")",
                PublishedShapes.find(shape.get()).orElseThrow(),
                DType.BFLOAT16,
                Optional.empty());
    }

    /** The same in the end: with rows for the tokens of its tokenizer. */
    PlannedModel with(ModelConfig other) {
        return new PlannedModel(name, other, stored, folder);
    }

    /** Its training as a recipe describes it. */
    TrainingJob job(Recipe recipe, Computing computing) {
        TrainPart train = recipe.train();
        Trained trained = train.loraConfig(recipe.seed())
                .<Trained>map(lora -> new Trained.Adapter(lora, train.mode() == TrainPart.Mode.QLORA))
                .orElseGet(() -> new Trained.Weights(train.frozen(config)));
        return new TrainingJob(config, stored, trained, train.updates().optimizer(), computing, train.activations());
    }

    /** Weights that are still to be fetched. */
    long toFetch() {
        return folder.isPresent() || name.startsWith("from random") ? 0 : config.parameterCount();
    }

    /** Whether it begins with weights of its own making, see {@link ModelWeights#random}. */
    boolean isUntrained() {
        return stored == DType.FLOAT && folder.isEmpty();
    }
}
