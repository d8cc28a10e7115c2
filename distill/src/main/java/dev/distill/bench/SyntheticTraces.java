package dev.distill.bench;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Traces made up for measuring, about 4 kB each: sums that are talked about in plain English, or {@link MathsReasoning}. Some nearly repeat an earlier one, as
 * {@link #DUPLICATES} says, by the hand of the seed.
 */
final class SyntheticTraces {
    /** The share that repeats one of the first thousand with one word of 50 changed. */
    static final double DUPLICATES = 0.1;

    private static final int SOURCES = 1_000;
    private static final int LENGTH = 3_900;

    private static final String[] WORDS =
            ("the of and to in is it that we for this with as first then number so each half more from"
                            + " by total how many one both part sum left over given find let check answer value because step again next"
                            + " since before after every other same time add take share carry tens ones place digit result means look"
                            + " right side long short way think count group box row line week day hour baker farmer teacher student")
                    .split(" ");

    private static final String[] NAMES = {"Ann", "Ben", "Carla", "Dan", "Eve", "Finn", "Gina", "Hugo"};
    private static final String[] THINGS = {"loaves", "apples", "books", "coins", "tiles", "stamps", "eggs", "pens"};

    private final SplittableRandom random;

    private SyntheticTraces(long seed) {
        this.random = new SplittableRandom(seed);
    }

    static List<Trace> of(int count, CurateBench.Text text, long seed) {
        SyntheticTraces made = new SyntheticTraces(seed);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean copy = i > 0 && made.random.nextDouble() < DUPLICATES;
            traces.add(
                    copy ? made.copy(traces.get(made.random.nextInt(Math.min(i, SOURCES))), i) : made.trace(text, i));
        }
        return traces;
    }

    /** A text of one's own as a trace that is all reasoning. */
    static Trace ofText(String id, String text) {
        return trace(id, "Go on.", text, "", null);
    }

    private Trace trace(CurateBench.Text text, int number) {
        int a = 10 + random.nextInt(990);
        int b = 10 + random.nextInt(990);
        int c = 2 + random.nextInt(8);
        String question = one(NAMES) + " has " + a + " " + one(THINGS) + " in each of " + c + " boxes and buys " + b
                + " more. How many are there in all?";
        String reasoning = text == CurateBench.Text.MATHS ? MathsReasoning.text(random, LENGTH) : sums();
        int all = a * c + b;
        return trace(
                "made-" + number, question, reasoning, "There are \\boxed{" + all + "} in all.", Integer.toString(all));
    }

    private String sums() {
        StringBuilder reasoning = new StringBuilder();
        while (reasoning.length() < LENGTH) {
            sentence(reasoning);
            if (random.nextInt(4) == 0) {
                int d = 2 + random.nextInt(98);
                int e = 2 + random.nextInt(98);
                reasoning
                        .append(d)
                        .append(" + ")
                        .append(e)
                        .append(" = ")
                        .append(d + e)
                        .append(".\n");
            }
        }
        return reasoning.toString();
    }

    private void sentence(StringBuilder text) {
        int words = 6 + random.nextInt(9);
        String first = one(WORDS);
        text.append(Character.toUpperCase(first.charAt(0))).append(first.substring(1));
        for (int i = 1; i < words; i++) {
            text.append(' ').append(one(WORDS));
        }
        text.append(". ");
    }

    private Trace copy(Trace of, int number) {
        String[] words = String.valueOf(of.reasoning()).split(" ", -1);
        for (int i = 0; i < words.length / 50; i++) {
            words[random.nextInt(words.length)] = one(WORDS);
        }
        return trace("made-" + number, of.question(), String.join(" ", words), of.answer(), of.reference());
    }

    private String one(String[] of) {
        return of[random.nextInt(of.length)];
    }

    private static Trace trace(
            String id, String question, String reasoning, String answer, @Nullable String reference) {
        Prompt prompt = Prompt.of(List.of(Message.user(question)), reference, "bench");
        return new Trace(
                id,
                prompt.id(),
                0,
                prompt.messages(),
                reasoning,
                answer,
                "",
                FinishReason.STOP,
                reference,
                "bench",
                "bench",
                new TreeMap<>(),
                Usage.NONE,
                Money.zero("USD"),
                1,
                Instant.EPOCH,
                List.of());
    }
}
