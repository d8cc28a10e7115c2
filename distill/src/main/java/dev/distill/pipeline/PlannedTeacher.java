package dev.distill.pipeline;

import dev.distill.plan.Trained;
import dev.distill.plan.TrainingJob;
import dev.distill.plan.TrainingMemory;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.ops.Compute;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.train.Computing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The teacher of {@code train.distill}, as far as it takes memory and disk.
 *
 * @param memory of a model whose weights are all frozen; null where it is not on this machine, or its shape is not known
 * @param part of the recipe
 */
record PlannedTeacher(@Nullable TrainingMemory memory, DistillPart part) {
    /** Of a token that the teacher names at a place: 230 bytes of fifty (docs/formats.md, a teacher's distributions). */
    private static final double TOKEN_BYTES = 230.0 / 50;

    /** @param notes get what these figures leave out */
    static Optional<PlannedTeacher> of(Recipe recipe, List<String> notes) throws IOException {
        Optional<DistillPart> distill = recipe.train().distill();
        if (distill.isEmpty()) {
            return Optional.empty();
        }
        DistillPart part = distill.get();
        if (!(part.origin() instanceof TeacherOrigin.Stored)) {
            notes.add("train.distill: the time in which the teacher reads the samples is not in these figures"
                    + (part.onPolicy() > 0 ? ", nor that in which the student writes texts of its own" : ""));
        }
        return Optional.of(new PlannedTeacher(memory(part, notes), part));
    }

    private static @Nullable TrainingMemory memory(DistillPart part, List<String> notes) throws IOException {
        if (!(part.origin() instanceof TeacherOrigin.Model model)) {
            return null;
        }
        try {
            PlannedModel planned = PlannedModel.of(model.source(), "train.distill.model");
            ModelConfig config = planned.config();
            Trained nothing = new Trained.Weights(
                    config.parameters().stream().map(ParameterSpec::name).collect(Collectors.toSet()));
            // a stage computes what it does not train in FLOAT
            Computing computing =
                    Computing.of(Compute.FLOAT, Runtime.getRuntime().availableProcessors());
            return TrainingMemory.of(
                    new TrainingJob(
                            config, planned.stored(), nothing, AdamWSettings.DEFAULT, computing, Decoder.Memory.KEEP),
                    1,
                    0,
                    0);
        } catch (RecipeException unknown) {
            notes.addAll(unknown.problems());
            notes.add("memory: the teacher's weights are not in these figures");
            return null;
        }
    }

    /** A training's memory with the teacher's beside it, where there is one. */
    static TrainingMemory beside(TrainingMemory training, Optional<PlannedTeacher> teacher) {
        if (teacher.isEmpty()) {
            return training;
        }
        TrainingMemory memory = teacher.get().memory();
        return memory == null
                ? training
                : training.withTeacher(memory, teacher.get().part().onPolicy() > 0);
    }

    /** On the disk, before compression: what it says of so many places, and the same laid out for batches. */
    long bytes(long places) {
        long said = Math.round(TOKEN_BYTES * part.topK() * places);
        return part.origin() instanceof TeacherOrigin.Stored ? said : 2 * said;
    }
}
