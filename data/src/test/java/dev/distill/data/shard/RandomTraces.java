package dev.distill.data.shard;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Traces that use everything the schema can hold: nulls, empty texts and lists, all of Unicode, many digits. */
final class RandomTraces {
    private static final int[] LETTERS =
            "abc 0123\n\t\"\\\u0000é\u202e漢字𝔸🙂$\\frac{1}{2}$".codePoints().toArray();

    private static final List<FinishReason> FINISHES = List.of(FinishReason.values());
    private static final List<Verdict.Outcome> OUTCOMES = List.of(Verdict.Outcome.values());

    private RandomTraces() {}

    static List<Trace> list(long seed, int n, int longest) {
        Random random = new Random(seed);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            traces.add(more(trace(random, longest), new Random(seed * 31 + i)));
        }
        return traces;
    }

    /** The same without what {@code traces/1} could not hold. */
    static List<Trace> first(long seed, int n, int longest) {
        Random random = new Random(seed);
        return Stream.generate(() -> trace(random, longest)).limit(n).toList();
    }

    private static Trace more(Trace t, Random random) {
        SortedMap<String, String> extra = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            extra.put(text(random, 5) + i, text(random, 20));
        }
        return new Trace(
                t.id(),
                t.promptId(),
                t.sample(),
                t.messages(),
                t.reasoning(),
                t.answer(),
                t.rawReply(),
                t.finish(),
                t.reference(),
                t.source(),
                t.teacher(),
                t.parameters(),
                t.usage(),
                t.cost(),
                t.attempts(),
                t.completedAt(),
                t.verdicts(),
                random.nextBoolean() ? "domain-" + random.nextInt(3) : null,
                random.nextBoolean() ? text(random, 10) : null,
                extra);
    }

    private static Trace trace(Random random, int longest) {
        List<Message> messages = new ArrayList<>();
        if (random.nextBoolean()) {
            messages.add(Message.system(text(random, longest / 10)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            messages.add(Message.user(text(random, longest / 10)));
            messages.add(Message.assistant(text(random, longest / 10)));
        }
        messages.add(Message.user(text(random, longest / 10)));
        String reference = random.nextBoolean() ? text(random, 10) : null;
        Prompt prompt = Prompt.of(messages, reference, "set-" + random.nextInt(3));

        SortedMap<String, String> parameters = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            parameters.put("key" + i, text(random, 8));
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Verdict.Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
            verdicts.add(new Verdict("check" + i, outcome, text(random, 20)));
        }
        long promptTokens = random.nextLong(1L << 40);
        long completionTokens = random.nextLong(1L << 40);
        return new Trace(
                Trace.unitId(prompt.id(), "teacher", parameters, random.nextInt()),
                prompt.id(),
                random.nextInt(Integer.MAX_VALUE),
                messages,
                random.nextInt(4) == 0 ? null : text(random, longest),
                text(random, longest / 5),
                text(random, longest),
                FINISHES.get(random.nextInt(FINISHES.size())),
                reference,
                prompt.source(),
                "teacher-" + random.nextInt(2),
                parameters,
                new Usage(promptTokens, promptTokens / 2, completionTokens, completionTokens / 3),
                new Money(new BigDecimal(new BigInteger(90, random), random.nextInt(30) - 5), "USD"),
                1 + random.nextInt(5),
                Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000)),
                verdicts);
    }

    private static String text(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            text.appendCodePoint(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }
}
