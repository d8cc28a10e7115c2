package dev.distill.data.template;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Traces for the tests. */
final class Traces {
    private Traces() {}

    static Trace of(@Nullable String reasoning, String answer, Message... messages) {
        return new Trace(
                "t1",
                "p1",
                0,
                List.of(messages),
                reasoning,
                answer,
                "",
                FinishReason.STOP,
                null,
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
