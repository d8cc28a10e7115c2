package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.trace.Trace;
import dev.distill.plan.Plan;
import dev.distill.plan.Speed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe's values become figures; how fast the machine is, is given here. */
final class PlanningTest {
    private static final Plan.Room LARGE = new Plan.Room(1L << 40, 1L << 33, 1L << 50, Optional.empty());

    /** A millisecond a token, and as much for a target; ten for the update; a third of it for a forward. */
    private static final Speed SPEED = new Speed(1e-3, 0, 1e-3, 0, 10e-3, 1 / 3.0, "given");

    private final Map<String, String> options = new LinkedHashMap<>(Map.of(
            "name", "n",
            "teacher.url", "http://127.0.0.1:9/v1",
            "teacher.model", "deepseek-reasoner",
            "prompts.files", "none.jsonl",
            "harvest.samples", "2",
            "plan.prompts", "500",
            "plan.prompt-tokens", "50",
            "plan.reply-tokens", "150",
            "plan.kept", "0.6"));

    @TempDir
    Path root;

    PlanningTest() {
        options.putAll(Map.of(
                "student.base", "Qwen/Qwen2.5-0.5B-Instruct",
                "train.mode", "lora",
                "train.compute", "float",
                "train.epochs", "2",
                "train.batch-samples", "4",
                "train.row-tokens", "1024",
                "train.validation-samples", "40",
                "train.validate-every", "50"));
    }

    private Plan plan(Plan.Room room) throws IOException {
        return new Planning(Recipe.read(null, options), new RunFolder(root), room, (job, load) -> SPEED).plan();
    }

    /**
     * 500 prompts, two samples each, of which 0.6 are kept, are 600; 40 are held back, and 560 in steps of 4 are 140 an epoch, 280 in all. A step has 800
     * tokens and 600 targets: 1.41 s; 1 + 6 validations of 40 samples are ten times (1.4 s / 3) each.
     */
    @Test
    void whatIsExpectedBecomesStepsTokensAndTime() throws IOException {
        Plan plan = plan(LARGE);
        assertThat(plan.workload().samples()).isEqualTo(600);
        assertThat(plan.workload().source()).startsWith("expected, not counted");
        assertThat(plan.course()).isEqualTo(new Plan.Course(280, 7, 40));
        assertThat(plan.tokens()).isEqualTo(280 * 800);
        assertThat(plan.seconds()).isCloseTo(280 * 1.41 + 7 * 10 * 1.4 / 3, within(1e-6));
        assertThat(plan.model()).isEqualTo("Qwen/Qwen2.5-0.5B-Instruct (config: published shape qwen2.5-0.5b)");
        assertThat(plan.fits()).isTrue();
        assertThat(plan.notes()).isEmpty();
    }

    /** 1,000 replies of 150 tokens at 0.42 USD a million, and as many prompts of 50 at 0.28. */
    @Test
    void theHarvestHasItsPrice() throws IOException {
        assertThat(plan(LARGE).money().orElseThrow().amount()).isEqualByComparingTo("0.077");
        options.put("harvest.budget", "0.05 USD");
        assertThat(plan(LARGE).notes())
                .containsExactly("money: the harvest stops at harvest.budget, 0.05 USD, before it has all");
        options.put("teacher.model", "another");
        assertThat(plan(LARGE).money()).isEmpty();
        assertThat(plan(LARGE).notes()).singleElement().asString().contains("no price is known for model another");
    }

    /** Sums with their reasoning, as curation leaves them; the tokenizer is trained on them, as training would. */
    @Test
    void tracesThatAreThereAreCounted() throws IOException {
        options.remove("student.base");
        options.put("student.shape.width", "64");
        options.put("train.mode", "full");
        CuratedFolder.write(new RunFolder(root).curate(), 60);
        Plan plan = plan(LARGE);
        assertThat(plan.workload().samples()).isEqualTo(60);
        assertThat(plan.workload().source()).contains("60 traces in", "60 of them tokenised");
        assertThat(plan.course())
                .isEqualTo(new Plan.Course(24, 2, 12)); // a fifth is held back, 48 are 12 steps an epoch
        assertThat(plan.money()).as("it is bought").isEmpty();
        assertThat(plan.load().tokens() / 4).isBetween(20.0, 80.0);
        assertThat(plan.disk().parts()).containsEntry("harvest", 0L);
        assertThat(root).isDirectoryNotContaining("glob:**train");
    }

    @Test
    void whatDoesNotFitIsSaidWithTheCure() throws IOException {
        options.put("train.mode", "full");
        Plan plan = plan(new Plan.Room(4L << 30, 1 << 10, 1 << 20, Optional.empty()));
        assertThat(plan.fits()).isFalse();
        assertThat(plan.notes())
                .anySatisfy(
                        note -> assertThat(note).startsWith("memory: needs ").endsWith("there are 4,096"))
                .anySatisfy(
                        note -> assertThat(note).contains("train.mode: lora").endsWith("which fits"))
                .anySatisfy(note -> assertThat(note).contains("Java's heap").contains("-Xmx"))
                .anySatisfy(note -> assertThat(note).startsWith("disk: needs "));
    }

    /** Of sixty traces one holds a marker in its reasoning: training drops it or refuses, and plan says which. */
    @Test
    void tracesThatMakeNoSampleAreNotCounted() throws IOException {
        options.remove("student.base");
        options.put("student.shape.width", "64");
        options.put("train.mode", "full");
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String reasoning = i == 7 ? "So </think> it is." : "So it is.";
            traces.add(CuratedFolder.trace(i, "What is it?", reasoning, "\\boxed{2}", "2"));
        }
        CuratedFolder.write(new RunFolder(root).curate(), traces);
        options.put("train.unfit", "drop");
        Plan dropped = plan(LARGE);
        assertThat(dropped.workload().samples()).isEqualTo(59);
        assertThat(dropped.notes())
                .singleElement()
                .asString()
                .startsWith(
                        "train: 1 of 60 traces that were tokenised make no sample: sample of trace t7: its reasoning"
                                + " holds")
                .endsWith("such traces are left out (train.unfit: drop)");
        options.put("train.unfit", "raise");
        assertThat(plan(LARGE).notes()).singleElement().asString().contains("such a training is refused");
    }

    /** Samples of 200 tokens in rows of 100: each is cut, which takes context besides. */
    @Test
    void whatIsLongerThanARowIsDroppedSplitOrRefused() throws IOException {
        options.put("train.row-tokens", "100");
        options.put("train.over-long", "split");
        Plan split = plan(LARGE);
        assertThat(split.course().steps()).isEqualTo(280);
        assertThat(split.load().targets()).isEqualTo(4 * 150);
        assertThat(split.load().tokens()).isGreaterThan(4 * 200);
        assertThat(split.notes())
                .singleElement()
                .asString()
                .startsWith("train: 100.0 %")
                .contains("they are split");
        options.put("train.over-long", "raise");
        assertThatThrownBy(() -> plan(LARGE)).hasMessageContaining("none of 96 samples fits into a row of 100 tokens");
    }

    /** Training asks for the room of those it keeps, of the best, of a planned one and of one that is being written: as many are counted. */
    @Test
    void allCheckpointsThatTrainingAsksRoomForAreCounted() throws IOException {
        options.put("train.keep-checkpoints", "1");
        Plan few = plan(LARGE);
        long weights = few.job().trainedWeights();
        assertThat(few.disk().parts()).containsEntry("train", 4 * 12 * weights + 4 * weights);
        options.put("train.keep-checkpoints", "10");
        assertThat(plan(LARGE).disk().parts()).containsEntry("train", 13 * 12 * weights + 4 * weights);
    }

    @Test
    void longRepliesAreLeftOutOrRefused() {
        options.put("plan.reply-tokens", "2000");
        assertThatThrownBy(() -> plan(LARGE))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("train.row-tokens: packing: none of 96 samples fits into a row of 1024 tokens");
    }

    /** Qwen2.5-0.5B states 32,768 positions. */
    @Test
    void samplesBeyondTheModelsPositionsAreToldUnlessTheRecipeRaisesThem() throws IOException {
        options.put("train.row-tokens", "40000");
        assertThat(plan(LARGE).notes()).singleElement().asString().contains("states 32,768 positions");
        options.put("student.max-positions", "40000");
        assertThat(plan(LARGE).notes()).isEmpty();
    }

    /** The recipe's mode and rule reach the account: 24 x (2 x 896 x 896 + 2 x 128 x 896 + 3 x 4864 x 896) numbers in NF4. */
    @Test
    void fewerBitsAreCounted() throws IOException {
        options.put("train.compute", "bfloat16");
        long lora = plan(LARGE).memory().part("weights");
        options.put("train.mode", "qlora");
        options.put("train.optimizer", "adamw-8bit");
        Plan plan = plan(LARGE);
        assertThat(plan.job().isFourBits()).isTrue();
        long linear = 24L * (2 * 896 * 896 + 2 * 128 * 896 + 3 * 4864 * 896);
        double widened = 2.0 * 4864 * 896;
        double saved = (double) (lora - plan.memory().part("weights")) + widened;
        assertThat(saved / linear).isCloseTo(2 - 4.127 / 8, within(0.001));
        assertThat(plan.memory().part("moments")).isLessThan(plan.memory().part("gradients") * 6 / 10);
        options.put("train.mode", "full");
        options.put("train.freeze", "model.embed_tokens");
        assertThat(plan(LARGE).job().trainedWeights()).isEqualTo(494_032_768L - 151_936 * 896);
    }

    /** Only what was scored can be the best: 300 and 200 meet at 600. */
    @Test
    void intervalsOfScoresAndCheckpointsThatSeldomMeetAreTold() throws IOException {
        options.put("train.select", "score");
        options.put("train.score-tasks", "questions.jsonl");
        options.put("train.score-every", "300");
        options.put("train.checkpoint-every", "200");
        assertThat(plan(LARGE).notes()).singleElement().asString().contains("meet every 600 steps");
        options.put("train.score-every", "100");
        assertThat(plan(LARGE).notes()).isEmpty();
    }

    /**
     * A teacher of 1,543,714,304 weights in BFLOAT16, widened to FLOAT or used where they lie, is open to the end where it is asked of the student's own
     * texts. It says 230 bytes of each of 560 x 150 targets, which lie there twice.
     */
    @Test
    void theTeachersWeightsAndWhatItSaysAreCounted() throws IOException {
        options.put("train.distill.model", "Qwen/Qwen2.5-1.5B-Instruct");
        options.put("train.distill.on-policy", "0.5");
        Plan plan = plan(LARGE);
        assertThat(plan.memory().part("teacher")).isBetween(2 * 1_543_714_304L, 4 * 1_543_714_304L + (1 << 20));
        assertThat(plan.disk().parts()).containsEntry("teacher", 2L * 230 * 560 * 150);
        assertThat(plan.notes())
                .containsExactly(
                        "train.distill: the time in which the teacher reads the samples is not in these figures,"
                                + " nor that in which the student writes texts of its own");
        long stays = plan.memory().part("teacher");
        options.put("train.distill.on-policy", "0");
        assertThat(plan(LARGE).memory().part("teacher")).isLessThan(stays);
        options.put("train.distill.model", "somebody/unknown-model");
        assertThat(plan(LARGE).notes()).contains("memory: the teacher's weights are not in these figures");
    }

    @Test
    void nothingIsFetched() {
        options.put("student.base", "somebody/unknown-model");
        assertThatThrownBy(() -> plan(LARGE))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("somebody/unknown-model is not in the hub's cache")
                .hasMessageContaining("plan fetches nothing");
    }

    @Test
    void promptsThatAreNeitherThereNorExpectedAreAskedFor() {
        options.remove("plan.prompts");
        assertThatThrownBy(() -> plan(LARGE))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("prompts.files: there is no such file")
                .hasMessageContaining("plan.prompts");
    }
}
