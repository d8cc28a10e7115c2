package dev.distill.data.spark;

import dev.distill.data.journal.Storage;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Traces of which every check of a curation has some to drop. The same seed makes the same. */
final class Planted {
    static final String HELD_OUT =
            "A tank holds 413 litres and loses 17 litres every hour. After how many hours are 39 litres left?";

    private static final List<String> WORDS = List.of(
            "then",
            "so",
            "adding",
            "carry",
            "column",
            "units",
            "tens",
            "hundreds",
            "sum",
            "digit",
            "result",
            "step",
            "next",
            "left",
            "right",
            "number",
            "value",
            "total",
            "check",
            "again",
            "write",
            "down");

    private final Random random;
    private final int words;

    /** Of texts of 40 to 80 words. */
    Planted(long seed) {
        this(seed, 40);
    }

    /** @param words of a text at least, and half of what it has at most */
    Planted(long seed, int words) {
        this.random = new Random(seed);
        this.words = words;
    }

    /** So many traces, in no order. */
    List<Trace> traces(int count) {
        List<Trace> traces = new ArrayList<>();
        while (traces.size() < count) {
            switch (random.nextInt(12)) {
                case 0 -> repeated(traces);
                case 1 -> chain(traces);
                case 2 -> sameIds(traces);
                case 3 -> traces.add(cutOff());
                case 4 -> traces.add(heldOut());
                default -> samples(traces);
            }
        }
        Collections.shuffle(traces, random);
        return traces.subList(0, count);
    }

    /** Several samples of a question, some of them wrong. */
    private void samples(List<Trace> traces) {
        int a = 100 + random.nextInt(899);
        int b = 100 + random.nextInt(899);
        String domain = random.nextBoolean() ? "math" : random.nextBoolean() ? "chat" : null;
        for (int sample = random.nextInt(4); sample >= 0; sample--) {
            int sum = a + b + (random.nextInt(4) == 0 ? 1 : 0);
            traces.add(trace(
                    question(a, b), sample, working(a, b), "The sum is \\boxed{" + sum + "}.", "" + (a + b), domain));
        }
    }

    /** The same again: to the letter, in other case, with other spaces. */
    private void repeated(List<Trace> traces) {
        int a = 100 + random.nextInt(899);
        int b = 100 + random.nextInt(899);
        Trace first = trace(question(a, b), 0, working(a, b), "It is \\boxed{" + (a + b) + "}.", "" + (a + b), "math");
        traces.add(first);
        traces.add(first);
        traces.add(
                trace(first.question(), 1, first.reasoning() + "\n", "  " + first.answer(), first.reference(), "math"));
    }

    /** Each nearly the one before, the last unlike the first. */
    private void chain(List<Trace> traces) {
        int a = 100 + random.nextInt(899);
        int b = 100 + random.nextInt(899);
        List<String> words = new ArrayList<>(List.of(working(a, b).split(" ")));
        for (int link = 0; link < 7; link++) {
            traces.add(trace(
                    question(a, b),
                    link,
                    String.join(" ", words),
                    "Hence \\boxed{" + (a + b) + "}.",
                    "" + (a + b),
                    null));
            for (int change = 0; change < 2; change++) {
                words.set(1 + random.nextInt(words.size() - 2), WORDS.get(random.nextInt(WORDS.size())));
            }
        }
    }

    /** Two rows of one id that say different things. */
    private void sameIds(List<Trace> traces) {
        int a = 100 + random.nextInt(899);
        Trace one = trace(question(a, a), 0, working(a, a), "It is \\boxed{" + 2 * a + "}.", "" + 2 * a, "math");
        traces.add(one);
        traces.add(new Trace(
                one.id(),
                one.promptId(),
                0,
                one.messages(),
                working(a, a) + " I looked at it twice.",
                one.answer(),
                one.rawReply(),
                one.finish(),
                one.reference(),
                one.source(),
                one.teacher(),
                one.parameters(),
                one.usage(),
                one.cost(),
                1,
                one.completedAt(),
                List.of()));
    }

    private Trace cutOff() {
        int a = random.nextInt(1_000_000);
        Trace t = trace(question(a, 1), 0, working(a, 1), "It is", "" + (a + 1), "math");
        return new Trace(
                t.id(),
                t.promptId(),
                0,
                t.messages(),
                t.reasoning(),
                t.answer(),
                t.rawReply(),
                FinishReason.LENGTH,
                t.reference(),
                t.source(),
                t.teacher(),
                t.parameters(),
                t.usage(),
                t.cost(),
                2,
                t.completedAt(),
                List.of());
    }

    private Trace heldOut() {
        return trace(HELD_OUT, random.nextInt(5), working(413, 39), "After \\boxed{22} hours.", "22", "math");
    }

    private static String question(int a, int b) {
        return "What is " + a + " + " + b + "?";
    }

    /** Words that are each time a little different. */
    private String working(int a, int b) {
        StringBuilder text = new StringBuilder("We want " + a + " plus " + b + " .");
        int count = words + random.nextInt(words);
        for (int i = 0; i < count; i++) {
            text.append(i % 11 == 10 ? " ." : "");
            text.append(' ').append(WORDS.get((i * i + i / 7 + (random.nextInt(9) == 0 ? 1 : 0)) % WORDS.size()));
        }
        return text.append(" . That makes ").append(a + b).append(" .").toString();
    }

    Trace trace(
            String question,
            int sample,
            @Nullable String reasoning,
            String answer,
            @Nullable String reference,
            @Nullable String domain) {
        String source = "source-" + question.hashCode() % 3;
        Prompt prompt = Prompt.of(List.of(Message.user(question)), reference, source);
        String id = Trace.unitId(prompt.id(), "teacher", new TreeMap<>(), sample) + "-"
                + Integer.toHexString((reasoning + answer).hashCode());
        return new Trace(
                id,
                prompt.id(),
                sample,
                prompt.messages(),
                reasoning,
                answer,
                reasoning + "</think>" + answer,
                FinishReason.STOP,
                reference,
                source,
                "teacher",
                new TreeMap<>(),
                Usage.NONE,
                new Money(new BigDecimal("0.00" + (1 + random.nextInt(9))), "USD"),
                1,
                Instant.ofEpochSecond(1_700_000_000 + random.nextInt(1_000)),
                List.of(),
                domain,
                null,
                Collections.emptySortedMap());
    }

    /** Writes traces as a finished folder of several files. */
    static void write(Path folder, List<Trace> traces, ShardSize size) throws IOException {
        try (TraceWriter writer = TraceWriter.create(Storage.local(), folder, size)) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "test"), new DatasetCard("planted", "other", ""));
        }
    }
}
