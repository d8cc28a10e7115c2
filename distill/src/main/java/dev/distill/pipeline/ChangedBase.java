package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Folders;
import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.TokenizerFolder;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.GrownMatrix;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.StorageType;
import dev.distill.student.weights.StoredWeights;
import dev.distill.student.weights.TensorContent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * A base as the recipe wants it: another rotary base or length, more tokens. It is a folder of its own beside the run's stages, which links to the
 * base's files and holds only what differs: {@code config.json}, the tokenizer, and an embedding (and head) that has new rows. To training, scores
 * and export it is a base like any other.
 */
final class ChangedBase {
    private static final String CONFIG = "config.json";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String SINGLE = "model.safetensors";
    private static final String ROWS = "model-rows.safetensors";
    private static final String STAMP = "changes.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path base;
    private final Path folder;
    private final StudentPart.Changes changes;

    private ChangedBase(Path base, Path folder, StudentPart.Changes changes) {
        this.base = base;
        this.folder = folder;
        this.changes = changes;
    }

    /** The base itself where nothing is to be changed. */
    static Path of(Path base, Path folder, StudentPart.Changes changes) throws IOException {
        if (changes.isNone()) {
            return base;
        }
        if (!Files.isDirectory(base)) {
            throw new RecipeException(
                    "recipe",
                    List.of("student: rope-theta, max-positions and add-tokens need a Hugging Face folder; got "
                            + base));
        }
        ChangedBase changed = new ChangedBase(base.toAbsolutePath().normalize(), folder, changes);
        String stamp = changed.stamp();
        Path file = folder.resolve(STAMP);
        if (!Files.exists(file) || !Files.readString(file).equals(stamp)) {
            changed.write();
            AtomicFile.write(file, stamp);
        }
        return folder;
    }

    /** What decides the folder: the changes, and which files they are made to. */
    private String stamp() throws IOException {
        ObjectNode stamp = JSON.createObjectNode()
                .put("rope_theta", changes.ropeTheta())
                .put("max_positions", changes.maxPositions());
        changes.addTokens().forEach(stamp.putArray("add_tokens")::add);
        ObjectNode files = stamp.putObject("files");
        for (Path file : files()) {
            files.put(file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
        return stamp.toPrettyString() + "\n";
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void write() throws IOException {
        Folders.delete(folder); // as an earlier recipe wanted it
        Files.createDirectories(folder);
        for (Path file : files()) {
            Files.createSymbolicLink(folder.resolve(String.valueOf(file.getFileName())), file);
        }
        ObjectNode config = (ObjectNode) JSON.readTree(base.resolve(CONFIG).toFile());
        if (!changes.addTokens().isEmpty()) {
            grow(config);
        }
        if (changes.ropeTheta() > 0) {
            config.put("rope_theta", changes.ropeTheta());
            if (config.path("rope_parameters") instanceof ObjectNode rope) {
                rope.put("rope_theta", changes.ropeTheta());
            }
        }
        if (changes.maxPositions() > 0) {
            config.put("max_position_embeddings", changes.maxPositions());
        }
        replace(CONFIG, config);
    }

    private void grow(ObjectNode config) throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        List<AddedToken> tokens =
                changes.addTokens().stream().map(AddedToken::plain).toList();
        SequencedMap<Integer, AddedToken> fresh = TokenizerFolder.write(base, folder, tokens);
        if (fresh.isEmpty()) {
            return;
        }
        int used = fresh.firstEntry().getKey();
        int wanted = fresh.lastEntry().getKey() + 1;
        try (StoredWeights stored = StoredWeights.open(base);
                Arena arena = Arena.ofShared()) {
            Map<String, Tensor> matrices = new LinkedHashMap<>();
            for (String name : stored.config().vocabularyMatrices()) {
                matrices.put(name, GrownMatrix.of(stored.get(name), used, wanted, arena));
            }
            SafetensorsWriter.write(
                    folder.resolve(ROWS),
                    matrices.entrySet().stream()
                            .map(entry -> item(entry.getKey(), entry.getValue()))
                            .toList(),
                    Map.of("format", "pt"));
            index(stored, matrices);
            config.put("vocab_size", Math.max(wanted, stored.config().vocabulary()));
        }
    }

    private static SafetensorsWriter.Item item(String name, Tensor tensor) {
        StorageType type = tensor.type() == DType.BFLOAT16 ? StorageType.BF16 : StorageType.F32;
        List<Long> shape = Arrays.stream(tensor.shape()).mapToObj(Long::valueOf).toList();
        return new SafetensorsWriter.Item(name, type, shape, sink -> TensorContent.write(tensor, type, sink));
    }

    /** Which file holds which weight: the new one those that have grown, the base's the others. */
    private void index(StoredWeights stored, Map<String, Tensor> grown) throws IOException {
        Path before = base.resolve(INDEX);
        ObjectNode index = Files.exists(before) ? (ObjectNode) JSON.readTree(before.toFile()) : JSON.createObjectNode();
        ObjectNode map = index.withObject("weight_map");
        if (map.isEmpty()) {
            stored.names().forEach(name -> map.put(name, SINGLE));
        }
        if (stored.config().tiedEmbeddings()) {
            map.remove("lm_head.weight"); // where the file has the tied matrix twice, it has not grown
        }
        grown.keySet().forEach(name -> map.put(name, ROWS));
        replace(INDEX, index);
    }

    private void replace(String name, ObjectNode json) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
        AtomicFile.write(folder.resolve(name), json.toPrettyString() + "\n");
    }
}
