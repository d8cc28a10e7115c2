package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.INVALID_INDEX;
import static dev.distill.student.weights.WeightsException.Rule.MISSING_TENSOR;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The weights of a Hugging Face folder: {@code model.safetensors}, or {@code model-00001-of-00002.safetensors} and so on
 * with {@code model.safetensors.index.json}.
 */
public final class WeightsFolder implements AutoCloseable {
    /** What transformers, too, puts into one file at most: 5 GB. */
    public static final long SHARD_BYTES = 5_000_000_000L;

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path folder;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final SequencedMap<String, Place> byName = new LinkedHashMap<>();

    /** Where a tensor lies. A tied one lies under another name. */
    private record Place(SafetensorsFile file, String name) {}

    private WeightsFolder(Path folder) {
        this.folder = folder;
    }

    /** Maps every file of this folder; one that is missing or unsound is a {@link WeightsException}. */
    public static WeightsFolder open(Path folder) throws IOException {
        WeightsFolder weights = new WeightsFolder(folder);
        try {
            if (Files.exists(folder.resolve(INDEX))) {
                weights.openIndexed();
            } else if (Files.exists(folder.resolve(SINGLE))) {
                SafetensorsFile file = weights.openFile(SINGLE);
                file.entries().forEach(entry -> weights.byName.put(entry.name(), new Place(file, entry.name())));
            } else {
                throw new WeightsException(
                        MISSING_TENSOR,
                        folder + ": no " + SINGLE + " and no " + INDEX
                                + " in it; convert .bin or .pt weights with transformers' save_pretrained first");
            }
            weights.files.forEach(weights::addTied);
            return weights;
        } catch (IOException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * A matrix that two names share is written once; {@code __metadata__} of its file then maps the other name to the one
     * that was kept (safetensors' {@code save_model}).
     */
    private void addTied(SafetensorsFile file) {
        file.metadata().forEach((name, kept) -> {
            if (file.has(kept)) {
                byName.putIfAbsent(name, new Place(file, kept));
            }
        });
    }

    private JsonNode readIndex() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(INDEX));
        JsonNode map;
        try {
            map = JSON.readTree(bytes).path("weight_map");
        } catch (IOException e) { // from memory, so it is the text that is wrong
            throw badIndex("it must be JSON: " + e.getMessage());
        }
        if (!map.isObject()) {
            throw badIndex("weight_map must map tensor names to file names");
        }
        return map;
    }

    private void openIndexed() throws IOException {
        JsonNode map = readIndex();
        Map<String, SafetensorsFile> opened = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            String fileName = field.getValue().asText();
            if (!field.getValue().isTextual()
                    || !fileName.matches("[A-Za-z0-9._-]+")
                    || !fileName.endsWith(".safetensors")) {
                throw badIndex("tensor " + field.getKey() + ": its file must be a plain .safetensors name in this"
                        + " folder; got " + field.getValue());
            }
            SafetensorsFile file = opened.get(fileName);
            if (file == null) {
                if (!Files.isRegularFile(folder.resolve(fileName))) {
                    throw badIndex("it names " + fileName + ", which is not there (an unfinished download?)");
                }
                file = openFile(fileName);
                opened.put(fileName, file);
            }
            if (!file.has(field.getKey())) {
                throw badIndex("it says that " + fileName + " holds tensor " + field.getKey() + ", which it lacks");
            }
            byName.put(field.getKey(), new Place(file, field.getKey()));
        }
    }

    private SafetensorsFile openFile(String name) throws IOException {
        SafetensorsFile file = SafetensorsFile.open(folder.resolve(name));
        files.add(file);
        return file;
    }

    private WeightsException badIndex(String what) {
        return new WeightsException(INVALID_INDEX, folder.resolve(INDEX) + ": " + what);
    }

    /** Names of all tensors. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    /** This tensor's place in its file; a tied one's has the name under which it lies. */
    public TensorEntry entry(String name) throws WeightsException {
        Place place = placeOf(name);
        return place.file.entry(place.name);
    }

    /** This tensor's bytes in the mapping, see {@link SafetensorsFile#bytes}. */
    public MemorySegment bytes(String name) throws WeightsException {
        Place place = placeOf(name);
        return place.file.bytes(place.name);
    }

    private Place placeOf(String name) throws WeightsException {
        Place place = byName.get(name);
        if (place == null) {
            throw new WeightsException(
                    MISSING_TENSOR, folder + ": there is no tensor \"" + name + "\" in these weights");
        }
        return place;
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    /**
     * Writes these tensors in their order into one file, or into several of at most {@code shardBytes} with an index (a
     * tensor that is larger alone gets a file of its own). The index, or the single file, comes last.
     *
     * @return the files written, by name
     */
    public static List<String> write(
            Path folder, List<SafetensorsWriter.Item> items, Map<String, String> metadata, long shardBytes)
            throws IOException {
        List<List<SafetensorsWriter.Item>> shards = split(items, shardBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve(SINGLE), items, metadata);
            return List.of(SINGLE);
        }
        List<String> written = new ArrayList<>();
        ObjectNode index = new ObjectMapper().createObjectNode();
        index.putObject("metadata")
                .put(
                        "total_size",
                        items.stream()
                                .mapToLong(SafetensorsWriter.Item::byteSize)
                                .sum());
        ObjectNode map = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), metadata);
            shards.get(i).forEach(item -> map.put(item.name(), name));
            written.add(name);
        }
        Path temporary = folder.resolve("." + INDEX + ".tmp");
        Files.write(temporary, index.toPrettyString().getBytes(StandardCharsets.UTF_8));
        Files.move(
                temporary, folder.resolve(INDEX), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        written.add(INDEX);
        return written;
    }

    private static List<List<SafetensorsWriter.Item>> split(List<SafetensorsWriter.Item> items, long shardBytes) {
        List<List<SafetensorsWriter.Item>> shards = new ArrayList<>();
        long size = 0;
        for (SafetensorsWriter.Item item : items) {
            if (shards.isEmpty() || size + item.byteSize() > shardBytes) {
                shards.add(new ArrayList<>());
                size = 0;
            }
            shards.getLast().add(item);
            size += item.byteSize();
        }
        return shards;
    }
}
