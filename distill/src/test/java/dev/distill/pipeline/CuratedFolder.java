package dev.distill.pipeline;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A folder as curation leaves it. */
final class CuratedFolder {
    private CuratedFolder() {}

    /** Sums with their reasoning, {@code count} of them. */
    static void write(Path folder, int count) throws IOException {
        write(
                folder,
                IntStream.range(0, count).mapToObj(i -> sum(i, i % 7, i % 5)).toList());
    }

    /** These traces. */
    static void write(Path folder, List<Trace> traces) throws IOException {
        try (TraceWriter writer = TraceWriter.replace(folder)) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(
                    RunFolder.plan("curate", Map.of(), List.of()).withCounts(Map.of("kept", (long) traces.size())),
                    new DatasetCard("traces", "other", "Traces for a test."));
        }
        if (!Manifest.isIn(folder)) {
            throw new AssertionError("no manifest in " + folder);
        }
    }

    private static Trace sum(int i, int a, int b) {
        return trace(
                i,
                "What is " + a + "+" + b + "? (" + i + ")",
                "Add " + a + " and " + b + ": " + (a + b) + ".",
                "\\boxed{" + (a + b) + "}",
                Integer.toString(a + b));
    }

    /** The only sample of prompt {@code i}. */
    static Trace trace(int i, String question, @Nullable String reasoning, String answer, @Nullable String reference) {
        return new Trace(
                "t" + i,
                "p" + i,
                0,
                List.of(Message.user(question)),
                reasoning,
                answer,
                "",
                FinishReason.STOP,
                reference,
                "test",
                "teacher",
                new TreeMap<>(),
                Usage.NONE,
                Money.zero("USD"),
                1,
                Instant.EPOCH,
                List.of());
    }
}
