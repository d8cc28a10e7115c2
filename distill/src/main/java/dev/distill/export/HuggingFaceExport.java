package dev.distill.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import dev.distill.respond.Language;
import dev.distill.student.adapter.AdapterJson;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.ConfigJson;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.WeightSource;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.StorageType;
import dev.distill.student.weights.StoredWeights;
import dev.distill.student.weights.TensorContent;
import dev.distill.student.weights.WeightsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a model as Hugging Face's tools expect it: {@code config.json}, {@code generation_config.json}, the tokenizer's
 * files byte for byte, safetensors; and its card. Weights pass one at a time, so that the memory needed does not grow with
 * the model.
 */
public final class HuggingFaceExport {
    /** The tokenizer's files, as far as a model has them. */
    private static final List<String> TOKENIZER_FILES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja");

    private static final String GENERATION = "generation_config.json";
    private static final String CARD = "README.md";

    private static final ObjectMapper JSON = new ObjectMapper();

    private HuggingFaceExport() {}

    /**
     * Writes a whole model.
     *
     * @param weights by Hugging Face's names, of this config
     * @param source folder with the tokenizer's files, and perhaps with a {@code generation_config.json}; or a GGUF file, whose
     *     tokenizer is written as a folder has it
     * @return the files written, relative to {@code target}
     */
    public static List<String> write(
            Path target, ModelConfig config, WeightSource weights, WeightType type, Path source) throws IOException {
        Files.createDirectories(target);
        List<String> files = new ArrayList<>();
        json(target, "config.json", ConfigJson.write(config, type.torchName()), files);
        json(target, GENERATION, generationConfig(config, source), files);
        files.addAll(copyTokenizer(source, target));
        List<SafetensorsWriter.Item> items = new ArrayList<>();
        for (ParameterSpec spec : config.parameters()) {
            items.add(item(spec, weights, type));
        }
        files.addAll(WeightsFolder.write(target, items, Map.of("format", "pt"), WeightsFolder.SHARD_BYTES));
        return files;
    }

    /** Writes the card of a whole model. */
    public static String writeCard(Path target, Lineage lineage) throws IOException {
        AtomicFile.write(target.resolve(CARD), ModelCard.ofModel(lineage));
        return CARD;
    }

    /** Writes the card of an adapter. */
    public static String writeAdapterCard(Path target, Lineage lineage) throws IOException {
        AtomicFile.write(target.resolve(CARD), ModelCard.ofAdapter(lineage));
        return CARD;
    }

    /** Its bytes are converted when its turn comes. */
    private static SafetensorsWriter.Item item(ParameterSpec spec, WeightSource weights, WeightType type) {
        List<Long> shape = Arrays.stream(spec.dims()).mapToObj(Long::valueOf).toList();
        return new SafetensorsWriter.Item(
                spec.name(),
                type.storage(),
                shape,
                sink -> TensorContent.write(weights.get(spec.name()), type.storage(), sink));
    }

    /**
     * Writes an adapter as PEFT does: {@code adapter_config.json} and {@code adapter_model.safetensors}.
     *
     * @param parameters by PEFT's names
     * @param base the base model's id or folder, as PEFT is to find it
     */
    public static List<String> writeAdapter(Path target, LoraConfig lora, List<Parameter> parameters, String base)
            throws IOException {
        Files.createDirectories(target);
        List<String> files = new ArrayList<>();
        json(target, "adapter_config.json", AdapterJson.write(lora, Optional.of(base)), files);
        List<SafetensorsWriter.Item> items = parameters.stream()
                .map(parameter -> new SafetensorsWriter.Item(
                        parameter.name(),
                        StorageType.F32,
                        Arrays.stream(parameter.value().shape())
                                .mapToObj(Long::valueOf)
                                .toList(),
                        sink -> TensorContent.write(parameter.value(), StorageType.F32, sink)))
                .toList();
        SafetensorsWriter.write(target.resolve("adapter_model.safetensors"), items, Map.of("format", "pt"));
        files.add("adapter_model.safetensors");
        return files;
    }

    /** The base's own, with every id that ends the student's replies: base models' files often lack the template's. */
    private static ObjectNode generationConfig(ModelConfig config, Path source) throws IOException {
        Path file = source.resolve(GENERATION);
        ObjectNode generation = Files.exists(file) && JSON.readTree(file.toFile()) instanceof ObjectNode own
                ? own
                : JSON.createObjectNode();
        try (Language language = Language.open(source)) {
            ArrayNode ends = generation.putArray("eos_token_id");
            language.endIds(config).forEach(ends::add);
        }
        if (!generation.has("do_sample")) {
            // R1's advice for models that reason: neither greedy (it loops) nor hot (it wanders).
            generation.put("do_sample", true).put("temperature", 0.6).put("top_p", 0.95);
        }
        return generation;
    }

    private static List<String> copyTokenizer(Path from, Path target) throws IOException {
        if (StoredWeights.isGguf(from)) {
            return Language.gguf(from).write(target);
        }
        List<String> copied = new ArrayList<>();
        for (String name : TOKENIZER_FILES) {
            Path source = from.resolve(name);
            if (Files.exists(source)) {
                byte[] bytes = Files.readAllBytes(source);
                AtomicFile.write(target.resolve(name), out -> out.write(bytes));
                copied.add(name);
            }
        }
        if (!copied.contains("tokenizer.json")) {
            throw new IOException(
                    from + ": no tokenizer.json in it; a model without its tokenizer is of no use to others");
        }
        return copied;
    }

    private static void json(Path target, String name, ObjectNode node, List<String> files) throws IOException {
        AtomicFile.write(target.resolve(name), node.toPrettyString() + "\n");
        files.add(name);
    }
}
