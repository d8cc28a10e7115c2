package dev.distill.train;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.Storage;
import dev.distill.data.shard.FileEntry;
import dev.distill.student.weights.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One checkpoint on the disk: {@code state.safetensors}, {@code trainer.json}, and {@code SHA256SUMS} of both, which {@code
 * sha256sum -c} reads. It is written beside its place, every file and the folder synced, and moved there in one step: the
 * name stands for a whole checkpoint.
 *
 * @param path {@code .../checkpoint-000100}
 */
record CheckpointFolder(Path path) {
    private static final int VERSION = 2;
    private static final String STATE = "state.safetensors";
    private static final String TRAINER = "trainer.json";
    private static final String SUMS = "SHA256SUMS";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param run the run's folder */
    static CheckpointFolder of(Path run, int step) {
        return new CheckpointFolder(run.resolve(String.format(Locale.ROOT, "checkpoint-%06d", step)));
    }

    /** Every checkpoint of a run, finished or not, the newest first. */
    static List<CheckpointFolder> all(Path run) throws IOException {
        return matching(run, "checkpoint-\\d{6,9}");
    }

    /** What a process left that ended while it wrote one. */
    static List<CheckpointFolder> halfWritten(Path run) throws IOException {
        return matching(run, "\\.checkpoint-\\d{6,9}\\.tmp");
    }

    private static List<CheckpointFolder> matching(Path run, String name) throws IOException {
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(run)) {
            return all.filter(path -> path.getFileName().toString().matches(name))
                    .map(CheckpointFolder::new)
                    .sorted(Comparator.comparingInt(CheckpointFolder::step).reversed())
                    .toList();
        }
    }

    private int step() {
        return Integer.parseInt(path.getFileName().toString().replaceAll("\\D", ""));
    }

    Path state() {
        return path.resolve(STATE);
    }

    /** Whether it was ever finished; {@link #damage} says whether it still is as it was. */
    boolean isFinished() {
        return Files.exists(path.resolve(SUMS));
    }

    /** What the run must agree on, and where it was. */
    record Trainer(RunIdentity identity, TrainState state) {}

    /**
     * Writes it; once this returns, neither a crash nor a power cut loses it. What fails leaves nothing under its name.
     *
     * @param items its tensors, read while they are written
     */
    void write(Storage storage, List<SafetensorsWriter.Item> items, Trainer trainer) throws IOException {
        Path temporary = path.resolveSibling("." + path.getFileName() + ".tmp");
        try {
            remove(storage, temporary);
            storage.createFolder(temporary);
            String state = file(
                    storage,
                    temporary.resolve(STATE),
                    sink -> SafetensorsWriter.writeTo(sink, items, Map.of("format", "distill-checkpoint/" + VERSION)));
            String json = text(storage, temporary.resolve(TRAINER), json(trainer));
            text(storage, temporary.resolve(SUMS), sums(state, json));
            storage.syncFolder(temporary);
            remove(storage, path); // a damaged one: a whole one is never written again
            storage.move(temporary, path);
        } catch (IOException | RuntimeException e) {
            discard(storage, temporary, e);
            throw e;
        }
        storage.syncFolder(parent(path));
    }

    private static String json(Trainer trainer) {
        ObjectNode node = JSON.createObjectNode().put("version", VERSION);
        trainer.state.writeTo(node);
        trainer.identity.writeTo(node.putObject("settings"));
        return node.toPrettyString() + "\n";
    }

    private static String sums(String state, String trainer) {
        return state + "  " + STATE + "\n" + trainer + "  " + TRAINER + "\n";
    }

    private static String text(Storage storage, Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return file(storage, file, sink -> sink.accept(MemorySegment.ofArray(bytes)));
    }

    /** Writes and syncs a file; the hash of what was to be written, not of what a disk may have made of it. */
    private static String file(Storage storage, Path file, SafetensorsWriter.Content content) throws IOException {
        MessageDigest digest = sha256();
        try (Storage.Output out = storage.create(file)) {
            content.writeTo(piece -> {
                ByteBuffer bytes = piece.asByteBuffer();
                digest.update(bytes.duplicate());
                out.write(bytes);
            });
            out.sync();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What is wrong with a finished checkpoint, by its own hashes; empty where nothing is. Reads all of it. */
    Optional<String> damage() throws IOException {
        for (String name : List.of(STATE, TRAINER)) {
            if (!Files.exists(path.resolve(name))) {
                return Optional.of(name + " is missing");
            }
        }
        String found = sums(FileEntry.sha256(path.resolve(STATE)), FileEntry.sha256(path.resolve(TRAINER)));
        String promised = new String(Files.readAllBytes(path.resolve(SUMS)), StandardCharsets.UTF_8);
        return found.equals(promised)
                ? Optional.empty()
                : Optional.of("its files are not those that " + SUMS + " names");
    }

    /**
     * Reads {@code trainer.json}; empty where there is none that could be read.
     *
     * @throws IllegalArgumentException if another version of this program wrote it
     */
    Optional<Trainer> trainer() throws IOException {
        Path file = path.resolve(TRAINER);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode node;
        try {
            node = JSON.readTree(file.toFile());
        } catch (JacksonException e) {
            return Optional.empty();
        }
        int version = node.path("version").asInt();
        if (version == 0) {
            return Optional.empty();
        }
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "%s: a checkpoint of version %d; this program reads version %d. Go on with the %s program that wrote it,"
                                    .formatted(path, version, VERSION, version > VERSION ? "newer" : "older")
                            + " or move it away to begin anew");
        }
        return Optional.of(new Trainer(RunIdentity.read(node.path("settings")), TrainState.read(node)));
    }

    /** Removes it, its hashes first: what is half removed is no checkpoint any more. */
    void remove(Storage storage) throws IOException {
        remove(storage, path);
    }

    private static void remove(Storage storage, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        storage.delete(folder.resolve(SUMS));
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.toList();
        }
        for (Path file : left) {
            storage.delete(file);
        }
        storage.delete(folder);
    }

    /** Leaves nothing of a failed attempt, so that it does not keep a full disk full. */
    private static void discard(Storage storage, Path temporary, Throwable reason) {
        try {
            remove(storage, temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + ": a checkpoint lies in a folder");
        }
        return parent;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
