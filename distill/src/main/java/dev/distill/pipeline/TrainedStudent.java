package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.export.HuggingFaceExport;
import dev.distill.export.WeightType;
import dev.distill.respond.Student;
import dev.distill.student.adapter.Lora;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What training leaves for evaluation and export: the model as it was in memory, to the last bit, or its base and the
 * adapter.
 *
 * @param model a Hugging Face folder
 * @param adapter a PEFT folder; null where the whole model was trained
 */
record TrainedStudent(Path model, @Nullable Path adapter) {
    private static final String MODEL = "model";
    private static final String ADAPTER = "adapter";

    /** The student of this recipe, trained in this stage's folder. */
    static TrainedStudent of(Recipe recipe, Path stageFolder) {
        if (recipe.train().mode() == TrainPart.Mode.FULL) {
            return new TrainedStudent(stageFolder.resolve(MODEL), null);
        }
        StudentPart student = Recipe.required(recipe.student(), "student", "train");
        Path base = Objects.requireNonNull(student.folder(), "a LoRA has a base");
        return new TrainedStudent(base, stageFolder.resolve(ADAPTER));
    }

    /** @param name in reports: the recipe's, for the folders are called alike in every run */
    Student open(String name, Ops ops) throws IOException {
        return Student.open(name, model, adapter, ops);
    }

    /** @param source folder with the tokenizer */
    static void writeModel(Path stageFolder, ModelWeights weights, Path source) throws IOException {
        HuggingFaceExport.write(stageFolder.resolve(MODEL), weights.config(), weights, WeightType.F32, source);
    }

    static void writeAdapter(Path stageFolder, Lora adapter, Path base) throws IOException {
        Path folder = stageFolder.resolve(ADAPTER);
        HuggingFaceExport.writeAdapter(folder, adapter.config(), adapter.stored(), base.toString());
    }

    /** What training wrote, for its manifest. */
    List<FileEntry> files(Path stageFolder) throws IOException {
        Path written = adapter == null ? model : adapter;
        List<FileEntry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(written)) {
            for (Path file : files.sorted().toList()) {
                entries.add(FileEntry.of(stageFolder.relativize(file).toString(), file));
            }
        }
        return entries;
    }
}
