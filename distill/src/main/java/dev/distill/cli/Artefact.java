package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.Journal;
import dev.distill.data.journal.Recovery;
import dev.distill.data.shard.Manifest;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.pipeline.CurateStage;
import dev.distill.pipeline.EvalStage;
import dev.distill.student.model.ConfigJson;
import dev.distill.student.weights.GgufFile;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.TensorEntry;
import dev.distill.student.weights.WeightsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Tells from its files what something is, and describes it as {@code distill inspect} shows it. */
final class Artefact {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORT = 300;

    /** What the names of a checkpoint's trained tensors begin with; the rest is the optimizer's. */
    private static final String PARAMETER = "parameter/";

    private Artefact() {}

    /** @param rows how many traces or tensors to show */
    static ObjectNode describe(Path path, int rows) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        ObjectNode found = JSON.createObjectNode().put("path", path.toString());
        if (Files.isDirectory(path)) {
            folder(path, found, rows);
        } else {
            file(path, found, rows);
        }
        return found;
    }

    private static void folder(Path path, ObjectNode found, int rows) throws IOException {
        if (Files.exists(path.resolve("config.json"))) {
            found.put("kind", "model");
            model(path, found, rows);
        } else if (Files.exists(path.resolve("adapter_config.json"))) {
            found.put("kind", "adapter");
            found.set(
                    "config", JSON.readTree(path.resolve("adapter_config.json").toFile()));
            safetensors(path.resolve("adapter_model.safetensors"), "", found, rows);
        } else if (Files.exists(path.resolve("trainer.json"))) {
            found.put("kind", "checkpoint");
            found.set("trainer", JSON.readTree(path.resolve("trainer.json").toFile()));
            safetensors(path.resolve("state.safetensors"), PARAMETER, found, rows);
        } else if (holds(path, ".parquet")) {
            found.put("kind", "shards");
            if (Manifest.isIn(path)) {
                found.set("manifest", RunFigures.manifest(path));
            } else {
                found.put("unfinished", true);
            }
            LedgerFigures.ofFolder(path, found, rows);
            TraceFigures.describe(TraceFigures.open(path), found, rows);
        } else if (Files.exists(path.resolve(LedgerFigures.FILE_NAME))) {
            found.put("kind", "harvest");
            LedgerFigures.ofFolder(path, found, rows);
        } else if (Files.exists(path.resolve(EvalStage.SCORES))) {
            found.put("kind", "scores");
            found.set("scores", RunFigures.scores(path));
        } else if (Manifest.isIn(path)) {
            found.put("kind", "stage");
            found.set("manifest", RunFigures.manifest(path));
        } else if (Files.exists(path.resolve("tokenizer.json"))) {
            tokenizer(path, found);
        } else if (RunFigures.isRun(path)) {
            found.put("kind", "run");
            RunFigures.describe(path, found);
        } else {
            throw unknown(path);
        }
    }

    private static void file(Path path, ObjectNode found, int rows) throws IOException {
        String name = path.getFileName().toString();
        if (name.endsWith(".safetensors")) {
            found.put("kind", "safetensors");
            safetensors(path, "", found, rows);
        } else if (name.endsWith(".gguf")) {
            found.put("kind", "gguf");
            gguf(path, found, rows);
        } else if (name.equals("tokenizer.json")) {
            tokenizer(path, found);
        } else if (name.equals(Manifest.FILE_NAME)) {
            found.put("kind", "manifest");
            found.set("manifest", JSON.readTree(path.toFile()));
        } else if (name.equals(CurateStage.DECISIONS)) {
            found.put("kind", "decisions");
            DecisionFigures.describe(path, found, rows);
        } else if (name.endsWith(".parquet")) {
            found.put("kind", "shard");
            TraceFigures.describe(TraceFigures.open(path), found, rows);
        } else if (name.contains("journal")) {
            found.put("kind", "journal");
            Recovery recovery = Journal.read(path, record -> {});
            found.put("records", recovery.records())
                    .put("bytes", recovery.bytes())
                    .put("torn_bytes", recovery.tornBytes());
            if (name.equals(LedgerFigures.FILE_NAME)) {
                LedgerFigures.describe(path, found.putObject("ledger"), rows);
            }
        } else {
            throw unknown(path);
        }
    }

    private static IllegalArgumentException unknown(Path path) {
        return new IllegalArgumentException(
                path + ": is nothing that Distill knows; it looks for shards of traces, models,"
                        + " safetensors, GGUF, tokenizers, checkpoints, runs, manifests, decisions and journals");
    }

    private static void model(Path path, ObjectNode found, int rows) throws IOException {
        var config = ConfigJson.read(path.resolve("config.json"));
        found.put("parameters", config.parameterCount());
        found.set("config", JSON.readTree(path.resolve("config.json").toFile()));
        try (WeightsFolder weights = WeightsFolder.open(path)) {
            ArrayNode shown = tensors(found, weights.names().size());
            for (String name : weights.names().stream().limit(rows).toList()) {
                tensor(shown, weights.entry(name));
            }
        }
    }

    /** @param prefix of the names of the tensors whose elements count as parameters */
    private static void safetensors(Path file, String prefix, ObjectNode found, int rows) throws IOException {
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            found.put(
                    "parameters",
                    weights.entries().stream()
                            .filter(entry -> entry.name().startsWith(prefix))
                            .mapToLong(TensorEntry::elements)
                            .sum());
            ObjectNode metadata = found.putObject("metadata");
            weights.metadata().forEach(metadata::put);
            ArrayNode shown = tensors(found, weights.entries().size());
            weights.entries().stream().limit(rows).forEach(entry -> tensor(shown, entry));
        }
    }

    private static void gguf(Path file, ObjectNode found, int rows) throws IOException {
        try (GgufFile weights = GgufFile.open(file)) {
            found.put(
                    "parameters",
                    weights.entries().stream()
                            .mapToLong(GgufFile.Entry::elements)
                            .sum());
            ObjectNode metadata = found.putObject("metadata");
            weights.metadata()
                    .forEach((key, value) -> metadata.put(
                            key,
                            value instanceof List<?> list
                                    ? "[" + list.size() + " values]"
                                    : shortened(value.toString())));
            ArrayNode shown = tensors(found, weights.entries().size());
            weights.entries().stream()
                    .limit(rows)
                    .forEach(entry -> shown.addObject()
                            .put("name", entry.name())
                            .put("type", entry.type().name())
                            .put("shape", entry.shape().toString()));
        }
    }

    private static ArrayNode tensors(ObjectNode found, int count) {
        found.put("tensor_count", count);
        return found.putArray("tensors");
    }

    private static void tensor(ArrayNode shown, TensorEntry entry) {
        shown.addObject()
                .put("name", entry.name())
                .put("type", entry.type().name())
                .put("shape", entry.shape().toString());
    }

    private static void tokenizer(Path path, ObjectNode found) {
        try (Tokenizer tokenizer = TokenizerFile.open(path)) {
            found.put("kind", "tokenizer")
                    .put("vocabulary_size", tokenizer.vocabularySize())
                    .put("sha256", tokenizer.sha256())
                    .put("engine", tokenizer.engine());
        }
    }

    private static boolean holds(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(ending));
        }
    }

    static String shortened(String text) {
        return text.length() > SHORT ? text.substring(0, SHORT) + " ..." : text;
    }
}
