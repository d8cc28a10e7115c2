package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.ChildJvm;
import dev.distill.hub.HubListener;
import dev.distill.respond.TinyStudent;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.train.SampleMaker.Objective;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exports of tiny students in Hugging Face transformers and PEFT, unchanged: token ids, logits and greedy text are what they are here. About a
 * minute each.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} with {@code venv}, a Python with torch, transformers and peft.
 */
@Tag("slow")
class PeftExportTest {
    private static final Path COMPARE = Path.of("..", "scripts", "compare-transformers.py");

    @TempDir
    Path root;

    private Path python;
    private RunFolder run;
    private Path base;
    private Path prompts;

    @BeforeEach
    void make() throws IOException {
        python = Path.of(System.getProperty("distill.peers", "")).resolve("venv/bin/python");
        assumeTrue(Files.isExecutable(python), "skipped: missing " + python + ", named by -Ddistill.peers");
        run = new RunFolder(root.resolve("run"));
        Files.createDirectories(run.root());
        CuratedFolder.write(run.curate(), 20);
        base = TinyStudent.write(root.resolve("base"), 1);
        prompts = Files.writeString(root.resolve("prompts.jsonl"), """
                {"prompt": "What is two and two?"}
                {"prompt": "Count <think> from one</think> to ten <|im_end|>"}
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.lora.dora=true",
                "train.lora.rank-stabilised=true;train.lora.modules-to-save=embed_tokens,norm",
            })
    void adaptersAreTheSameInPeft(String options) throws Exception {
        Path export = export("train.mode=lora;" + options);
        agrees("--model", export.toString());
        agrees(
                "--model",
                base.toString(),
                "--adapter",
                export.resolve("adapter").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "student.rope-theta=300000;student.max-positions=512",
                "student.add-tokens=<think>,</think>",
                "train.mode=lora;student.add-tokens=<think>,</think>;train.lora.modules-to-save=embed_tokens"
            })
    void changedBasesAreTheSameInTransformers(String options) throws Exception {
        agrees("--model", export(options).toString());
    }

    /** Trains a few steps, far enough that every changed weight counts. */
    private Path export(String options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "name", "tiny",
                "student.base", base.toString(),
                "train.steps", "8",
                "train.batch-samples", "4",
                "train.validation-samples", "4",
                "train.learning-rate", "1e-2",
                "export.type", "f32"));
        for (String option : options.split(";")) {
            all.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        Recipe recipe = BaseModel.prepare(Recipe.read(null, all), run, HubListener.NONE, new Stop());
        try (Ops ops = new CpuOps()) {
            new TrainStage(recipe, ops, Objective.REASONING).run(run.curate(), run.train(), report -> {}, () -> false);
            return ExportStage.run(recipe, run, ops, new LinkedHashMap<>()).folder();
        }
    }

    private void agrees(String... model) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(python.toString(), COMPARE.toString()));
        words.addAll(List.of(model));
        words.addAll(List.of("--prompts", prompts.toString(), "--new-tokens", "16", "--tolerance", "1e-4"));
        ProcessBuilder compare = new ProcessBuilder(words).redirectErrorStream(true);
        compare.environment().putAll(Map.of("DISTILL", ChildJvm.script(root).toString(), "HF_HUB_OFFLINE", "1"));
        Process process = compare.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        System.err.println(Stream.of(model).skip(1).toList() + ": "
                + said.lines().reduce((a, b) -> b).orElse(""));
    }
}
