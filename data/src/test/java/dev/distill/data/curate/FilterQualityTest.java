package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Recall and precision of the filters of texts on labelled material. The measured figures are in docs/log.md; the bounds
 * here leave room for a few traces.
 */
class FilterQualityTest {
    private static final long SEED = 20261122;
    private static final List<TraceFilter> FILTERS = List.of(
            new NoRefusal(),
            new NoIdentityLeak(),
            Readability.STANDARD,
            Repetition.STANDARD,
            LanguageConsistency.STANDARD);

    private static final List<String> SENTENCES = List.of(
            "so we add the tens and then we add the ones",
            "that means the rest must be divided by the same number",
            "now let me check the result with another method",
            "the total of all parts is what we are looking for");

    /** The verdict of one filter on a trace, null where it keeps it. */
    private static @Nullable String dropped(TraceFilter filter, Trace trace) {
        Verdict verdict = filter.check(trace);
        return verdict.outcome() == Outcome.FAIL ? verdict.by() + ": " + verdict.reason() : null;
    }

    /** The share of the odd ones that are dropped; prints those of the even ones that are kept where asked to. */
    private static double recall(TraceFilter filter, List<Trace> faulty) {
        int[] caught = new int[2];
        for (int i = 0; i < faulty.size() / 2 * 2; i++) {
            boolean found = dropped(filter, faulty.get(i)) != null;
            caught[i % 2] += found ? 1 : 0;
            if (!found && i % 2 == 0 && Boolean.getBoolean("distill.test.show")) {
                System.out.println(filter.name() + " kept: " + faulty.get(i).reasoning());
            }
        }
        if (Boolean.getBoolean("distill.test.show")) {
            System.out.printf("%s: %d and %d of %d%n", filter.name(), caught[0], caught[1], faulty.size() / 2);
        }
        return caught[1] / (double) (faulty.size() / 2);
    }

    @Test
    void cleanTracesAreKept() {
        for (Trace trace : Material.clean()) {
            for (TraceFilter filter : FILTERS) {
                assertThat(dropped(filter, trace)).as(trace.question()).isNull();
            }
            assertThat(dropped(new NoCodeBlocks(), trace)).as(trace.question()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Garble.class)
    void unreadableOutburstsAreDropped(Garble garble) {
        Random random = new Random(SEED);
        List<Trace> faulty = new ArrayList<>();
        for (Trace carrier : Material.carriers()) {
            for (String sentence : SENTENCES) {
                faulty.add(Material.with(carrier, garble.of(sentence, random), random));
            }
        }
        assertThat(recall(Readability.STANDARD, faulty))
                .as("%s, seed %d", garble, SEED)
                .isGreaterThan(garble == Garble.SOUP ? 0.7 : 0.95);
    }

    /** Many of these clauses have one word of their language's list only, and one word is no clause any more. */
    @Test
    void foreignClausesAreDropped() {
        Random random = new Random(SEED);
        List<Trace> carriers = Material.carriers();
        List<Trace> faulty = new ArrayList<>();
        for (String line : Material.lines("foreign.txt")) {
            for (int i = 0; i < 4; i++) {
                faulty.add(Material.with(
                        carriers.get(random.nextInt(carriers.size())), line.substring(line.indexOf('|') + 1), random));
            }
        }
        Collections.shuffle(faulty, random);
        assertThat(recall(LanguageConsistency.STANDARD, faulty))
                .as("seed %d", SEED)
                .isGreaterThan(0.8);
    }

    @Test
    void claimsOfIdentityAreDropped() {
        Random random = new Random(SEED);
        List<Trace> carriers = Material.carriers();
        List<Trace> faulty = new ArrayList<>();
        for (String line : Material.lines("identity.txt")) {
            for (int i = 0; i < 2; i++) {
                faulty.add(Material.with(carriers.get(random.nextInt(carriers.size())), line, random));
            }
        }
        Collections.shuffle(faulty, random);
        assertThat(recall(new NoIdentityLeak(), faulty)).as("seed %d", SEED).isGreaterThan(0.95);
        for (String line : Material.lines("identity-clean.txt")) {
            assertThat(dropped(new NoIdentityLeak(), Material.with(carriers.getFirst(), line, random)))
                    .isNull();
        }
    }

    @Test
    void loopsAreDropped() {
        Random random = new Random(SEED);
        List<Trace> faulty = new ArrayList<>();
        for (Trace carrier : Material.carriers()) {
            for (String loop : loops(random)) {
                faulty.add(Material.with(carrier, loop, random));
            }
            String text = carrier.reasoning() == null ? "" : carrier.reasoning();
            if (Words.of(text).size() >= 30) {
                faulty.add(Traces.trace(carrier.question(), text + "\n" + text, carrier.answer(), null));
                faulty.add(Traces.trace(
                        carrier.question(), text + "\nLet me do that again.\n" + text, carrier.answer(), null));
            }
        }
        Collections.shuffle(faulty, random);
        assertThat(recall(Repetition.STANDARD, faulty)).as("seed %d", SEED).isGreaterThan(0.95);
    }

    private static List<String> loops(Random random) {
        int a = 12 + random.nextInt(80);
        int b = 12 + random.nextInt(80);
        String sum = a + " + " + b + " = " + (a + b);
        return List.of(
                (sum + ", ").repeat(3 + random.nextInt(4)),
                ("So " + sum + ". ").repeat(3 + random.nextInt(4)),
                "wait ".repeat(6 + random.nextInt(10)),
                "let me check. ".repeat(5 + random.nextInt(6)),
                "I should add the tens again. ".repeat(3 + random.nextInt(4)),
                "Let me add the ones first and then the tens and then the rest. ".repeat(2 + random.nextInt(3)),
                "the answer is ".repeat(5 + random.nextInt(5)),
                "ha".repeat(6 + random.nextInt(20)),
                "a".repeat(9 + random.nextInt(30)),
                "!".repeat(12 + random.nextInt(30)),
                (a + " ").repeat(17 + random.nextInt(30)),
                ("Then " + a + ". Or " + b + ". ").repeat(4 + random.nextInt(4)),
                ("carry 1, " + "write 5, ").repeat(6 + random.nextInt(4)));
    }
}
