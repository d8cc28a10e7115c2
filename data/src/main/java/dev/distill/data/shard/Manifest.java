package dev.distill.data.shard;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a stage did, beside what it made: {@code manifest.json}, written last, so that a folder without one is unfinished. Values
 * that change with every run (the times) stand apart from those that decide whether it must be run again.
 *
 * @param stage the command that made the folder: {@code harvest}, {@code curate}, {@code train} ...
 * @param createdBy program and version
 * @param schema name and version of what the outputs hold, for example {@code traces/2}; empty where there is no such thing
 * @param settings the resolved values that decided the outcome, by their name in the recipe
 * @param inputs what was read; paths as they were given
 * @param outputs what was written; paths relative to the manifest's folder
 * @param counts what was counted on the way, by name; a unit that is not "how many" is part of the name
 * @param startedAt when the stage began, to the microsecond
 * @param finishedAt when everything but the manifest was on the disk
 */
public record Manifest(
        String stage,
        String createdBy,
        String schema,
        SortedMap<String, String> settings,
        List<FileEntry> inputs,
        List<FileEntry> outputs,
        SortedMap<String, Long> counts,
        Instant startedAt,
        Instant finishedAt) {
    public static final String FILE_NAME = "manifest.json";

    public Manifest {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
        startedAt = startedAt.truncatedTo(ChronoUnit.MICROS);
        finishedAt = finishedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** The manifest of a stage that begins now and has done nothing yet. */
    public static Manifest begin(String stage, String createdBy) {
        Instant now = Instant.now();
        return new Manifest(stage, createdBy, "", new TreeMap<>(), List.of(), List.of(), new TreeMap<>(), now, now);
    }

    public Manifest withSettings(Map<String, String> more) {
        SortedMap<String, String> all = new TreeMap<>(settings);
        all.putAll(more);
        return new Manifest(stage, createdBy, schema, all, inputs, outputs, counts, startedAt, finishedAt);
    }

    public Manifest withInput(FileEntry input) {
        List<FileEntry> all = new ArrayList<>(inputs);
        all.add(input);
        return new Manifest(stage, createdBy, schema, settings, all, outputs, counts, startedAt, finishedAt);
    }

    public Manifest withCounts(Map<String, Long> more) {
        SortedMap<String, Long> all = new TreeMap<>(counts);
        all.putAll(more);
        return new Manifest(stage, createdBy, schema, settings, inputs, outputs, all, startedAt, finishedAt);
    }

    /** This manifest with the outputs, which are on the disk, and the time of now as its end. */
    public Manifest finish(String outputSchema, List<FileEntry> made) {
        return new Manifest(stage, createdBy, outputSchema, settings, inputs, made, counts, startedAt, Instant.now());
    }

    /**
     * The outputs as one hash, for a stage that reads them: of their names and hashes, cards left out, for they tell of times.
     *
     * @return 64 hex digits
     */
    public String outputsHash() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        for (FileEntry output : outputs) {
            if (!output.path().endsWith(".md")) {
                digest.update((output.path() + " " + output.sha256() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether this folder was finished. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE_NAME));
    }

    /**
     * Reads the manifest of a folder.
     *
     * @throws ShardException if there is none, or one that this program does not understand
     */
    public static Manifest read(Path folder) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        if (!Files.isDirectory(folder)) {
            boolean there = Files.exists(folder);
            throw new ShardException(
                    folder,
                    there ? "is no folder, and a stage writes one" : "is no folder that is there",
                    there ? "name the folder that it lies in" : "correct the name");
        }
        if (!Files.exists(file)) {
            List<String> stages = stagesIn(folder);
            if (!stages.isEmpty()) {
                throw new ShardException(
                        folder,
                        "is a run, whose stages lie in it: " + String.join(", ", stages),
                        "name the folder of the one that is meant, as " + folder.resolve(stages.getFirst()));
            }
            throw new ShardException(
                    folder,
                    "has no " + FILE_NAME + ", so the stage that wrote it has not finished",
                    "run that stage again");
        }
        return ManifestJson.read(file, Files.readAllBytes(file));
    }

    /** The folders in a run that were finished, by name. */
    private static List<String> stagesIn(Path run) throws IOException {
        try (Stream<Path> folders = Files.list(run)) {
            return folders.filter(Manifest::isIn)
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** Writes the manifest into its folder, at once or not at all. */
    public void write(Path folder) throws IOException {
        write(Storage.local(), folder);
    }

    void write(Storage storage, Path folder) throws IOException {
        byte[] json = ManifestJson.write(this).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(storage, folder.resolve(FILE_NAME), out -> out.write(json));
    }
}
