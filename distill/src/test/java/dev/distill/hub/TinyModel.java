package dev.distill.hub;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Contents of the form of a model, for tests to which its meaning does not matter. */
final class TinyModel {
    static final String WEIGHTS = "model.safetensors";

    /** Enough for several network buffers, and no multiple of any. */
    static final int WEIGHT_BYTES = 1_000_003;

    private TinyModel() {}

    /** Files as the hub shows them, one that is needed beside some that are not. */
    static Map<String, byte[]> files(long seed) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(".gitattributes", text("*.safetensors filter=lfs"));
        files.put("README.md", text("# A tiny model\n"));
        files.put("LICENSE", text("Apache License\n"));
        files.put("config.json", text("{\"model_type\": \"qwen2\"}"));
        files.put("tokenizer.json", text("{}"));
        files.put(WEIGHTS, bytes(seed, WEIGHT_BYTES));
        files.put("pytorch_model.bin", text("a pickle"));
        files.put("onnx/model.safetensors", bytes(seed + 1, 10));
        return files;
    }

    /** Names of those that a model needs. */
    static List<String> needed(Map<String, byte[]> files) {
        return files.keySet().stream()
                .filter(name -> !name.contains("/") && !name.startsWith(".") && !name.endsWith(".bin"))
                .toList();
    }

    static byte[] content(Map<String, byte[]> files, String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    /** The blob's name in the cache. */
    static String etag(Map<String, byte[]> files, String name) {
        return ScriptedHub.etag(name, content(files, name));
    }

    static long neededBytes(Map<String, byte[]> files) {
        return needed(files).stream()
                .mapToLong(name -> content(files, name).length)
                .sum();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
