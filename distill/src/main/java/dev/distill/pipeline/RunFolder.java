package dev.distill.pipeline;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.OwnerLock;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one run: a folder a stage, each with the manifest that its stage wrote last.
 *
 * @param root of the run
 */
public record RunFolder(Path root) {
    public static final String CREATED_BY = "distill";

    private static final String PLAN = "plan.hash";
    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);

    /**
     * Makes the folder and takes it for this process, until the lock is closed: two at work in one folder would spoil each
     * other's files.
     */
    public OwnerLock take() throws IOException {
        Files.createDirectories(root);
        return OwnerLock.take(root.resolve("run"));
    }

    public Path rewrite() {
        return root.resolve("rewrite");
    }

    public Path harvest() {
        return root.resolve("harvest");
    }

    public Path verify() {
        return root.resolve("verify");
    }

    /** What a judge was asked and has replied: a harvest, with a ledger of its own. */
    public Path judge() {
        return root.resolve("judge");
    }

    /** What follows from it for the traces. */
    public Path judged() {
        return judge().resolve("verdicts");
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
     * Makes the folder of a stage whose work may take several processes. What an earlier plan left there, finished or not,
     * is moved to {@code FOLDER.1}, {@code .2} ...: hours of training are never overwritten.
     *
     * @param ignored settings that do not decide the outcome
     * @return what is other than in the earlier plan, where there was one; the warning says it too
     */
    static List<String> begin(Path folder, Manifest plan, Set<String> ignored) throws IOException {
        Path file = folder.resolve(PLAN);
        BegunPlan now = BegunPlan.of(plan, ignored);
        String identity = BegunPlan.identity(plan, ignored) + "\n";
        List<String> changes = List.of();
        if (Files.exists(file) && !Files.readString(file).equals(identity)) {
            changes = changes(folder, now);
            Path aside = aside(folder);
            Files.move(folder, aside);
            LOG.warn("{}: {}; the earlier work is kept in {}", plan.stage(), String.join("; ", changes), aside);
        }
        Files.createDirectories(folder);
        now.write(folder);
        AtomicFile.write(file, identity);
        return changes;
    }

    private static List<String> changes(Path folder, BegunPlan now) throws IOException {
        Optional<BegunPlan> before = BegunPlan.read(folder);
        List<String> changes = before.isPresent() ? before.get().changes(now) : List.of();
        return changes.isEmpty() ? List.of("data or settings have changed") : changes;
    }

    private static Path aside(Path folder) {
        int n = 1;
        while (Files.exists(folder.resolveSibling(folder.getFileName() + "." + n))) {
            n++;
        }
        return folder.resolveSibling(folder.getFileName() + "." + n);
    }

    /**
     * A stage's result as the input of the next, named by the hashes of its files. A stage that need not be run again
     * leaves them as they are; one that is run again makes all the later ones run again, for Parquet's footers hold sets in
     * an order that differs from process to process.
     */
    static FileEntry asInput(Path stageFolder) throws IOException {
        Manifest manifest = Manifest.read(stageFolder);
        return new FileEntry(
                String.valueOf(stageFolder.getFileName()),
                manifest.outputs().stream().mapToLong(FileEntry::bytes).sum(),
                manifest.outputsHash(),
                OptionalLong.empty());
    }

    /** A base model as an input: its configuration and weights, whole, for another fine-tune has the same names and sizes. */
    static List<FileEntry> model(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) {
            return List.of(FileEntry.of(folder.toString(), folder)); // a GGUF file has all of it
        }
        List<FileEntry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(RunFolder::decides).sorted().toList()) {
                entries.add(FileEntry.of(file.toString(), file));
            }
        }
        return entries;
    }

    private static boolean decides(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".safetensors") || name.matches("config.json|tokenizer.json|tokenizer_config.json");
    }
}
