package dev.distill.student.model;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.StorageType;
import dev.distill.student.weights.TensorEntry;
import dev.distill.student.weights.WeightsFolder;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** A mapped safetensors folder as the decoder takes its weights. */
public record FolderSource(WeightsFolder folder) implements WeightSource {

    @Override
    public Set<String> names() {
        return new LinkedHashSet<>(folder.names());
    }

    @Override
    public Tensor get(String name) throws IOException {
        TensorEntry entry = folder.entry(name);
        DType type = entry.type() == StorageType.BF16 ? DType.BFLOAT16 : DType.FLOAT;
        int[] shape = entry.shape().stream().mapToInt(Math::toIntExact).toArray();
        return Tensor.of(folder.bytes(name), type, shape);
    }
}
