package dev.distill.pipeline;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.respond.Language;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.Rope;
import dev.distill.train.PackedBatches;
import dev.distill.train.RowTeacher;
import dev.distill.train.SampleMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** All that stands between curated traces and the first step, as a process of its own: how much heap it takes, and how long. */
final class StreamedSamples {
    private static final String TEXT = "Add the ones, and then the tens; carry what is more than nine. ";
    private static final String TEMPLATE = """
            {%- for m in messages -%}
            {{- '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
            """.strip();

    private StreamedSamples() {}

    /** Traces of about {@code 64 * sentences} characters of reasoning, written one by one. */
    static void write(Path folder, int traces, int sentences) throws IOException {
        try (TraceWriter writer = TraceWriter.replace(folder)) {
            for (int i = 0; i < traces; i++) {
                String reasoning = TEXT.repeat(1 + (int) (31L * i % (2L * sentences))) + i;
                writer.write(CuratedFolder.trace(i, "What is " + i + "+1?", reasoning, "" + (i + 1), "" + (i + 1)));
            }
            writer.finish(
                    RunFolder.plan("curate", Map.of(), List.of()).withCounts(Map.of("kept", (long) traces)),
                    new DatasetCard("traces", "other", "Traces for a test."));
        }
    }

    /** Folder of the run, in which {@code curate} is. Prints samples, tokens, a batch's rows, seconds, and MiB of heap in use behind a collection. */
    public static void main(String[] args) throws IOException {
        RunFolder run = new RunFolder(Path.of(args[0]));
        Path model = run.root().resolve("model");
        List<AddedToken> special = List.of(
                AddedToken.special("<|endoftext|>"),
                AddedToken.special("<|im_start|>"),
                AddedToken.special("<|im_end|>"),
                AddedToken.plain("<think>"),
                AddedToken.plain("</think>"));
        Files.createDirectories(model);
        BpeTrainer.train(List.of(TEXT, TEXT), 300, special).write(model, "<|endoftext|>", "<|im_end|>", TEMPLATE);
        TrainPart train = Recipe.read(null, Map.of("train.row-tokens", "4096")).train();
        CuratedTraces curated = new CuratedTraces(run.curate());
        long begin = System.nanoTime();
        try (Language words = Language.open(model);
                TrainPreflight.Fit fit = new TrainPreflight(
                                words, config(words), SampleMaker.Objective.REASONING, train)
                        .samples(curated, run.root().resolve("train.samples"), () -> false)) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            SampleSplit split = SampleSplit.of(fit.samples(), curated, train, 1);
            PackedBatches batches =
                    new PackedBatches(split.training(), train.batches().packing(1), RowTeacher.NONE);
            int rows = batches.step(3).size();
            System.gc();
            Runtime java = Runtime.getRuntime();
            System.out.printf(
                    "%d samples, %d tokens, %d held back, %s, %d rows, %.1f s, %d MiB%n",
                    fit.samples().size(),
                    fit.samples().tokens(),
                    split.validationSamples(),
                    batches.fingerprint(),
                    rows,
                    seconds,
                    (java.totalMemory() - java.freeMemory()) >> 20);
        }
    }

    private static ModelConfig config(Language words) {
        return new ModelConfig(
                new Family.Qwen2(),
                words.tokenizer().vocabularySize(),
                8,
                1,
                new AttentionShape(2, 1, 4, true, false, false),
                16,
                Rope.of(100),
                1e-6,
                true,
                512,
                List.of(0));
    }
}
