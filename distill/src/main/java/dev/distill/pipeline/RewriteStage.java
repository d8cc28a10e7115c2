package dev.distill.pipeline;

import dev.distill.data.intake.PromptFormat;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.OwnerLock;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.pipeline.Rewriting.Rewritten;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.harvest.Asking;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Harvester;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Prompts to more prompts: a teacher writes each anew, varies it or makes it harder. What it says is harvested as any reply,
 * in a folder with a ledger of its own; the new prompts are a file that {@code prompts.files} takes.
 */
public final class RewriteStage {
    private static final String FILE = "prompts.jsonl";

    private RewriteStage() {}

    /**
     * What came of it.
     *
     * @param file of the new prompts; what there is of them, where the harvest has not come to its end
     * @param questions in the file
     * @param withReference those of them that keep a reference answer
     * @param dropped replies that gave no prompt, by reason
     */
    public record Result(
            HarvestResult harvest, Path file, int questions, int withReference, SortedMap<String, Integer> dropped) {}

    /** @param stop registers what is to be called when the user interrupts */
    public static Result run(Recipe recipe, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop)
            throws IOException {
        RewritePart part = Recipe.required(recipe.rewrite(), "rewrite", "rewrite");
        PromptsPart prompts = Recipe.required(recipe.prompts(), "prompts", "rewrite");
        TeacherPart teacher = Recipe.required(recipe.teacher(), "teacher", "rewrite");
        Rewriting rewriting = Rewriting.of(part);
        try (OwnerLock _ = run.take();
                Asker asker = Asker.of(Whom.teacher(recipe), run, run.rewrite(), ops, listener, stop)) {
            Files.createDirectories(run.rewrite());
            List<PromptIntake.Input> files = PromptIntake.fetch(prompts, run, listener.fetching(), stop);
            // the new prompts are asked by template and system message; the old ones are shown without
            PromptFormat format = PromptFormat.PLAIN.withColumns(prompts.columns());
            List<Prompt> sources = PromptIntake.read(prompts, format, files).prompts();
            Map<String, Prompt> sourceOf = new LinkedHashMap<>();
            sources.forEach(source -> sourceOf.put(rewriting.ask(source).id(), source));
            List<FileEntry> inputs = new ArrayList<>();
            for (PromptIntake.Input file : files) {
                inputs.add(FileEntry.of(file.path().toString(), file.path()));
            }
            Manifest plan = RunFolder.plan("rewrite", recipe.resolved().of("teacher", "prompts", "rewrite"), inputs)
                    .withSettings(Map.of("rewrite.template-hash", rewriting.hash()));
            DatasetCard card = new DatasetCard(
                    recipe.name() + ": rewritten prompts",
                    "other",
                    "What " + teacher.endpoint().model()
                            + " made of prompts, as it came; prompts.jsonl has the prompts.");
            Harvester harvester = asker.harvester(
                    Asking.of(part.count()), new HarvestOutput(run.rewrite(), plan, card, ShardSize.DEFAULT));
            stop.onStop(harvester::stop);
            HarvestResult harvest =
                    harvester.run(sources.stream().map(rewriting::ask).toList(), listener.harvest());
            return write(run.rewrite(), rewriting, sourceOf, harvest);
        }
    }

    private static Result write(Path folder, Rewriting rewriting, Map<String, Prompt> sourceOf, HarvestResult harvest)
            throws IOException {
        List<String> lines = new ArrayList<>();
        int withReference = 0;
        SortedMap<String, Integer> dropped = new TreeMap<>();
        if (!harvest.shards().isEmpty()) {
            try (TraceReader reader = TraceReader.open(folder)) {
                while (reader.hasNext()) {
                    Trace reply = reader.next();
                    Prompt source = sourceOf.get(reply.promptId());
                    if (source == null) {
                        throw new IOException("rewrite: " + folder + " holds the reply to a prompt that is not asked: "
                                + reply.promptId() + "; give another folder with --dir");
                    }
                    switch (rewriting.read(source, reply)) {
                        case Rewritten.Line(String json, boolean hasReference) -> {
                            lines.add(json);
                            withReference += hasReference ? 1 : 0;
                        }
                        case Rewritten.None(String reason) -> dropped.merge(reason, 1, Integer::sum);
                    }
                }
            }
        }
        Path file = folder.resolve(FILE);
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, new String(text, StandardCharsets.UTF_8));
        return new Result(harvest, file, lines.size(), withReference, dropped);
    }
}
