package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Decision.Dropped;
import dev.distill.data.trace.Trace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is chosen among traces, and that the order of reading does not matter. */
class SelectionTest {
    private static final CurationSettings STANDARD = CurationSettings.standard(new MathVerifier(), List.of());

    private static final String SAME =
            " keeps 12 brown hens and 7 white geese in the large yard behind the old red house by the"
                    + " river; how many birds does the farmer keep there in all?";

    private static final SimilarPrompts SIMILAR = SimilarPrompts.STANDARD;

    @TempDir
    Path scratch;

    /** Per trace, by its id and sample, {@code kept} or the reason with its detail. */
    private Map<String, String> outcomes(CurationSettings settings, List<Trace> traces) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        Curation.run(settings, traces::stream, scratch, decision -> {
            String what = decision instanceof Dropped dropped ? dropped.reason() + " " + dropped.detail() : "kept";
            outcomes.merge(
                    decision.trace().sample() + " " + decision.trace().id(),
                    what,
                    (a, b) -> a.compareTo(b) < 0 ? a + ", " + b : b + ", " + a);
        });
        return outcomes;
    }

    private static List<Trace> sums(Random random, int count) {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int a = random.nextInt(9);
            int b = random.nextInt(9);
            String end = random.nextInt(3) == 0 ? "" : " So it is. Step " + "abcdefgh".charAt(random.nextInt(8)) + ".";
            traces.add(Traces.sample(
                    "What is " + a + " + " + b + "?",
                    random.nextInt(4),
                    Traces.additionByDigits("" + a, "" + b) + end,
                    "\\boxed{" + (a + b + (random.nextInt(4) == 0 ? 1 : 0)) + "}",
                    "" + (a + b)));
        }
        return traces;
    }

    /** Words of a text, one in eight of them another one for each number. */
    private static Trace copy(int number) {
        StringBuilder text = new StringBuilder("A tale.");
        Random words = new Random(1);
        for (int i = 0; i < 400; i++) {
            String word = "" + (char) ('a' + words.nextInt(26)) + (char) ('a' + words.nextInt(26)) + "o";
            text.append(' ').append(i % 50 == number ? word + "u" : word);
        }
        return Traces.asked("Tell me a tale.", text.toString());
    }

    /** Each copy is like the first text and less like the other copies: whichever comes first, one of them stays. */
    @Test
    void nearDuplicatesThatHangTogetherLeaveOne() throws IOException {
        CurationSettings settings =
                CurationSettings.NONE.withDuplicates(true, new NearDuplicateSettings(2, 256, 0.92, 4096));
        List<Trace> traces = new ArrayList<>();
        for (int number = 50; number < 56; number++) { // 50 is the text itself
            traces.add(copy(number == 50 ? 50 : number - 50));
        }
        Set<String> kept = new java.util.HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            Collections.shuffle(traces, new Random(seed));
            outcomes(settings, traces).entrySet().stream()
                    .filter(outcome -> outcome.getValue().equals("kept"))
                    .forEach(outcome -> kept.add(outcome.getKey()));
        }
        assertThat(kept).hasSize(1);
        assertThat(outcomes(settings, traces.subList(0, 6)).values())
                .as("some are less like the first than the threshold, and have gone with the others")
                .anySatisfy(outcome -> assertThat(outcome).matches("near_duplicate 0\\.(?:8.|9[01]) like .*"));
    }

    @Test
    void theOrderOfReadingDoesNotMatter() throws IOException {
        long seed = 20;
        Random random = new Random(seed);
        List<Trace> traces = sums(random, 400);
        CurationSettings settings = STANDARD.choosing(
                new PassRate(0.1, 0.95),
                new Choice(1, Choice.Order.SHORTEST),
                new Mix(Mix.By.LENGTH, List.of(120L), new TreeMap<>(Map.of("0-120", 1.0, "120-", 2.0)), 60, 3));
        Map<String, String> first = outcomes(settings, traces);
        assertThat(first.values())
                .as("each reason occurs, seed %d", seed)
                .anySatisfy(o -> assertThat(o).contains("duplicate"));
        for (String reason : List.of("near_duplicate", "pass_rate", "per_prompt", "mix", "math", "kept")) {
            assertThat(first.values()).as(reason).anyMatch(outcome -> outcome.startsWith(reason));
        }
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(traces, random);
            assertThat(outcomes(settings, traces))
                    .as("shuffle %d of seed %d", i, seed)
                    .isEqualTo(first);
        }
    }

    /** Four questions that nearly repeat each other, and one with another number; of three the first sample is wrong. */
    @Test
    void ofPromptsThatNearlyRepeatEachOtherOnesTracesStayWhateverTheOrder() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String farmer : List.of("A farmer", "The farmer", "One farmer", "Some farmer", "A farmer with 3 dogs")) {
            for (int sample = 0; sample < 3; sample++) {
                boolean wrong = sample == 0 && !farmer.startsWith("A ");
                traces.add(Traces.sample(
                        farmer + SAME,
                        sample,
                        "Sample " + "abc".charAt(sample) + " of the one about " + farmer + " counts 12 and 7.",
                        "\\boxed{" + (wrong ? 18 : 19) + "}",
                        "19"));
            }
        }
        CurationSettings settings = CurationSettings.NONE
                .withFilters(List.of(new Correctness(new MathVerifier(), Correctness.Undecided.KEEP)))
                .withSimilarPrompts(SIMILAR);
        Map<String, String> first = outcomes(settings, traces);
        List<Trace> kept = traces.stream()
                .filter(trace -> "kept".equals(first.get(trace.sample() + " " + trace.id())))
                .toList();
        assertThat(kept)
                .as("the first sample of all that are right is of this one")
                .hasSize(6);
        assertThat(kept.stream().map(Trace::question).distinct())
                .containsExactly("A farmer" + SAME, "A farmer with 3 dogs" + SAME);
        assertThat(first.values().stream().filter(outcome -> outcome.startsWith("near_duplicate_prompt")))
                .allMatch(outcome -> outcome.matches("near_duplicate_prompt 0\\.\\d\\d like the prompt of trace \\S+"))
                .hasSize(6);
        long seed = 21;
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(traces, random);
            assertThat(outcomes(settings, traces))
                    .as("shuffle %d of seed %d", i, seed)
                    .isEqualTo(first);
        }
        assertThat(outcomes(settings.explained(), traces))
                .as("a prompt whose first trace was dropped before")
                .isEqualTo(first);
        assertThat(outcomes(settings.withSimilarPrompts(null), traces).values())
                .noneMatch(outcome -> outcome.startsWith("near_duplicate_prompt"));
    }

    /** Prompts are looked at before their traces: what repeats a trace that goes for its prompt is no duplicate. */
    @Test
    void aPromptKeepsTheTracesThatRepeatThoseOfOneThatGoes() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String farmer : List.of("A farmer", "The farmer")) {
            for (int sample = 0; sample < 2; sample++) {
                String reasoning = sample == 0 ? Traces.REASONING : "Hens and geese: 12 and 7 make 19, as one counts.";
                traces.add(Traces.sample(farmer + SAME, 1 - sample, reasoning, "\\boxed{19}", "19"));
            }
        }
        Map<String, String> outcomes = outcomes(STANDARD.withSimilarPrompts(SIMILAR), traces);
        assertThat(outcomes.values().stream().map(outcome -> outcome.split(" ")[0]))
                .containsExactlyInAnyOrder("kept", "kept", "near_duplicate_prompt", "near_duplicate_prompt");
    }

    /** Short questions in a long template share most of their words; earlier messages count, whatever the last one asks. */
    @Test
    void aTemplateDoesNotMakePromptsAlike() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String noun : List.of("river", "mountain")) {
            traces.add(Traces.sample("A farmer" + SAME + " Name a " + noun + ".", 0, Traces.REASONING, noun, null));
        }
        CurationSettings whole = CurationSettings.NONE.withSimilarPrompts(SIMILAR);
        assertThat(outcomes(whole, traces).values()).anyMatch(outcome -> outcome.startsWith("near_duplicate_prompt"));
        CurationSettings without = CurationSettings.NONE.withSimilarPrompts(
                new SimilarPrompts(SIMILAR.near(), "A farmer" + SAME + " Name a ", "."));
        assertThat(outcomes(without, traces).values()).containsOnly("kept");
    }

    @Test
    void ofAChainOnlyWhatIsLikeAKeptOneGoes() throws IOException {
        // Each is like its neighbour, the first not like the third: the middle one goes and both ends stay.
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            words.append("w").append(Integer.toString(i, 36)).append("x ");
        }
        String text = words.toString();
        String second = text.replaceAll("w([0-9a])x", "v$1x");
        String third = second.replaceAll("w([b-l])x", "v$1x");
        List<Trace> chain = new ArrayList<>();
        for (String reasoning : List.of(text, second, third)) {
            chain.add(Traces.sample("Say something.", chain.size(), reasoning, "Said.", null));
        }
        CurationSettings near =
                CurationSettings.NONE.withDuplicates(true, new NearDuplicateSettings(1, 128, 0.88, 4096));
        List<String> kept = List.of("kept", "near_duplicate", "kept");
        assertThat(outcomes(near, chain).values())
                .map(outcome -> outcome.split(" ")[0])
                .isEqualTo(kept);
        assertThat(outcomes(near, chain.reversed()).values())
                .map(outcome -> outcome.split(" ")[0])
                .isEqualTo(kept);
    }

    @Test
    void aPromptIsKeptByItsPassRate() throws IOException {
        List<Trace> traces = new ArrayList<>();
        String[] wrong = {"70", "71"};
        for (int i = 0; i < 3; i++) {
            String answer = "\\boxed{" + (i < 2 ? wrong[i] : "72") + "}";
            traces.add(Traces.sample(Traces.QUESTION, i, Traces.REASONING, answer, "72"));
        }
        CurationSettings all = STANDARD.withDuplicates(false, null);
        assertThat(outcomes(all.choosing(new PassRate(0.3, 0.9), null, null), traces)
                        .values())
                .last()
                .isEqualTo("kept");
        assertThat(outcomes(all.choosing(new PassRate(0.4, 0.9), null, null), traces)
                        .values())
                .last()
                .isEqualTo("pass_rate 1 of 3 samples of the prompt are right");
        assertThatThrownBy(() -> new PassRate(0.5, 0.4)).hasMessageContaining("got 0.5 to 0.4");
    }

    @Test
    void aMixKeepsItsProportions() {
        Mix mix = new Mix(Mix.By.SOURCE, List.of(), new TreeMap<>(Map.of("a", 3.0, "b", 1.0)), 0, 0);
        assertThat(mix.quotas(Map.of("a", 300L, "b", 500L, "c", 7L))).isEqualTo(Map.of("a", 300L, "b", 100L));
        assertThatThrownBy(() -> mix.quotas(Map.of("a", 300L)))
                .hasMessageContainingAll("curate.mix", "there are {a=300} and none of b;", "curate.mix.shares");
        assertThat(mix.quotas(Map.of("c", 7L))).isEqualTo(Map.of("a", 0L, "b", 0L));
        Mix capped = new Mix(Mix.By.SOURCE, List.of(), mix.shares(), 40, 0);
        assertThat(capped.quotas(Map.of("a", 300L, "b", 500L))).isEqualTo(Map.of("a", 30L, "b", 10L));
        assertThat(Mix.r1(0, 0).quotas(Map.of("reasoning", 700_000L, "general", 200_000L)))
                .isEqualTo(Map.of("reasoning", 600_000L, "general", 200_000L));
        assertThatThrownBy(() -> new Mix(Mix.By.SOURCE, List.of(), new TreeMap<>(Map.of("a", 0.0)), 0, 0))
                .hasMessageContaining("numbers above 0");
    }

    @Test
    void aLabelDropsNothingAndStaysOnTheTrace() throws IOException {
        Trace wrong = Traces.answer("\\boxed{71}");
        assertThat(outcomes(STANDARD, List.of(wrong)).values()).allMatch(outcome -> outcome.startsWith("math"));
        assertThat(outcomes(STANDARD.labelling(Set.of("math")), List.of(wrong)).values())
                .containsExactly("kept");
        List<Trace> kept = new ArrayList<>();
        CurationReport report = Curation.run(
                STANDARD.labelling(Set.of("math")),
                () -> Stream.of(wrong),
                scratch,
                decision -> kept.add(decision.trace()));
        assertThat(kept.getFirst().verdicts())
                .anyMatch(v -> v.by().equals("math") && v.reason().contains("71"));
        assertThat(report.failed()).containsEntry("math", 1L);
        assertThat(report.dropped()).containsEntry("math", 0L);
        assertThat(outcomes(STANDARD.without(Set.of("math")), List.of(wrong)).values())
                .containsExactly("kept");
    }

    @Test
    void theExplanationTellsWhatEachCheckDropsAlone() throws IOException {
        Trace refused = Traces.answer("I'm sorry, but I can't help with that.");
        Trace wrong = Traces.answer("\\boxed{71}");
        List<Trace> traces = List.of(Traces.honest(), refused, wrong, wrong);
        CurationReport report = Curation.run(STANDARD.explained(), traces::stream, scratch, _ -> {});
        assertThat(report.alone()).containsEntry("refusal:policy", 1L).containsEntry("math", 3L);
        assertThat(report.alone()).as("the two that are wrong").containsEntry("duplicate", 1L);
        assertThat(report.dropped()).containsEntry("duplicate", 0L).containsEntry("math", 2L);
        assertThat(report.only()).containsEntry("math", 2L).containsEntry("refusal", 0L);
        assertThat(Curation.run(STANDARD, traces::stream, scratch, _ -> {}).alone())
                .isNull();
    }

    @Test
    void settingsTravelBetweenMachines() throws Exception {
        HeldOutSet held = HeldOutSet.ofQuestions("held", List.of("Solve for x: 7x + 15 = 99"));
        CurationSettings settings = CurationSettings.standard(new MathVerifier(), List.of(held))
                .choosing(new PassRate(0, 1), new Choice(1, Choice.Order.LONGEST), Mix.r1(10, 1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings);
        }
        CurationSettings arrived;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            arrived = (CurationSettings) in.readObject();
        }
        Trace contaminated = Traces.question("Solve for x: 7x + 15 = 99");
        for (Trace trace : List.of(contaminated, Traces.honest())) {
            Examined here = new Examiner(settings).examine(trace);
            Examined there = new Examiner(arrived).examine(trace);
            assertThat(there.trace()).isEqualTo(here.trace());
            assertThat(there.failures()).isEqualTo(here.failures());
            assertThat(there.facts().key()).isEqualTo(here.facts().key());
        }
        assertThat(Files.list(scratch)).isEmpty();
    }
}
