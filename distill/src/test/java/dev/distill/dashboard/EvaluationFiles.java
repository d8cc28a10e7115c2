package dev.distill.dashboard;

import dev.distill.pipeline.EvalStage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.RunFolder;
import dev.distill.pipeline.Stop;
import dev.distill.pipeline.Unheard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** A run that has evaluated answers to eight sums, made elsewhere, against those of another run. */
record EvaluationFiles(Path folder) {
    static final String HOSTILE = "<img src=x onerror=alert(1)><script>document.title='x'</script>";

    private static final int QUESTIONS = 8;

    static EvaluationFiles create(Path folder) throws IOException {
        Path aside = Files.createDirectories(folder.resolveSibling("." + folder.getFileName()));
        StringBuilder sums = new StringBuilder();
        for (int i = 0; i < QUESTIONS; i++) {
            sums.append("{\"id\": \"q%d\", \"question\": \"What is %d + 1?\", \"answer\": \"%d\"}\n"
                    .formatted(i, i, i + 1));
        }
        Path questions = Files.writeString(aside.resolve("sums.jsonl"), sums);
        // The weaker has two right, and was cut off once; the other six right, one wrong, one without an answer.
        evaluate(aside.resolve("weak"), "weak", answers(aside, "weak", 2, true), questions, Map.of());
        evaluate(
                folder,
                "strong",
                answers(aside, "strong", 6, false),
                questions,
                Map.of("eval.against", aside.resolve("weak").toString()));
        return new EvaluationFiles(folder);
    }

    private static Path answers(Path folder, String name, int right, boolean cut) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < QUESTIONS; i++) {
            boolean last = i == QUESTIONS - 1;
            String text = i < right
                    ? "\\\\boxed{" + (i + 1) + "}"
                    : last && !cut ? "<think>It may be eight.</think>" : "\\\\boxed{99}" + HOSTILE;
            rows.append("{\"id\": \"q%d\", \"response\": \"%s\", \"finish_reason\": \"%s\"}\n"
                    .formatted(i, text, last && cut ? "length" : "stop"));
        }
        return Files.writeString(folder.resolve(name + ".jsonl"), rows);
    }

    private static void evaluate(Path run, String name, Path answers, Path questions, Map<String, String> more)
            throws IOException {
        Map<String, String> options = new HashMap<>(more);
        options.putAll(Map.of("name", name, "eval.tasks", questions.toString(), "eval.answers", answers.toString()));
        Files.createDirectories(run);
        EvalStage.run(
                Recipe.read(null, options),
                new RunFolder(run),
                () -> {
                    throw new AssertionError("nothing is computed");
                },
                new Unheard(),
                new Stop());
    }

    /** As if this process were at work on the first of two tasks. */
    void running(int done) throws IOException {
        Files.writeString(
                folder.resolve("run.lock"),
                "process " + ProcessHandle.current().pid() + " on here since 2026-01-02T03:04:05Z\n");
        Path file = Files.writeString(folder.resolve("eval/.p"), """
                {"rounds": 2, "asked": [{"task": "sums", "done": %d, "all": 8}], "process": %d,
                 "begun": "2026-01-02T03:04:05Z", "at": "2026-01-02T03:04:15Z"}
                """.formatted(
                        done, ProcessHandle.current().pid()));
        Files.move(
                file,
                folder.resolve("eval/progress.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
