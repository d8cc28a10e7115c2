package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.code.CodeVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a curation leaves for people, and for whoever looks on. */
class CurateStageTest {
    @TempDir
    Path folder;

    private RunFolder run;
    private Path progress;

    /** Twelve traces: every fourth is wrong. */
    @BeforeEach
    void harvest() throws IOException {
        run = new RunFolder(folder);
        progress = run.curate().resolve("progress.json");
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            traces.add(CuratedFolder.trace(
                    i,
                    "What is asked for under number " + i + "?",
                    "It was thought about number " + i + " for a long while, as one should.",
                    "\\boxed{" + (i % 4 == 0 ? 8 : 7) + "} no. " + i,
                    "7"));
        }
        CuratedFolder.write(run.harvest(), traces);
    }

    private static Recipe recipe() throws IOException {
        return Recipe.read(null, Map.of("name", "sums"));
    }

    @Test
    void theCardSaysWhatEachCheckDropped() throws IOException {
        CurationReport report = CurateStage.run(recipe(), run, _ -> {}, new Stop());
        assertThat(report.kept()).isEqualTo(9);
        assertThat(Files.readString(run.curate().resolve("README.md")))
                .contains(
                        "# sums: curated traces",
                        "## Curation\n\n12 traces read, 9 kept (75.0 %).\n",
                        "| check | what | dropped | failed | only it | left |",
                        "| `finished` | cut off | 0 | 0 | 0 | 12 |",
                        "| `math` | wrong answer | 3 | 3 | 3 | 9 |",
                        "| `near_duplicate` | nearly a duplicate | 0 |  |  | 9 |")
                .doesNotContain("| source |", "| held-out set |");
    }

    @Test
    void theCardCountsWhatIsHeldOutByTheKindOfMatch() throws IOException {
        Path held = Files.writeString(
                folder.resolve("exam.jsonl"), "{\"question\": \"What is asked for under number 3?\"}\n");
        Recipe recipe = Recipe.read(null, Map.of("name", "sums", "curate.held-out", held.toString()));
        CurateStage.run(recipe, run, _ -> {}, new Stop());
        assertThat(Files.readString(run.curate().resolve("README.md")))
                .contains(
                        "| held-out set | found in | by question | quoted in the reply | follows the solution | fuzzy |\n"
                                + "|---|---|---|---|---|---|\n| exam | 1 | 1 | 0 | 0 | 0 |\n");
    }

    /** What is kept stays as it is: only report and card say more. */
    @Test
    void theCardOfAFinishedCurationSaysWhatIsFoundOutLater() throws IOException {
        CurateStage.run(recipe(), run, _ -> {}, new Stop());
        String manifest = Files.readString(run.curate().resolve("manifest.json"));
        String before = Files.readString(run.curate().resolve("README.md"));
        CurateStage.run(recipe(), run, true, CurationPlace.HERE, _ -> {}, new Stop());
        String card = Files.readString(run.curate().resolve("README.md"));
        assertThat(card)
                .contains("| check | what | dropped | failed | only it | left | alone |\n|---|---|---|---|---|---|---|")
                .contains("| `math` | wrong answer | 3 | 3 | 3 | 9 | 3 |")
                .endsWith(before.substring(before.indexOf("## Content")));
        assertThat(before).doesNotContain("alone").contains("| teacher teacher | 9 |");
        assertThat(Files.readString(run.curate().resolve("manifest.json"))).isEqualTo(manifest);
    }

    @Test
    void verdictsThatTracesCameWithDecideWhereTheRecipeTakesThem() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Trace wrong = CuratedFolder.trace(
                    i,
                    "What is asked for under number " + i + "?",
                    "It was thought about number " + i + " for a long while, as one should.",
                    "\\boxed{8} no. " + i,
                    "7");
            boolean stated = i % 2 == 0;
            traces.add(wrong.with(stated ? Verdict.pass("checked", "says so") : Verdict.fail("checked", "says so")));
        }
        CuratedFolder.write(run.harvest(), traces);
        CurationReport plain = CurateStage.run(recipe(), run, _ -> {}, new Stop());
        assertThat(plain.dropped()).containsEntry("math", 6L).doesNotContainKey("checked");

        Recipe taking = Recipe.read(null, Map.of("name", "sums", "curate.verdicts", "checked,never-there"));
        CurationReport report = CurateStage.run(taking, run, _ -> {}, new Stop());
        assertThat(report.kept()).isEqualTo(3);
        assertThat(report.dropped()).containsEntry("math", 0L).containsEntry("checked", 3L);
        assertThat(report.failed()).containsEntry("checked", 3L);
        Recipe labelling =
                Recipe.read(null, Map.of("name", "sums", "curate.verdicts", "checked", "curate.label", "checked"));
        assertThat(CurateStage.run(labelling, run, _ -> {}, new Stop()).kept()).isEqualTo(6);
        assertThatThrownBy(() -> Recipe.read(null, Map.of("name", "sums", "curate.label", "checked")))
                .hasMessageContaining("curate.label: there is no check \"checked\"");
    }

    @Test
    void verdictsUnderTheNamesOfChecksCountOnlyWhereTheyAreTaken() throws IOException {
        Trace wrong = CuratedFolder.trace(
                1,
                "What is asked for under number 1?",
                "It was thought about number 1 for a long while, as one should.",
                "\\boxed{8} no. 1",
                "7");
        CuratedFolder.write(
                run.harvest(),
                List.of(wrong.with(Verdict.pass("math", "forged")).with(Verdict.pass("judge", "forged"))));
        assertThat(CurateStage.run(recipe(), run, _ -> {}, new Stop()).dropped())
                .containsEntry("math", 1L);

        Recipe taking = Recipe.read(null, Map.of("name", "sums", "curate.verdicts", "given:math"));
        assertThat(CurateStage.run(taking, run, _ -> {}, new Stop()).kept()).isEqualTo(1);
        for (String check : List.of("math", CodeVerifier.NAME, "judge", "refusal:policy")) {
            assertThatThrownBy(() -> Recipe.read(null, Map.of("name", "sums", "curate.verdicts", check)))
                    .hasMessageContaining(
                            "curate.verdicts: " + check + " is a check of this program's; verdicts so named with"
                                    + " which traces came are called given:" + check);
        }
    }

    /** As DeepSeek-R1's curation dropped it, whatever the question. */
    @Test
    void codeInTheReasoningIsDroppedEverywhereOnDemand() throws IOException {
        CuratedFolder.write(
                run.harvest(),
                List.of(CuratedFolder.trace(
                        1,
                        "Write a Python program that prints 7.",
                        "A call of print does it, as one can see here:\n```\nprint(7)\n```\nThat is all there is to do.",
                        "It is \\boxed{7}.",
                        "7")));
        assertThat(CurateStage.run(recipe(), run, _ -> {}, new Stop()).kept()).isEqualTo(1);
        Recipe strict = Recipe.read(null, Map.of("name", "sums", "curate.drop-all-code", "true"));
        assertThat(CurateStage.run(strict, run, _ -> {}, new Stop()).dropped()).containsEntry("code_in_reasoning", 1L);
    }

    /** Nine words of the eleven in a row, and no number in which they differ. */
    @Test
    void howManyWordsInARowAreAHeldOutQuestionIsTheUsersChoice() throws IOException {
        Path held = Files.writeString(
                folder.resolve("exam.jsonl"), "{\"question\": \"Why do the herons of the delta sleep on one leg?\"}\n");
        CuratedFolder.write(
                run.harvest(),
                List.of(CuratedFolder.trace(
                        1,
                        "Say at length why the herons of the delta sleep on one arm",
                        "They keep warm in that way, which is a guess, and nothing else is known to me.",
                        "To keep warm.",
                        null)));
        for (String n : List.of("6", "10")) {
            Recipe recipe = Recipe.read(
                    null,
                    Map.of(
                            "name",
                            "birds",
                            "curate.held-out",
                            held.toString(),
                            "curate.contamination.ngram",
                            n,
                            "curate.contamination.similarity",
                            "1"));
            assertThat(CurateStage.run(recipe, run, _ -> {}, new Stop())
                            .dropped()
                            .getOrDefault("contamination:exam", 0L))
                    .as(n)
                    .isEqualTo(n.equals("6") ? 1 : 0);
        }
        assertThatThrownBy(() -> Recipe.read(null, Map.of("name", "s", "curate.contamination.ngram", "3")))
                .hasMessageContaining("curate.contamination.ngram: must be a whole number from 4 to 32; got 3");
    }

    @Test
    void tracesOfPromptsThatNearlyRepeatEachOtherAreLeftOutOnDemand() throws IOException {
        String template = "Answer as briefly as you can, and put what you have found into a box at the end: ";
        List<Trace> traces = new ArrayList<>();
        for (String question : List.of(
                "The old farmer keeps 3 hens and 4 geese in his yard; how many birds are there?",
                "The old farmer keeps 3 hens and 4 geese in her yard; how many birds are there?",
                "Who keeps 3 hens and 4 geese?")) {
            traces.add(CuratedFolder.trace(
                    traces.size(),
                    template + question,
                    "Sample " + "abc".charAt(traces.size()) + ": three and four make seven, which was asked for.",
                    "\\boxed{7}",
                    "7"));
        }
        CuratedFolder.write(run.harvest(), traces);
        Map<String, String> options = Map.of(
                "name", "sums",
                "curate.duplicates", "none",
                "curate.prompt-similarity", "0.7",
                "prompts.files", "none.jsonl",
                "prompts.template", template + "{question}");
        assertThat(CurateStage.run(Recipe.read(null, options), run, _ -> {}, new Stop())
                        .dropped())
                .containsEntry("near_duplicate_prompt", 1L);
        assertThatThrownBy(() -> Recipe.read(null, Map.of("name", "s", "curate.prompt-similarity", "0.1")))
                .hasMessageContaining("curate.prompt-similarity: must be 0.3 to 1, or 0 to keep the traces");
    }

    @Test
    void howFarItIsIsToldUntilItIsDone() throws IOException {
        List<Boolean> seen = new ArrayList<>();
        CurateStage.run(recipe(), run, _ -> seen.add(Files.exists(progress)), new Stop());
        assertThat(seen).hasSize(24).containsOnly(true); // read twice
        assertThat(progress).doesNotExist();
        CurateStage.run(recipe(), run, true, CurationPlace.HERE, _ -> seen.add(Files.exists(progress)), new Stop());
        assertThat(seen).hasSize(48).containsOnly(true);
        assertThat(progress).doesNotExist();
    }

    @Test
    void oneThatWasStoppedLeavesHowFarItCameAndTheNextTakesItAway() throws IOException {
        Stop stop = new Stop();
        assertThatThrownBy(() -> CurateStage.run(
                        recipe(),
                        run,
                        count -> {
                            if (count == 5) {
                                stop.request();
                            }
                        },
                        stop))
                .hasMessageContaining("curate: stopped");
        assertThat(new ObjectMapper()
                        .readTree(progress.toFile())
                        .path("looked_at")
                        .asInt())
                .isEqualTo(5);
        assertThat(new ObjectMapper().readTree(progress.toFile()).path("traces").asInt())
                .isEqualTo(12);
        CurateStage.run(recipe(), run, _ -> {}, new Stop());
        assertThat(progress).doesNotExist();
    }

    @Test
    void anEngineLeavesWhatThisProcessLeaves() throws IOException {
        RunFolder other = new RunFolder(folder.resolve("other"));
        Files.createDirectories(other.root());
        Files.move(run.harvest(), other.harvest());
        List<Long> lookedAt = new ArrayList<>();
        CurationReport report =
                CurateStage.run(recipe(), other, false, ScriptedEngine.PLACE, lookedAt::add, new Stop());
        assertThat(lookedAt).containsExactly(12L);
        assertThat(CurateStage.report(other)).contains(report);
        assertThat(other.curate().resolve("progress.json")).doesNotExist();

        Files.move(other.harvest(), run.harvest());
        assertThat(CurateStage.run(recipe(), run, _ -> {}, new Stop())).isEqualTo(report);
        Manifest here = Manifest.read(run.curate());
        Manifest there = Manifest.read(other.curate());
        assertThat(there.outputs()).isEqualTo(here.outputs());
        assertThat(there.counts()).isEqualTo(here.counts()).containsEntry("read", 12L);
        assertThat(there.settings()).as("the engine is none").isEqualTo(here.settings());
        for (String file : List.of("README.md", "decisions.jsonl", "report.json")) {
            assertThat(other.curate().resolve(file))
                    .hasSameTextualContentAs(run.curate().resolve(file));
        }
    }

    @Test
    void whatOneHasDoneTheOtherDoesNotDoAgain() throws IOException {
        List<Long> lookedAt = new ArrayList<>();
        CurateStage.run(recipe(), run, _ -> {}, new Stop());
        CurateStage.run(recipe(), run, false, ScriptedEngine.PLACE, lookedAt::add, new Stop());
        assertThat(lookedAt).isEmpty();
        byte[] manifest = Files.readAllBytes(run.curate().resolve(Manifest.FILE_NAME));
        assertThat(CurateStage.run(recipe(), run, true, ScriptedEngine.PLACE, lookedAt::add, new Stop())
                        .alone())
                .as("what is explained is counted, and nothing is written again")
                .containsEntry("math", 3L);
        assertThat(lookedAt).containsExactly(12L);
        assertThat(run.curate().resolve(Manifest.FILE_NAME)).hasBinaryContent(manifest);
    }

    @Test
    void anEngineThatIsStoppedLeavesAnUnfinishedFolder() throws IOException {
        CurateStage.run(recipe(), run, _ -> {}, new Stop());
        Recipe other = Recipe.read(null, Map.of("name", "sums", "curate.duplicates", "none"));
        Stop stop = new Stop();
        assertThatThrownBy(() -> CurateStage.run(other, run, false, ScriptedEngine.PLACE, _ -> stop.request(), stop))
                .isInstanceOf(Stop.StoppedException.class)
                .hasMessageContaining("curate: stopped");
        assertThat(Manifest.isIn(run.curate())).isFalse();
    }

    @Test
    void anEngineThatIsNotThereIsNamedWithItsCure() {
        assertThatThrownBy(() ->
                        CurateStage.run(recipe(), run, false, new CurationPlace("flink", ""), _ -> {}, new Stop()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no engine \"flink\" is on the class path; there are local, scripted;")
                .hasMessageContaining("--engine spark brings");
    }
}
