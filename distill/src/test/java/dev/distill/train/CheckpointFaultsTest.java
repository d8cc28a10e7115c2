package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.SimulatedDisk;
import dev.distill.data.journal.Storage;
import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fails, or cuts the power, at every single operation of saving, and looks at what a restart finds. */
class CheckpointFaultsTest {
    private static final int SAVES = 4;
    private static final int REPEATS = 4;

    @TempDir
    Path temporary;

    private final Arena arena = Arena.ofShared();
    private final Ops ops = new CpuOps(1);
    private Optimizer optimizer;

    @BeforeEach
    void open() {
        Parameter matrix = Parameter.trained("w", Tensor.allocate(arena, DType.FLOAT, 7, 5), arena);
        Parameter vector = Parameter.trained("b", Tensor.allocate(arena, DType.FLOAT, 11), arena);
        optimizer = new Optimizer(ops, List.of(matrix, vector), AdamWSettings.DEFAULT);
    }

    @AfterEach
    void close() {
        optimizer.close();
        ops.close();
        arena.close();
    }

    /** The newest step that is known to be saved, and the newest that was tried. */
    private record Done(int acknowledged, int tried) {}

    @Test
    void anyOneOperationMayFail() throws IOException {
        int n = 0;
        boolean struck = true;
        while (struck) {
            Path folder = Files.createDirectory(temporary.resolve("fail" + n));
            SimulatedDisk disk = new SimulatedDisk(folder, new Random(n)).failAt(n);
            Done done = saveUntilItFails(disk, folder);
            check(folder, done, "operation " + n + " failed");
            try (var files = Files.list(folder)) {
                assertThat(files.filter(file -> file.toString().endsWith(".tmp")))
                        .as("what failed keeps no room, operation " + n)
                        .isEmpty();
            }
            struck = disk.struck();
            n++;
        }
        assertThat(n).as("four checkpoints of a score of operations each").isGreaterThan(80);
    }

    @Test
    void thePowerMayGoAtAnyOperation() throws IOException {
        int n = 0;
        boolean struck = true;
        while (struck) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                long seed = 1_000L * n + repeat;
                Path folder = Files.createDirectory(temporary.resolve("cut" + seed));
                SimulatedDisk disk = new SimulatedDisk(folder, new Random(seed)).stopAt(n);
                Done done = saveUntilItFails(disk, folder);
                struck = disk.struck();
                disk.cutPower();
                check(folder, done, "power cut at operation " + n + ", seed " + seed);
            }
            n++;
        }
        assertThat(n).isGreaterThan(80);
    }

    @Test
    void anyByteMayChange() throws IOException {
        Random random = new Random(5);
        for (String file : List.of("state.safetensors", "trainer.json", "SHA256SUMS")) {
            for (int repeat = 0; repeat < 8; repeat++) {
                Path folder = Files.createDirectory(temporary.resolve(file + repeat));
                saveUntilItFails(Storage.local(), folder);
                Path changed = folder.resolve("checkpoint-000004").resolve(file);
                byte[] bytes = Files.readAllBytes(changed);
                int at = random.nextInt(bytes.length);
                if (repeat % 2 == 0) {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                    Files.write(changed, bytes);
                } else {
                    Files.write(changed, Arrays.copyOf(bytes, at));
                }
                check(folder, new Done(3, 3), file + ", byte " + at + ", repeat " + repeat);
            }
        }
    }

    /** To begin anew would empty the metrics and, at its first checkpoint, remove what is left of the others. */
    @Test
    void checkpointsOfWhichNoneIsWholeAreLeftAndRefused() throws IOException {
        saveUntilItFails(Storage.local(), temporary);
        for (int step = SAVES - 1; step <= SAVES; step++) {
            Files.write(temporary.resolve("checkpoint-00000" + step).resolve("state.safetensors"), new byte[7]);
        }
        try (Checkpoints checkpoints = checkpoints(Storage.local())) {
            assertThatThrownBy(() -> checkpoints.restore(optimizer))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("none of them is whole: " + temporary.resolve("checkpoint-000004"))
                    .hasMessageContaining("checkpoint-000003: its files are not those that SHA256SUMS names")
                    .hasMessageEndingWith("or move the checkpoints away to begin anew");
        }
        assertThat(temporary.resolve("checkpoint-000003")).isDirectory();
        assertThat(temporary.resolve("checkpoint-000004")).isDirectory();
    }

    @Test
    void anOlderOneThatCannotBeReadIsLeftAsItIs() throws IOException {
        saveUntilItFails(Storage.local(), temporary);
        Path older = temporary.resolve("checkpoint-000003");
        Files.writeString(older.resolve("trainer.json"), "{");
        Files.createDirectory(temporary.resolve("checkpoint-000002")); // never finished
        try (Checkpoints checkpoints = checkpoints(Storage.local())) {
            assertThat(checkpoints.restore(optimizer).step()).isEqualTo(4);
        }
        assertThat(older.resolve("trainer.json")).hasContent("{");
        assertThat(temporary.resolve("checkpoint-000002")).doesNotExist();
    }

    @Test
    void theMessageSaysWhatIsSavedAndHowToGoOn() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(temporary, new Random(1));
        try (Checkpoints checkpoints = checkpoints(disk)) {
            save(1, checkpoints);
            disk.stopAt(0);
            assertThatThrownBy(() -> save(2, checkpoints))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("train: the checkpoint of step 2 could not be written (simulated: no space left on"
                            + " device); make room on the disk, or see what is wrong with it: "
                            + temporary.resolve("checkpoint-000001")
                            + " is whole, and the same command goes on from there");
        }
    }

    @Test
    void aRunWhoseCheckpointsFindNoRoomDoesNotBegin() throws IOException {
        try (Checkpoints checkpoints = new Checkpoints(
                temporary,
                identity(),
                new Retention(new Saving(1, Integer.MAX_VALUE - 9), Exam.NONE),
                Storage.local())) {
            // 46 weights of 12 bytes, two thousand million times: a terabyte
            assertThatThrownBy(() -> checkpoints.requireRoom(optimizer))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageMatching(
                            "train: .*: \\d+ more checkpoints of 1 MiB need room there, and \\d+ MiB are free;"
                                    + " make room, keep fewer \\(train.keep-checkpoints\\), or let the run lie on another disk");
        }
    }

    @Test
    void theBestIsKeptBesidesTheNewest() throws IOException {
        double[] losses = {3, Double.NaN, 1, 2, 2, Double.NaN, 5};
        try (Checkpoints checkpoints = checkpoints(Storage.local())) {
            for (int step = 1; step <= losses.length; step++) {
                save(new TrainState(step, step, losses[step - 1], Double.NaN, "", List.of(), List.of()), checkpoints);
            }
        }
        try (var files = Files.list(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoint-000003", "checkpoint-000006", "checkpoint-000007");
        }
    }

    @Test
    void theBestIsThatOfTheHighestScoreWhereTheScoreDecides() throws IOException {
        double[] scores = {0.1, Double.NaN, 0.2, 0.5, 0.5, Double.NaN, 0.3};
        Retention byScore = new Retention(new Saving(1, 2), exam("questions"));
        try (Checkpoints checkpoints = new Checkpoints(temporary, identity(), byScore, Storage.local())) {
            for (int step = 1; step <= scores.length; step++) {
                save(
                        new TrainState(step, step, 1.0 * step, scores[step - 1], "questions", List.of(), List.of()),
                        checkpoints);
            }
        }
        try (Checkpoints again = new Checkpoints(
                temporary, identity(), new Retention(new Saving(1, 2), exam("questions")), Storage.local())) {
            assertThat(again.restore(optimizer).score()).isEqualTo(0.3);
        }
        try (var files = Files.list(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("checkpoint-000005", "checkpoint-000006", "checkpoint-000007");
        }
    }

    /** Whoever changes the questions in mid-run compares with none of the scores before. */
    @Test
    void aScoreOfOtherQuestionsIsNotTheBest() {
        Retention retention = new Retention(new Saving(1, 1), exam("the new ones"));
        retention.add(new TrainState(1, 1, 1, 0.9, "the old ones", List.of(), List.of()));
        assertThat(retention.bestStep()).isEmpty();
        retention.add(new TrainState(2, 2, 2, 0.4, "the new ones", List.of(), List.of()));
        assertThat(retention.bestStep()).hasValue(2);
    }

    private static Exam exam(String fingerprint) {
        return new Exam() {
            @Override
            public boolean isDue(int step, int steps) {
                return true;
            }

            @Override
            public boolean selects() {
                return true;
            }

            @Override
            public String fingerprint() {
                return fingerprint;
            }

            @Override
            public Score sit() {
                return Score.NONE;
            }
        };
    }

    private Done saveUntilItFails(Storage disk, Path folder) throws IOException {
        int acknowledged = 0;
        int tried = 0;
        try (Checkpoints checkpoints =
                new Checkpoints(folder, identity(), new Retention(new Saving(1, 2), Exam.NONE), disk)) {
            for (int step = 1; step <= SAVES; step++) {
                tried = step;
                save(step, checkpoints);
                acknowledged = step;
            }
        } catch (CheckpointException expected) {
            assertThat(expected).hasMessageContaining("simulated: no space left on device");
        }
        return new Done(acknowledged, tried);
    }

    private Checkpoints checkpoints(Storage disk) {
        return new Checkpoints(temporary, identity(), new Retention(new Saving(1, 2), Exam.NONE), disk);
    }

    private void save(int step, Checkpoints checkpoints) throws IOException {
        save(TrainState.unmeasured(step, step, List.of(), List.of(1.0 * step)), checkpoints);
    }

    private void save(TrainState state, Checkpoints checkpoints) throws IOException {
        int[] number = {0};
        optimizer.state().forEach((name, tensor) -> {
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, value(state.step(), number[0]++));
            }
        });
        checkpoints.save(state, optimizer, report -> {});
        checkpoints.settle(report -> {});
    }

    private static float value(int step, int number) {
        return step + number / 1024f;
    }

    /** The newest state that was acknowledged is there, or the one that was being saved; all of it. */
    private void check(Path folder, Done done, String what) throws IOException {
        try (Checkpoints checkpoints =
                new Checkpoints(folder, identity(), new Retention(new Saving(1, 2), Exam.NONE), Storage.local())) {
            TrainState found = checkpoints.restore(optimizer);
            assertThat(found.step()).as(what).isBetween(done.acknowledged, done.tried);
            if (found.step() > 0) {
                assertThat(found.recentLosses()).as(what).containsExactly(1.0 * found.step());
                assertThat(optimizer.updates()).as(what).isEqualTo(found.step());
                int[] number = {0};
                optimizer.state().forEach((name, tensor) -> {
                    for (long i = 0; i < tensor.size(); i++) {
                        assertThat(tensor.get(i)).as(what).isEqualTo(value(found.step(), number[0]++));
                    }
                });
            }
        }
    }

    private static RunIdentity identity() {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put("seed", "1");
        return new RunIdentity(parts);
    }
}
