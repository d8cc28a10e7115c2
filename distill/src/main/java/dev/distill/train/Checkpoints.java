package dev.distill.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.journal.AtomicFile;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.ExactTensors;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: {@code checkpoint-000100/state.safetensors} with the trained weights and the optimizer's state, and
 * {@code trainer.json}, written last, with the step and what the run must agree on. A folder without {@code trainer.json}
 * is unfinished and ignored. The two newest are kept.
 */
final class Checkpoints {
    private static final String STATE = "state.safetensors";
    private static final String TRAINER = "trainer.json";
    private static final int KEEP = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final String fingerprint;

    /** @param fingerprint of data and settings; a checkpoint of another one is refused */
    Checkpoints(Path folder, String fingerprint) {
        this.folder = folder;
        this.fingerprint = fingerprint;
    }

    Path folderOf(int step) {
        return folderOf(folder, step);
    }

    static Path folderOf(Path folder, int step) {
        return folder.resolve("checkpoint-%06d".formatted(step));
    }

    /** Saves the state after this many updates; once this returns, a crash loses nothing of it. */
    Path save(int step, Optimizer optimizer) throws IOException {
        Path target = folderOf(step);
        Files.createDirectories(target);
        List<SafetensorsWriter.Item> items = optimizer.state().entrySet().stream()
                .flatMap(entry -> ExactTensors.items(entry.getKey(), entry.getValue()).stream())
                .toList();
        SafetensorsWriter.write(target.resolve(STATE), items, Map.of("format", "distill-checkpoint/1"));
        AtomicFile.write(
                target.resolve(TRAINER),
                JSON.createObjectNode()
                                .put("version", 1)
                                .put("step", step)
                                .put("fingerprint", fingerprint)
                                .toPrettyString()
                        + "\n");
        prune();
        return target;
    }

    /** Puts the newest whole checkpoint back into the optimizer; the updates it holds, or 0 where there is none. */
    int restore(Optimizer optimizer) throws IOException {
        Optional<Path> newest = whole().findFirst();
        if (newest.isEmpty()) {
            return 0;
        }
        Path source = newest.get();
        JsonNode trainer = JSON.readTree(source.resolve(TRAINER).toFile());
        if (!trainer.path("fingerprint").asText().equals(fingerprint)) {
            throw new IOException(source + ": this checkpoint belongs to a run with other data or settings; give the"
                    + " run another folder, or move this one away");
        }
        try (SafetensorsFile state = SafetensorsFile.open(source.resolve(STATE))) {
            for (Map.Entry<String, Tensor> entry : optimizer.state().entrySet()) {
                ExactTensors.restore(state, entry.getKey(), entry.getValue());
            }
        }
        int step = trainer.path("step").asInt();
        optimizer.resumeAt(step);
        return step;
    }

    /** Every whole checkpoint, the newest first. */
    private Stream<Path> whole() throws IOException {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all
                    .filter(path -> path.getFileName().toString().matches("checkpoint-\\d{6,}"))
                    .filter(path -> Files.exists(path.resolve(TRAINER)))
                    .sorted(Comparator.comparing(Path::toString).reversed())
                    .toList()
                    .stream();
        }
    }

    private void prune() throws IOException {
        for (Path old : whole().skip(KEEP).toList()) {
            // trainer.json first: what is half deleted is then no checkpoint any more
            Files.deleteIfExists(old.resolve(TRAINER));
            Files.deleteIfExists(old.resolve(STATE));
            Files.deleteIfExists(old);
        }
    }
}
