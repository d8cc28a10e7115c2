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

/** A folder as curation leaves it: sums with their reasoning, {@code count} of them. */
final class CuratedFolder {
    private CuratedFolder() {}

    static void write(Path folder, int count) throws IOException {
        try (TraceWriter writer = TraceWriter.replace(folder)) {
            for (int i = 0; i < count; i++) {
                writer.write(sum(i, i % 7, i % 5));
            }
            writer.finish(
                    RunFolder.plan("curate", Map.of(), List.of()).withCounts(Map.of("kept", (long) count)),
                    new DatasetCard("sums", "other", "Sums for a test."));
        }
        if (!Manifest.isIn(folder)) {
            throw new AssertionError("no manifest in " + folder);
        }
    }

    private static Trace sum(int i, int a, int b) {
        String question = "What is " + a + "+" + b + "? (" + i + ")";
        return new Trace(
                "t" + i,
                "p" + i,
                0,
                List.of(Message.user(question)),
                "Add " + a + " and " + b + ": " + (a + b) + ".",
                "\\boxed{" + (a + b) + "}",
                "",
                FinishReason.STOP,
                Integer.toString(a + b),
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
