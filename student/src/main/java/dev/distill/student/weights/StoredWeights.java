package dev.distill.student.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.model.ConfigJson;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.WeightSource;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model as it lies on disk, a Hugging Face folder or a GGUF file: its config, and its weights by Hugging Face's names.
 * FLOAT and BFLOAT16 weights are used where they are mapped (but for Llama's queries and keys in a GGUF file, whose rows
 * lie in another order); every other type is widened to FLOAT when it is asked for, into memory that lives as long as this.
 */
public abstract sealed class StoredWeights implements WeightSource, AutoCloseable {
    private final ModelConfig config;
    private final Arena widened = Arena.ofShared();

    private StoredWeights(ModelConfig config) {
        this.config = config;
    }

    /** Opens {@code model}: a folder with {@code config.json} and safetensors, or a file that ends in {@code .gguf}. */
    public static StoredWeights open(Path model) throws IOException {
        if (Files.isDirectory(model)) {
            Path config = model.resolve("config.json");
            if (!Files.exists(config)) {
                throw new WeightsException(
                        WeightsException.Rule.MISSING_TENSOR,
                        model + ": no config.json in it; give a Hugging Face model folder or a .gguf file");
            }
            return new Folder(ConfigJson.read(config), WeightsFolder.open(model));
        }
        if (isGguf(model)) {
            GgufFile file = GgufFile.open(model);
            try {
                return of(model, file);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        }
        throw new WeightsException(
                WeightsException.Rule.MISSING_TENSOR,
                model + ": is neither a folder nor a .gguf file that exists; give a Hugging Face model folder or a"
                        + " .gguf file");
    }

    /** Whether this is a file, and one whose name ends as a GGUF file's does. */
    public static boolean isGguf(Path model) {
        return model.toString().endsWith(".gguf") && Files.isRegularFile(model);
    }

    /** The model in this file, which is closed with it. */
    static StoredWeights of(Path path, GgufFile file) throws WeightsException {
        GgufNames names = GgufNames.of(file.metadata());
        ObjectNode config = names.config(new ObjectMapper(), file);
        try {
            return new Gguf(ConfigJson.read(config), file, names);
        } catch (IllegalArgumentException e) {
            throw new WeightsException(
                    WeightsException.Rule.INVALID_HEADER,
                    path + ": its metadata are not those of a model that can be computed here: " + e.getMessage());
        }
    }

    public ModelConfig config() {
        return config;
    }

    /** A stored tensor's shape as tensors take it. */
    private static int[] dims(String name, List<Long> shape) throws WeightsException {
        if (shape.isEmpty() || shape.stream().anyMatch(extent -> extent > Integer.MAX_VALUE)) {
            throw new WeightsException(
                    WeightsException.Rule.MISSING_TENSOR,
                    "tensor " + name + ": a weight has one or more dimensions below 2^31, got " + shape);
        }
        return shape.stream().mapToInt(Long::intValue).toArray();
    }

    /** Room for a tensor that is not used where it lies. */
    final Tensor room(int... shape) {
        return Tensor.allocate(widened, DType.FLOAT, shape);
    }

    @Override
    public void close() {
        widened.close();
    }

    /** A Hugging Face folder. */
    private static final class Folder extends StoredWeights {
        private static final ValueLayout.OfShort SHORT =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        private final WeightsFolder folder;

        Folder(ModelConfig config, WeightsFolder folder) {
            super(config);
            this.folder = folder;
        }

        @Override
        public Set<String> names() {
            return new LinkedHashSet<>(folder.names());
        }

        @Override
        public Tensor get(String name) throws IOException {
            TensorEntry entry = folder.entry(name);
            MemorySegment bytes = folder.bytes(name);
            int[] shape = dims(name, entry.shape());
            return switch (entry.type()) {
                case F32 -> Tensor.of(bytes, DType.FLOAT, shape);
                case BF16 -> Tensor.of(bytes, DType.BFLOAT16, shape);
                case F16 -> widenHalf(bytes, shape);
                case BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, I32, U32, F64, I64, U64 ->
                    throw new WeightsException(
                            WeightsException.Rule.MISSING_TENSOR,
                            "tensor " + name + ": F32, BF16 or F16 is read here, got " + entry.type()
                                    + "; save the model in one of these types");
            };
        }

        private Tensor widenHalf(MemorySegment bytes, int[] shape) {
            Tensor tensor = room(shape);
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, Float.float16ToFloat(bytes.get(SHORT, 2 * i)));
            }
            return tensor;
        }

        @Override
        public void close() {
            folder.close();
            super.close();
        }
    }

    /** A GGUF file. */
    private static final class Gguf extends StoredWeights {
        private final GgufFile file;
        private final Map<String, String> stored;
        private final GgufNames names;

        Gguf(ModelConfig config, GgufFile file, GgufNames names) throws WeightsException {
            super(config);
            this.file = file;
            this.names = names;
            this.stored = names.byHuggingFaceName(file.entries());
        }

        @Override
        public Set<String> names() {
            return stored.keySet();
        }

        @Override
        public Tensor get(String name) throws IOException {
            String ggufName = stored.get(name);
            if (ggufName == null) {
                throw new WeightsException(
                        WeightsException.Rule.MISSING_TENSOR, "there is no tensor \"" + name + "\" in this GGUF file");
            }
            GgufFile.Entry entry = file.entry(ggufName);
            int[] shape = dims(name, entry.shape());
            boolean reordered = names.isReordered(name);
            if (!reordered && entry.type() == GgufType.F32) {
                return Tensor.of(file.bytes(ggufName), DType.FLOAT, shape);
            }
            if (!reordered && entry.type() == GgufType.BF16) {
                return Tensor.of(file.bytes(ggufName), DType.BFLOAT16, shape);
            }
            Tensor tensor = room(shape);
            file.widen(ggufName, tensor.segment());
            if (reordered) {
                names.restoreRotaryOrder(name, tensor);
            }
            return tensor;
        }

        @Override
        public Optional<FourBits> fourBits(String name) throws IOException {
            String ggufName = stored.get(name);
            if (ggufName == null
                    || names.isReordered(name)
                    || file.entry(ggufName).type() != GgufType.Q4_0) {
                return Optional.empty();
            }
            return Optional.of(new FourBits(dims(name, file.entry(ggufName).shape()), file.bytes(ggufName)));
        }

        @Override
        public void close() {
            file.close();
            super.close();
        }
    }
}
