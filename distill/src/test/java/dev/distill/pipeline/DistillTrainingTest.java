package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardException;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherDistributions;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import dev.distill.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny student that learns another's probabilities beside the text. */
class DistillTrainingTest {
    private static final Ops OPS = new CpuOps();
    private static final int TRACES = 70;

    @TempDir
    Path root;

    private RunFolder run;
    private Path teacher;
    private Path base;

    @BeforeEach
    void teacherAndBase() throws IOException {
        run = new RunFolder(root);
        CuratedFolder.write(run.curate(), TRACES);
        teacher = model("teacher", Map.of("train.steps", "60", "train.learning-rate", "2e-2"));
        base = model("base", Map.of("train.steps", "1", "seed", "9"));
    }

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void theDistanceFromTheTeacherFalls() throws IOException {
        TrainResult result = train(root.resolve("taught"), taught(Map.of("train.distill.share", "1")), steps());
        List<StepReport> reports = result.reports();
        double first = reports.get(1).learning().teaching().divergence();
        double last = reports.getLast().learning().teaching().divergence();
        assertThat(first).isGreaterThan(0.1);
        assertThat(last).isLessThan(0.5 * first);
        assertThat(reports.getLast().loss()).isCloseTo(last, within(1e-6));
        assertThat(root.resolve("taught/metrics.jsonl")).content().contains("\"divergence\":", "\"cross_entropy\":");
        assertThat(root.resolve("taught/teacher")).isDirectoryContaining("glob:**.parquet");
        assertThat(root.resolve("taught/teacher/.teacher.tmp")).doesNotExist();
    }

    @Test
    void halfAndHalfIsTheMeanOfBoth() throws IOException {
        TrainResult result = train(root.resolve("taught"), taught(Map.of("train.distill.temperature", "2")), steps());
        StepReport.Learning learning = result.reports().get(1).learning();
        double expected = 0.5 * learning.teaching().crossEntropy()
                + 0.5 * 4 * learning.teaching().divergence();
        assertThat(learning.loss()).isCloseTo(expected, within(1e-5));
    }

    @Test
    void stoppedWhileTheTeacherReadsOrTheStudentLearnsItComesToTheSame() throws IOException {
        Map<String, String> options =
                taught(Map.of("train.distill.on-policy", "0.5", "train.distill.new-tokens", "12"));
        train(root.resolve("whole"), options, steps());
        Path stopped = root.resolve("stopped");
        int[] asked = {0};
        assertThatThrownBy(() -> new TrainStage(recipe(options), OPS, Objective.REASONING)
                        .run(run.curate(), stopped, listener(new ArrayList<>()), () -> ++asked[0] > 62))
                .isInstanceOf(Stop.StoppedException.class)
                .hasMessageContaining("what it has read is kept");
        assertThat(new DistributionFolder(stopped.resolve("teacher")).files()).hasSize(1);
        List<Integer> seen = new ArrayList<>();
        assertThatThrownBy(() -> new TrainStage(recipe(options), OPS, Objective.REASONING)
                        .run(run.curate(), stopped, listener(seen), () -> seen.contains(4)))
                .isInstanceOf(Trainer.StoppedException.class);
        train(stopped, options, seen);
        assertThat(new DistributionFolder(stopped.resolve("teacher")).files()).hasSize(2);
        assertThat(Files.readAllBytes(stopped.resolve("model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(root.resolve("whole/model/model.safetensors")));
    }

    /** The student's own texts: the text itself teaches nothing, the teacher's word alone does. */
    @Test
    void onPolicyStepsHaveTheTeachersWordAlone() throws IOException {
        TrainResult result = train(
                root.resolve("taught"),
                taught(Map.of("train.distill.on-policy", "1", "train.distill.new-tokens", "12")),
                steps());
        for (StepReport report : result.reports().subList(1, result.reports().size())) {
            StepReport.Learning learning = report.learning();
            assertThat(learning.loss()).isCloseTo(learning.teaching().divergence(), within(1e-6));
            assertThat(learning.trainedTokens()).isBetween(8L, 8L * 12);
        }
    }

    @Test
    void aTeacherOfAnotherVocabularyIsAligned() throws IOException {
        Path other = model(
                "other", Map.of("train.steps", "40", "train.learning-rate", "2e-2", "student.shape.vocabulary", "265"));
        Map<String, String> options =
                taught(Map.of("train.distill.model", other.toString(), "train.distill.share", "1"));
        TrainResult result = train(root.resolve("taught"), options, steps());
        int[] places = {0, 0};
        new DistributionFolder(root.resolve("taught/teacher")).forEach(null, row -> count(row, places));
        // most tokens of the larger vocabulary begin where one of the smaller does; not all go as far
        assertThat(places[1]).isGreaterThan(places[0] / 10).isLessThan(places[0]);
        List<StepReport> reports = result.reports();
        assertThat(reports.getLast().learning().teaching().divergence())
                .isLessThan(0.7 * reports.get(1).learning().teaching().divergence());
    }

    @Test
    void aTeacherOfAnotherVocabularyReadsTheStudentsOwnTexts() throws IOException {
        Path bytes = model(
                "bytes",
                Map.of(
                        "train.steps",
                        "20",
                        "train.learning-rate",
                        "2e-2",
                        "seed",
                        "9",
                        "student.shape.vocabulary",
                        "265"));
        Map<String, String> options = taught(Map.of(
                "student.base", bytes.toString(),
                "train.distill.on-policy", "1",
                "train.distill.new-tokens", "12"));
        List<StepReport> reports =
                train(root.resolve("taught"), options, steps()).reports();
        for (StepReport report : reports.subList(1, reports.size())) {
            StepReport.Learning learning = report.learning();
            assertThat(learning.loss()).isCloseTo(learning.teaching().divergence(), within(1e-6));
            assertThat(learning.teaching().divergence()).isGreaterThan(0.01);
            assertThat(learning.trainedTokens()).isBetween(1L, 8L * 12);
        }
    }

    /** A teacher that says the same as the student itself is no distance from it, piece by piece, only where each piece has its own places. */
    @Test
    void piecesOfALongSampleKeepTheTeachersPlaces() throws IOException {
        Map<String, String> options = taught(Map.of(
                "train.over-long", "split", "train.row-tokens", "40", "train.distill.share", "1", "train.steps", "24"));
        List<StepReport> split = train(root.resolve("split"), options, steps()).reports();
        Map<String, String> whole = new LinkedHashMap<>(options);
        whole.put("train.row-tokens", "400");
        List<StepReport> joined = train(root.resolve("whole"), whole, steps()).reports();
        Manifest manifest = Manifest.read(root.resolve("split"));
        assertThat(manifest.counts().get("over_long_split")).isGreaterThan(30);
        // the same trained tokens in each step, and the same teacher
        assertThat(split.get(1).learning().trainedTokens())
                .isEqualTo(joined.get(1).learning().trainedTokens());
        double first = split.get(1).learning().teaching().divergence();
        assertThat(first).isCloseTo(joined.get(1).learning().teaching().divergence(), within(0.2 * first));
        assertThat(split.getLast().learning().teaching().divergence()).isLessThan(0.6 * first);
        assertThat(Files.readAllBytes(root.resolve("split/teacher/teacher-00000.parquet")).length)
                .isEqualTo(Files.readAllBytes(root.resolve("whole/teacher/teacher-00000.parquet")).length);
    }

    @Test
    void aTeacherOfFewerPositionsThanASampleIsRefused() throws IOException {
        Path small = Files.createDirectories(root.resolve("small"));
        try (Stream<Path> files = Files.list(teacher)) {
            for (Path file : files.toList()) {
                Files.copy(file, small.resolve(file.getFileName()));
            }
        }
        String config = Files.readString(small.resolve("config.json"));
        Files.writeString(
                small.resolve("config.json"), config.replaceAll("(\"max_position_embeddings\" *: *)512", "$116"));
        assertThatThrownBy(() -> train(
                        root.resolve("taught"),
                        taught(Map.of("train.distill.model", small.toString(), "train.over-long", "split")),
                        steps()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("is meant for 16 tokens")
                .hasMessageContaining("take another teacher, or make train.row-tokens at most that");

        // written for a training elsewhere, such samples have no places, and a teacher of another vocabulary counts its
        // own tokens
        try (Language words = Language.open(base);
                Student reader = Student.open(small, null, OPS);
                TeacherSidecar sidecar = TeacherSidecar.of(run.curate(), words, root.resolve("sidecar"), () -> false)) {
            assertThat(sidecar.write(reader, 8, 1, () -> false, done -> {})).isTrue();
            assertThat(sidecar.silent()).isEqualTo(TRACES);
        }
        Path words = model("words", Map.of("train.steps", "1", "student.shape.vocabulary", "265"));
        Map<String, String> aligned = taught(
                Map.of("student.base", words.toString(), "train.distill.model", small.toString(), "train.steps", "1"));
        train(root.resolve("aligned"), aligned, steps());
        int[] places = {0, 0};
        new DistributionFolder(root.resolve("aligned/teacher")).forEach(null, row -> count(row, places));
        assertThat(places[0]).isGreaterThan(TRACES);
        assertThat(places[1]).isZero();
    }

    /** The one who reads where the student is trained, and the one who read elsewhere, say the same: float16 of the same numbers. */
    @Test
    void aTeacherThatReadTheTracesElsewhereTeachesTheSame() throws IOException {
        Path sidecar = root.resolve("sidecar");
        int[] asked = {0};
        assertThat(write(sidecar, OPS, () -> ++asked[0] > 62)).isFalse();
        assertThat(sidecar.resolve(".samples")).exists();
        if (NativeChoice.hasHalfProducts()) {
            try (Ops coarse = new CpuOps(1, Compute.BFLOAT16)) {
                assertThatThrownBy(() -> write(sidecar, coarse, () -> false))
                        .isInstanceOf(ShardException.class)
                        .hasMessageContaining(" in bfloat16");
            }
        }
        assertThat(write(sidecar, OPS, () -> false)).isTrue();
        assertThat(sidecar.resolve(".samples")).doesNotExist();
        assertThat(new DistributionFolder(sidecar).files()).hasSize(2);
        TrainResult here = train(root.resolve("here"), taught(Map.of()), steps());
        TrainResult elsewhere = train(root.resolve("elsewhere"), takenFrom(sidecar, Map.of()), steps());
        assertThat(elsewhere.reports().getLast().loss())
                .isCloseTo(here.reports().getLast().loss(), within(1e-3));

        assertThatThrownBy(() -> train(
                        root.resolve("other"),
                        takenFrom(sidecar, Map.of("train.distill.top-k", "9", "train.distill.temperature", "2")),
                        steps()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(
                        "train.distill.top-k: the distributions name 8 tokens at each place; got 9; say 8")
                .hasMessageContaining(
                        "train.distill.temperature: the distributions were taken at 1.0; got 2.0; say 1.0");
        Path words = model("words", Map.of("train.steps", "1", "student.shape.vocabulary", "265"));
        assertThatThrownBy(() -> train(
                        root.resolve("words-taught"),
                        takenFrom(sidecar, Map.of("student.base", words.toString())),
                        steps()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("train.distill.distributions: are in the ids of another tokenizer");
        CuratedFolder.write(run.curate(), TRACES + 1);
        assertThatThrownBy(() -> train(root.resolve("more"), takenFrom(sidecar, Map.of("seed", "3")), steps()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(sidecar + ": the teacher has said nothing of 1 of ");
    }

    private Map<String, String> takenFrom(Path sidecar, Map<String, String> options) {
        Map<String, String> all = taught(options);
        all.remove("train.distill.model");
        all.put("train.distill.distributions", sidecar.toString());
        return all;
    }

    private boolean write(Path sidecar, Ops ops, BooleanSupplier stop) throws IOException {
        try (Language words = Language.open(base);
                Student reader = Student.open(teacher, null, ops);
                TeacherSidecar written = TeacherSidecar.of(run.curate(), words, sidecar, () -> false)) {
            return written.write(reader, 8, 1, stop, done -> {});
        }
    }

    private static void count(TeacherDistributions row, int[] places) {
        SparseDistributions said = row.distributions();
        int[] ids = new int[said.k()];
        for (int place = 0; place < said.places(); place++) {
            said.copy(place, ids, new float[said.k()], 0);
            places[0]++;
            places[1] += ids[0] == SparseDistributions.NONE ? 0 : 1;
        }
    }

    private Map<String, String> taught(Map<String, String> options) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "student.base", base.toString(),
                "train.distill.model", teacher.toString(),
                "train.distill.top-k", "8",
                "train.steps", "16",
                "train.learning-rate", "2e-2",
                "train.row-tokens", "400"));
        all.putAll(options);
        return all;
    }

    /** A model of a few hundred weights, trained from nothing. */
    private Path model(String name, Map<String, String> options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "student.shape.layers", "1",
                "student.shape.width", "16",
                "student.shape.heads", "2",
                "student.shape.kv-heads", "1",
                "student.shape.mlp-width", "32",
                "student.shape.vocabulary", "400",
                "student.shape.max-positions", "512"));
        all.putAll(options);
        train(root.resolve(name), all, steps());
        return root.resolve(name).resolve("model");
    }

    private TrainResult train(Path folder, Map<String, String> options, List<Integer> seen) throws IOException {
        return new TrainStage(recipe(options), OPS, Objective.REASONING)
                .run(run.curate(), folder, listener(seen), () -> false);
    }

    private static Recipe recipe(Map<String, String> options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "name", "tiny",
                "train.batch-samples", "8",
                "train.validation-samples", "4",
                "train.sample-prompts", "0",
                "train.compute", "float"));
        all.putAll(options);
        return Recipe.read(null, all);
    }

    private static List<Integer> steps() {
        return new ArrayList<>();
    }

    private static TrainListener listener(List<Integer> seen) {
        return report -> seen.add(report.step());
    }
}
