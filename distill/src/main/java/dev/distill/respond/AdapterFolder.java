package dev.distill.respond;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.adapter.AdapterJson;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.WeightSource;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.StorageType;
import dev.distill.student.weights.TensorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads a LoRA as PEFT writes it: {@code adapter_config.json} and {@code adapter_model.safetensors}. */
public final class AdapterFolder {
    private AdapterFolder() {}

    /** The adapter of this folder for this model, not to be trained further; what is not implemented is refused, never ignored. */
    public static Lora load(Path folder, ModelConfig model, Ops ops) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        LoraConfig config = AdapterJson.read(new ObjectMapper().readTree(file.toFile()));
        try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve("adapter_model.safetensors"))) {
            return Lora.load(config, model, new Mapped(weights), ops, ModelWeights.Use.FROZEN);
        }
    }

    private record Mapped(SafetensorsFile file) implements WeightSource {
        @Override
        public Set<String> names() {
            Set<String> names = new LinkedHashSet<>();
            file.entries().forEach(entry -> names.add(entry.name()));
            return names;
        }

        @Override
        public Tensor get(String name) throws IOException {
            TensorEntry entry = file.entry(name);
            if (entry.type() != StorageType.F32 && entry.type() != StorageType.BF16) {
                throw new IllegalArgumentException(
                        file.path() + ": tensor " + name + " must be F32 or BF16, got " + entry.type());
            }
            int[] shape = entry.shape().stream().mapToInt(Math::toIntExact).toArray();
            return Tensor.of(file.bytes(name), entry.type() == StorageType.F32 ? DType.FLOAT : DType.BFLOAT16, shape);
        }
    }
}
