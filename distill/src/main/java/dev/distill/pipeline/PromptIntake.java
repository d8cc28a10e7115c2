package dev.distill.pipeline;

import dev.distill.data.curate.PromptDuplicates;
import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.intake.PromptSet;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.trace.Prompt;
import dev.distill.hub.DataSource;
import dev.distill.hub.Hub;
import dev.distill.hub.HubId;
import dev.distill.hub.HubListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The prompts of a recipe: their files brought onto this disk, read, and without those that ask the same. */
final class PromptIntake {
    private static final String COMMITS = "prompts.commit";
    private static final Logger LOG = LoggerFactory.getLogger(PromptIntake.class);

    private PromptIntake() {}

    /**
     * A file of prompts on this disk.
     *
     * @param source what its prompts say of where they come from; null for the file's name
     */
    record Input(Path path, @Nullable String source) {}

    /**
     * What is to be asked.
     *
     * @param counts for the manifest
     */
    record Asked(List<Prompt> prompts, SortedMap<String, Long> counts) {}

    /**
     * The files, fetched as far as they are on the hub and not in the cache. A run stays with the commits that it began with:
     * prompts that change in the middle would be bought as others.
     */
    static List<Input> fetch(PromptsPart part, RunFolder run, HubListener listener, Stop stop) throws IOException {
        Path file = run.root().resolve(COMMITS);
        Map<String, String> begun = commits(file);
        Map<String, String> now = new LinkedHashMap<>();
        List<Input> inputs = new ArrayList<>();
        for (DataSource source : part.files()) {
            switch (source) {
                case DataSource.Local(String _, Path path) -> inputs.add(new Input(path, null));
                case DataSource.Missing missing ->
                    throw new RecipeException("recipe", List.of("prompts.files: " + missing.message()));
                case DataSource.OnHub(String _, HubId id) -> {
                    String commit = begun.get(id.toString());
                    HubId wanted = commit == null ? id : id.at(commit);
                    Hub.Dataset fetched = Hub.fromEnvironment().fetchDataset(wanted, listener, stop);
                    now.put(id.toString(), fetched.commit());
                    fetched.files().forEach(path -> inputs.add(new Input(path, id.repository())));
                }
            }
        }
        if (!now.isEmpty() && !now.equals(begun)) {
            StringBuilder lines = new StringBuilder();
            now.forEach(
                    (id, commit) -> lines.append(id).append(' ').append(commit).append('\n'));
            AtomicFile.write(file, lines.toString());
        }
        return inputs;
    }

    /** The same without fetching; empty where something is not on this disk. */
    static Optional<List<Input>> here(PromptsPart part) throws IOException {
        List<Input> inputs = new ArrayList<>();
        for (DataSource source : part.files()) {
            switch (source) {
                case DataSource.Local(String _, Path path) -> inputs.add(new Input(path, null));
                case DataSource.Missing _ -> {
                    return Optional.empty();
                }
                case DataSource.OnHub(String _, HubId id) -> {
                    Optional<Hub.Dataset> cached = Hub.fromEnvironment().datasetInCache(id);
                    if (cached.isEmpty()) {
                        return Optional.empty();
                    }
                    cached.get().files().forEach(path -> inputs.add(new Input(path, id.repository())));
                }
            }
        }
        return Optional.of(inputs);
    }

    private static Map<String, String> commits(Path file) throws IOException {
        Map<String, String> commits = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                int space = line.lastIndexOf(' ');
                commits.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return commits;
    }

    /** Reads the files, leaves out what was asked before, then takes the part that {@code skip} and {@code limit} say. */
    static Asked read(PromptsPart part, List<Input> inputs) throws IOException {
        return read(part, part.format(), inputs);
    }

    /** The same in another form than the part's own. */
    static Asked read(PromptsPart part, PromptFormat format, List<Input> inputs) throws IOException {
        List<Prompt> all = new ArrayList<>();
        long repeated = 0;
        long contradictions = 0;
        for (Input input : inputs) {
            String source = input.source();
            PromptSet set = PromptFile.read(input.path(), source == null ? format : format.withSource(source));
            all.addAll(set.prompts());
            repeated += set.duplicates();
            contradictions += set.contradictions();
        }
        PromptDuplicates.Distinct distinct = PromptDuplicates.of(all, part.dedup(), format::questionIn);
        long exact = repeated + distinct.exact();
        contradictions += distinct.contradictions();
        if (exact + distinct.near() > 0) {
            LOG.info(
                    "prompts: {} ask what an earlier one asks and {} nearly so; they are not asked again",
                    exact,
                    distinct.near());
        }
        if (contradictions > 0) {
            LOG.warn(
                    "prompts: {} of those that ask the same give another reference; that of the first counts",
                    contradictions);
        }
        List<Prompt> left = distinct.prompts();
        int from = Math.min(part.skip(), left.size());
        int to = part.limit() == 0 ? left.size() : Math.min(left.size(), from + part.limit());
        SortedMap<String, Long> counts = new TreeMap<>();
        counts.put("prompts", (long) to - from);
        counts.put("duplicate_prompts", exact);
        counts.put("near_duplicate_prompts", (long) distinct.near());
        return new Asked(left.subList(from, to), counts);
    }
}
