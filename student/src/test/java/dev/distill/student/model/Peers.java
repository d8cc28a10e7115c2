package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.adapter.AdapterJson;
import dev.distill.student.adapter.Lora;
import dev.distill.student.layer.Parameter;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.StorageType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python's side of comparisons with real weights: {@code -Ddistill.peers=FOLDER} with {@code venv/} and {@code models/}. */
final class Peers {
    private Peers() {}

    /** A model's folder; the test is skipped, and says what is missing, where there is none. */
    static Path model(String name) {
        return existing("models").resolve(name);
    }

    /** Runs src/test/python/real_model.py on a folder that gets this request.json. */
    static void run(Path folder, JsonNode request) throws IOException, InterruptedException {
        run("real_model.py", folder, request);
    }

    /** Runs one of the programs in src/test/python the same way. */
    static void run(String program, Path folder, JsonNode request) throws IOException, InterruptedException {
        Path python = existing("venv/bin/python");
        new ObjectMapper().writeValue(folder.resolve("request.json").toFile(), request);
        File log = folder.resolve("log.txt").toFile();
        Process process = new ProcessBuilder(
                        python.toString(), Path.of("src/test/python", program).toString(), folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertThat(process.waitFor()).as(() -> read(log)).isZero();
    }

    /** Writes an adapter as PEFT's folder, to be trained there. */
    static void save(Lora lora, Path folder) throws IOException {
        new ObjectMapper()
                .writeValue(
                        folder.resolve("adapter_config.json").toFile(),
                        AdapterJson.write(lora.config(), Optional.empty()).put("inference_mode", false));
        List<SafetensorsWriter.Item> items =
                lora.parameters().stream().map(Peers::item).toList();
        SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), items, Map.of("format", "pt"));
    }

    private static SafetensorsWriter.Item item(Parameter parameter) {
        List<Long> shape =
                Arrays.stream(parameter.value().shape()).asLongStream().boxed().toList();
        return new SafetensorsWriter.Item(
                parameter.name(),
                StorageType.F32,
                shape,
                sink -> sink.accept(parameter.value().segment()));
    }

    private static Path existing(String inside) {
        String root = System.getProperty("distill.peers", "");
        assumeTrue(!root.isEmpty(), "skipped: -Ddistill.peers names no folder, needed for " + inside);
        Path path = Path.of(root).resolve(inside);
        assumeTrue(Files.exists(path), "skipped: missing " + path);
        return path;
    }

    private static String read(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
