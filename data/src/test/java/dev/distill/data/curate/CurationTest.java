package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Decision.Dropped;
import dev.distill.data.curate.Decision.Kept;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurationTest {
    private static final CurationSettings STANDARD = CurationSettings.standard(
            new MathVerifier(), List.of(HeldOutSet.ofQuestions("held", List.of("Solve for x: 7x + 15 = 99"))));

    private static List<Decision> decide(CurationSettings settings, List<Trace> traces) {
        List<Decision> decisions = new ArrayList<>();
        run(settings, traces, decisions);
        return decisions;
    }

    private static CurationReport run(CurationSettings settings, List<Trace> traces, List<Decision> decisions) {
        try {
            Path scratch = Files.createTempDirectory("curation");
            CurationReport report = Curation.run(settings, traces::stream, scratch, decisions::add);
            Files.delete(scratch); // nothing is left in it
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> outcomes(List<Decision> decisions) {
        return decisions.stream()
                .map(decision -> switch (decision) {
                    case Kept _ -> "kept";
                    case Dropped dropped -> dropped.reason();
                })
                .toList();
    }

    @Test
    void everyTraceIsKeptOrDroppedForAReasonThatIsCounted() throws IOException {
        List<Trace> traces = List.of(
                Traces.honest(),
                Traces.ended(FinishReason.LENGTH),
                Traces.answer("\\boxed{71}"),
                Traces.answer("I'm sorry, but I can't help with that."),
                Traces.question("Solve for x: 7x + 15 = 99"),
                Traces.trace(
                        Traces.QUESTION, Traces.REASONING.toUpperCase(), "THE BAKER SELLS \\BOXED{72} loaves.", "72"),
                Traces.reasoning(Traces.REASONING + " Indeed."));
        List<Decision> decisions = new ArrayList<>();
        CurationReport report = run(STANDARD, traces, decisions);

        assertThat(outcomes(decisions))
                .containsExactly(
                        "kept",
                        "finished",
                        "math",
                        "refusal:policy",
                        "contamination:held",
                        "near_duplicate",
                        "near_duplicate");
        assertThat(report.read()).isEqualTo(7);
        assertThat(report.kept()).isEqualTo(1);
        assertThat(report.dropped().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(6);
        assertThat(report.contaminated()).containsEntry("held", 1L);
        assertThat(report.overlaps())
                .containsExactly(Map.entry("held", Map.of("question", 1L, "quoted", 0L, "solution", 0L, "fuzzy", 0L)));
        assertThat(report.failed()).containsEntry("math", 2L); // the refusal has no right answer either

        JsonNode json = new ObjectMapper().valueToTree(report);
        assertThat(json.at("/dropped/refusal:policy").asLong()).isEqualTo(1);
        assertThat(json.at("/examples/finished/0/detail").asText()).isEqualTo("length");
    }

    @Test
    void theVerdictsOfAllFiltersStayOnTheTrace() {
        Trace kept = decide(STANDARD, List.of(Traces.honest())).getFirst().trace();
        assertThat(kept.verdicts()).extracting("by").contains("finished", "language", "math", "contamination:held");
        assertThat(decide(STANDARD, List.of(kept)).getFirst().trace().verdicts())
                .as("curating again adds nothing")
                .isEqualTo(kept.verdicts());
    }

    @Test
    void theFirstOfADuplicateStays() {
        Trace first = Traces.sample(Traces.QUESTION, 0, Traces.REASONING, Traces.ANSWER, "72");
        Trace again = Traces.sample(Traces.QUESTION, 1, Traces.REASONING + " \n", Traces.ANSWER + "\r\n", "72");
        Trace indented = Traces.sample(Traces.QUESTION, 2, Traces.REASONING, "  " + Traces.ANSWER, "72");
        List<Decision> decisions = decide(STANDARD, List.of(first, again, indented));
        assertThat(outcomes(decisions)).containsExactly("kept", "duplicate", "near_duplicate");
        assertThat(((Dropped) decisions.get(1)).detail()).isEqualTo("of trace " + first.id());
        assertThat(outcomes(decide(STANDARD.withDuplicates(true, null), List.of(first, again, indented))))
                .containsExactly("kept", "duplicate", "kept");
    }

    @Test
    void nearDuplicatesAreDecidedByTheirSimilarityAndTheirNumbers() {
        String working = Traces.additionByDigits("4821", "5379");
        Trace first = Traces.trace("What is 4821 + 5379?", working, "\\boxed{10200}", "10200");
        Trace near = Traces.trace("What is 4821 + 5379 ?", "Okay. " + working, "\\boxed{10200}", "10200");
        Trace other = Traces.trace(
                "What is 4821 + 5378?", Traces.additionByDigits("4821", "5378"), "\\boxed{10199}", "10199");
        assertThat(outcomes(decide(STANDARD, List.of(first, near, other))))
                .containsExactly("kept", "near_duplicate", "kept");
    }

    @Test
    void plantedNearDuplicatesAreFoundAndOthersAreNot() {
        long seed = 7;
        Random random = new Random(seed);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < 150; w++) {
                text.append("word").append((char) ('a' + random.nextInt(26))).append((char) ('a' + random.nextInt(26)));
                text.append(' ');
            }
            traces.add(Traces.trace("Say something.", text.toString(), "Said " + i + ".", null));
            // One word of 150 changed breaks 2 of 150 pairs of words: Jaccard 0.97.
            traces.add(Traces.trace(
                    "Say something.", text.toString().replaceFirst("word", "verb"), "Said " + i + ".", null));
        }
        CurationSettings settings = CurationSettings.NONE.withDuplicates(true, NearDuplicateSettings.STANDARD);
        CurationReport report = run(settings, traces, new ArrayList<>());
        assertThat(report.dropped()).as("seed %d", seed).containsEntry("near_duplicate", 200L);
        assertThat(report.kept()).isEqualTo(200);
    }

    @Test
    void aPromptKeepsItsFirstOrShortestTraces() {
        List<Trace> traces = new ArrayList<>();
        String[] more = {
            " That is four dozen and two dozen, six dozen in all, by the way.", " Fine.", " Good, and done now."
        };
        for (int i = 0; i < more.length; i++) {
            traces.add(Traces.sample(Traces.QUESTION, i, Traces.REASONING + more[i], Traces.ANSWER, "72"));
        }
        CurationSettings all = STANDARD.withDuplicates(true, null);
        assertThat(outcomes(decide(all, traces))).containsExactly("kept", "kept", "kept");
        assertThat(outcomes(decide(all.withChoice(new Choice(2, Choice.Order.FIRST)), traces)))
                .containsExactly("kept", "kept", "per_prompt");
        List<Decision> shortest = decide(all.withChoice(new Choice(1, Choice.Order.SHORTEST)), traces);
        assertThat(outcomes(shortest)).containsExactly("per_prompt", "kept", "per_prompt");
    }

    @Test
    void theOutcomeDoesNotDependOnTheThreads() {
        Random random = new Random(11);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int a = random.nextInt(40);
            int b = random.nextInt(40);
            int wrong = random.nextInt(5) == 0 ? 1 : 0;
            traces.add(Traces.sample(
                    "What is " + a + " + " + b + "?",
                    i,
                    Traces.additionByDigits("" + a, "" + b),
                    "\\boxed{" + (a + b + wrong) + "}",
                    "" + (a + b)));
        }
        List<Decision> one = decide(STANDARD.withThreads(1), traces);
        assertThat(decide(STANDARD.withThreads(8), traces)).isEqualTo(one);
        assertThat(one).hasSize(300);
    }

    @Test
    void aFilterStandsOnce() {
        assertThatThrownBy(() -> CurationSettings.NONE.withFilters(List.of(new Finished(), new Finished())))
                .hasMessageContaining("each filter may stand once; got \"finished\" twice");
    }
}
