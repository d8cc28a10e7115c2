package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The folder of one run: a folder a stage, each with the manifest that its stage wrote last.
 *
 * @param root of the run
 */
public record RunFolder(Path root) {
    public static final String CREATED_BY = "distill";

    public Path harvest() {
        return root.resolve("harvest");
    }

    public Path curate() {
        return root.resolve("curate");
    }

    public Path train() {
        return root.resolve("train");
    }

    public Path eval() {
        return root.resolve("eval");
    }

    public Path export() {
        return root.resolve("export");
    }

    /** A manifest that says what a stage is about to do: its settings and what it reads. */
    static Manifest plan(String stage, Map<String, String> settings, List<FileEntry> inputs) {
        Manifest plan = Manifest.begin(stage, CREATED_BY).withSettings(settings);
        for (FileEntry input : inputs) {
            plan = plan.withInput(input);
        }
        return plan;
    }

    /** The manifest in {@code folder} if the stage that wrote it had this plan: its work need not be done again. */
    static Optional<Manifest> done(Path folder, Manifest plan) throws IOException {
        if (!Manifest.isIn(folder)) {
            return Optional.empty();
        }
        Manifest found = Manifest.read(folder);
        boolean same = found.stage().equals(plan.stage())
                && found.settings().equals(plan.settings())
                && found.inputs().stream()
                        .map(FileEntry::sha256)
                        .toList()
                        .equals(plan.inputs().stream().map(FileEntry::sha256).toList());
        return same ? Optional.of(found) : Optional.empty();
    }

    /**
     * A stage's result as the input of the next: named by the hashes of its files, so that a stage that was run again
     * and came to the same files does not make the next one run again.
     */
    static FileEntry asInput(Path stageFolder) throws IOException {
        Manifest manifest = Manifest.read(stageFolder);
        MessageDigest digest = sha256();
        for (FileEntry output : manifest.outputs()) {
            if (!output.path().endsWith(".md")) { // cards tell of times
                digest.update((output.path() + " " + output.sha256() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return new FileEntry(
                String.valueOf(stageFolder.getFileName()),
                manifest.outputs().stream().mapToLong(FileEntry::bytes).sum(),
                HexFormat.of().formatHex(digest.digest()),
                OptionalLong.empty());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
