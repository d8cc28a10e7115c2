package dev.distill.dashboard;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.pipeline.CurateStage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.RunFolder;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run that has harvested sixty sums, some of them spoilt, and curated them. */
record CurationFiles(Path folder) {
    static final int TRACES = 60;
    static final String HOSTILE = "<img src=x onerror=alert(1)><script>document.title='x'</script>";

    private static final List<String> HELD_OUT = List.of(
            "A farmer has 17 sheep and buys 25 more sheep at the market on Monday. How many sheep does the farmer have now?",
            "A library lends 340 books in May and 275 books in June of the same year. How many books were lent in all?");

    /** The id of the trace with this number. */
    static String id(int number) {
        return "%032x".formatted(0xabc000 + number);
    }

    static CurationFiles create(Path folder) throws IOException {
        CurationFiles files = new CurationFiles(Files.createDirectories(folder));
        files.harvest();
        files.curate();
        return files;
    }

    void harvest() throws IOException {
        Path harvest = folder.resolve("harvest");
        try (TraceWriter writer = TraceWriter.replace(harvest)) {
            for (int number = 0; number < TRACES; number++) {
                writer.write(trace(number));
            }
            writer.finish(Manifest.begin("harvest", "test"), new DatasetCard("sums", "other", ""));
        }
    }

    /** A run that curates the traces of another folder. */
    static CurationFiles given(Path folder, Path traces) throws IOException {
        CurationFiles files = new CurationFiles(Files.createDirectories(folder));
        files.curate(Map.of("harvest.traces", traces.toString()));
        return files;
    }

    void curate() throws IOException {
        curate(Map.of());
    }

    private void curate(Map<String, String> more) throws IOException {
        Path aime = held("aime", HELD_OUT.get(0));
        Path maths = held("math500", HELD_OUT.get(1));
        // the hostile text is markup that ends no sentence, which is not what is looked at here
        Map<String, String> options = new TreeMap<>(more);
        options.putAll(
                Map.of("name", "sums", "curate.held-out", aime + "," + maths, "curate.off", "complete,readability"));
        Recipe recipe = Recipe.read(null, options);
        CurateStage.run(recipe, new RunFolder(folder), _ -> {}, new Stop());
    }

    private Path held(String name, String question) throws IOException {
        return Files.writeString(folder.resolve(name + ".jsonl"), "{\"question\": \"" + question + "\"}\n");
    }

    /** Of ten, one is wrong, one a refusal, one cut off and one of a held-out set. */
    private static Trace trace(int number) {
        int a = 3 + 7 * number;
        int b = 5 + 11 * number;
        String question = "What is " + a + " + " + b + "?" + (number == 10 ? " " + HOSTILE : "");
        String reasoning = "Add the ones and the tens: " + a + " and " + b + " make " + (a + b) + ". Take " + b
                + " away again and " + a + " is left, so it is right." + (number == 10 ? " " + HOSTILE : "");
        String answer = "\\boxed{" + (a + b) + "}";
        String reference = Integer.toString(a + b);
        return switch (number % 10) {
            case 0 -> trace(number, question, reasoning, "It is \\boxed{" + (a + b + 1) + "}.", reference, false);
            case 1 -> trace(number, question, null, "I'm sorry, but I can't help with that.", reference, false);
            case 2 -> trace(number, question, reasoning, "It is", reference, true);
            case 3 -> trace(number, HELD_OUT.get(number / 10 % 2), reasoning, answer, reference, false);
            default -> trace(number, question, reasoning, answer, reference, false);
        };
    }

    private static Trace trace(
            int number, String question, @Nullable String reasoning, String answer, String reference, boolean cut) {
        return new Trace(
                id(number),
                "%032x".formatted(number),
                0,
                List.of(Message.user(question)),
                reasoning,
                answer,
                answer,
                cut ? FinishReason.LENGTH : FinishReason.STOP,
                reference,
                number % 3 == 0 ? "numina" : "a-textbook/with-a-long-name-that-goes-on",
                "teacher",
                new TreeMap<>(),
                Usage.NONE,
                new Money(new BigDecimal("0.002"), "USD"),
                1,
                Instant.EPOCH,
                List.of());
    }

    /** As if a process were at work on it, this one or another. */
    void running(long process, int lookedAt) throws IOException {
        Files.writeString(folder.resolve("run.lock"), "process " + process + " on here since 2026-01-02T03:04:05Z\n");
        Path file = Files.writeString(folder.resolve("curate/.p"), """
                {"traces": 60, "looked_at": %d, "decided": 0, "process": %d,
                 "begun": "2026-01-02T03:04:05Z", "at": "2026-01-02T03:04:15Z"}
                """.formatted(lookedAt, process));
        Files.move(
                file,
                folder.resolve("curate/progress.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
