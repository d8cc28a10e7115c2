package dev.distill.pipeline;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.shard.Manifest;
import dev.distill.export.Licence;
import dev.distill.export.Lineage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** What a run knows about where its student comes from. */
final class ExportLineage {
    private static final String PROGRAM = "distill";

    private ExportLineage() {}

    /** @param scores rows of the card's scores */
    static Lineage of(Recipe recipe, RunFolder run, SequencedMap<String, String> scores) throws IOException {
        return new Lineage(recipe.name(), base(recipe), teacher(recipe), data(recipe, run), scores, making(recipe));
    }

    private static Lineage.Base base(Recipe recipe) throws IOException {
        StudentPart student = recipe.student().orElseThrow();
        Path folder = student.folder();
        String stated = student.licence();
        if (folder == null) {
            String mine = "random weights have none of their own; state yours as student.licence in the recipe";
            return new Lineage.Base(
                    null, false, stated == null ? new Licence(Licence.OTHER, mine) : Licence.stated(stated));
        }
        String id = student.baseId();
        String name = id == null ? String.valueOf(folder.getFileName()) : id;
        return new Lineage.Base(name, id != null, stated == null ? Licence.of(folder) : Licence.stated(stated));
    }

    private static Lineage.Teacher teacher(Recipe recipe) {
        return recipe.teacher()
                .map(part -> new Lineage.Teacher(part.endpoint().model(), part.terms()))
                .orElseGet(() -> new Lineage.Teacher(imported(recipe), null));
    }

    /** Who taught, where the traces were imported and the import was told. */
    private static String imported(Recipe recipe) {
        return Harvested.teachers(recipe).stream()
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), names -> names.isEmpty() ? "an unnamed teacher" : names));
    }

    private static Lineage.Data data(Recipe recipe, RunFolder run) throws IOException {
        long traces = Manifest.read(run.curate()).outputs().stream()
                .mapToLong(file -> file.rows().orElse(0))
                .sum();
        return new Lineage.Data(
                RunFolder.asInput(run.curate()).sha256(),
                recipe.prompts().map(PromptsPart::hubIds).orElse(List.of()),
                traces,
                CurateStage.report(run).map(ExportLineage::curation).orElse(null));
    }

    private static Lineage.Curation curation(CurationReport report) {
        SequencedMap<String, Long> dropped = new LinkedHashMap<>();
        report.dropped().forEach((reason, count) -> {
            if (count > 0) {
                dropped.put(reason, count);
            }
        });
        return new Lineage.Curation(report.read(), dropped);
    }

    /** What decides the student, without the paths of this machine. */
    private static Lineage.Run making(Recipe recipe) {
        SequencedMap<String, String> values = recipe.resolved()
                .of(
                        "seed",
                        "teacher.temperature",
                        "teacher.top-p",
                        "teacher.max-tokens",
                        "prompts.limit",
                        "prompts.skip",
                        "prompts.template",
                        "prompts.system",
                        "harvest.samples",
                        "curate",
                        "student.shape",
                        "train");
        values.remove("curate.held-out");
        String version = ExportLineage.class.getPackage().getImplementationVersion();
        return new Lineage.Run(
                version == null ? PROGRAM : PROGRAM + " " + version,
                switch (recipe.train().mode()) {
                    case FULL -> "all weights";
                    case LORA -> "LoRA";
                    case QLORA -> "LoRA on weights in NF4 (QLoRA)";
                },
                values);
    }
}
