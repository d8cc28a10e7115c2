package dev.distill.pipeline;

import dev.distill.export.HuggingFaceExport;
import dev.distill.export.Lineage;
import dev.distill.export.WeightType;
import dev.distill.student.adapter.Lora;
import dev.distill.student.model.ModelWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/** What training leaves for evaluation and export: the model as it was in memory, to the last bit. */
final class TrainedStudent {
    private TrainedStudent() {}

    static void writeModel(Path folder, ModelWeights weights, Path tokenizer, String name) throws IOException {
        Lineage lineage =
                new Lineage(name, null, "other", "see the export", "see the export", new LinkedHashMap<>(), List.of());
        HuggingFaceExport.write(folder, weights.config(), weights, WeightType.F32, tokenizer, lineage);
    }

    static void writeAdapter(Path folder, Lora adapter, Path base) throws IOException {
        HuggingFaceExport.writeAdapter(folder, adapter.config(), adapter.parameters(), base.toString());
    }
}
