package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.export.HuggingFaceExport;
import dev.distill.export.Lineage;
import dev.distill.export.ParityGate;
import dev.distill.export.ParityGate.Parity;
import dev.distill.export.WeightType;
import dev.distill.respond.AdapterFolder;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.adapter.Lora;
import dev.distill.student.model.WeightSource;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A trained student to what others load, compared with the student before it counts. */
public final class ExportStage {
    private static final int PARITY_PROMPTS = 8;
    private static final String PARITY = "parity.json";
    private static final String ADAPTER = "adapter";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ExportStage() {}

    /** What was written, and what the gate found. */
    public record Exported(Path folder, List<String> files, long bytes, Parity parity) {
        public Exported {
            files = List.copyOf(files);
        }
    }

    /**
     * Writes {@code export/}: the whole model, merged where a LoRA was trained, with {@code adapter/} beside it.
     *
     * @param facts the rows of the model card's scores
     * @throws ParityGate.DriftException if what was written is not what was trained
     */
    public static Exported run(Recipe recipe, RunFolder run, Ops ops, SequencedMap<String, String> facts)
            throws IOException {
        Manifest plan = RunFolder.plan(
                        "export",
                        recipe.resolved().of("name", "student", "export"),
                        List.of(RunFolder.asInput(run.train())))
                .withSettings(card(facts));
        Optional<Manifest> done = RunFolder.done(run.export(), plan);
        if (done.isPresent()) {
            return exported(run, done.get().outputs(), parity(run.export().resolve(PARITY)));
        }
        Files.createDirectories(run.export());
        TrainedStudent trained = TrainedStudent.of(recipe, run.train());
        Lineage lineage = ExportLineage.of(recipe, run, facts);
        Path adapter = trained.adapter();
        try (Student student = trained.open(recipe.name(), ops);
                StoredWeights stored = StoredWeights.open(trained.model());
                @Nullable Lora lora = adapter == null ? null : AdapterFolder.load(adapter, stored.config(), ops)) {
            WeightSource weights = lora == null ? stored : lora.merged(stored, ops);
            WeightType type = recipe.export().type();
            List<String> files = new ArrayList<>(
                    HuggingFaceExport.write(run.export(), stored.config(), weights, type, trained.model()));
            Parity parity = ParityGate.check(
                    student.model(), weights, run.export(), type, parityPrompts(run, student.language()));
            AtomicFile.write(run.export().resolve(PARITY), json(parity));
            files.add(PARITY);
            if (lora != null && recipe.export().adapter() && !changesBase(recipe)) {
                files.addAll(writeAdapter(recipe, run.export(), lora, lineage));
            }
            files.add(HuggingFaceExport.writeCard(run.export(), lineage));
            List<FileEntry> entries = new ArrayList<>();
            for (String file : files) {
                entries.add(FileEntry.of(file, run.export().resolve(file)));
            }
            plan.finish("", entries).write(run.export());
            return exported(run, entries, parity);
        }
    }

    /** An adapter is no model of its own: what the recipe changes of its base is in the merged model alone. */
    private static boolean changesBase(Recipe recipe) {
        return recipe.student().orElseThrow().changes().adapterNeedsThem();
    }

    private static Exported exported(RunFolder run, List<FileEntry> entries, Parity parity) {
        return new Exported(
                run.export(),
                entries.stream().map(FileEntry::path).toList(),
                entries.stream().mapToLong(FileEntry::bytes).sum(),
                parity);
    }

    /** The card's rows as settings: a new score makes a new card. */
    private static Map<String, String> card(SequencedMap<String, String> facts) {
        Map<String, String> settings = new LinkedHashMap<>();
        facts.forEach((row, value) -> settings.put("card." + row, value));
        return settings;
    }

    private static List<String> writeAdapter(Recipe recipe, Path export, Lora lora, Lineage lineage)
            throws IOException {
        Path target = export.resolve(ADAPTER);
        StudentPart student = recipe.student().orElseThrow();
        String base = student.baseId() == null ? String.valueOf(student.folder()) : student.baseId();
        List<String> files =
                new ArrayList<>(HuggingFaceExport.writeAdapter(target, lora.config(), lora.stored(), base));
        files.add(HuggingFaceExport.writeAdapterCard(target, lineage));
        return files.stream().map(file -> ADAPTER + "/" + file).toList();
    }

    /** The first prompts of the harvest: real text in the student's own template. */
    private static List<int[]> parityPrompts(RunFolder run, Language language) throws IOException {
        List<int[]> prompts = new ArrayList<>();
        try (TraceReader traces = TraceReader.open(run.curate())) {
            while (traces.hasNext() && prompts.size() < PARITY_PROMPTS) {
                Trace trace = traces.next();
                Prompt prompt = new Prompt(trace.promptId(), trace.messages(), null, trace.source());
                prompts.add(language.tokenizer().encode(language.renderer().prompt(prompt.messages(), true)));
            }
        }
        return prompts;
    }

    private static String json(Parity parity) {
        ObjectNode node = JSON.createObjectNode()
                .put("max_logit_diff", parity.maxLogitDiff())
                .put("largest_logit", parity.largestLogit())
                .put("greedy_agreement", parity.greedyAgreement())
                .put("tolerance", parity.tolerance());
        return node.toPrettyString() + "\n";
    }

    private static Parity parity(Path file) throws IOException {
        JsonNode node = JSON.readTree(file.toFile());
        return new Parity(
                node.path("max_logit_diff").asDouble(),
                node.path("largest_logit").asDouble(),
                node.path("greedy_agreement").asDouble(),
                node.path("tolerance").asDouble());
    }
}
