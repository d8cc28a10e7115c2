package dev.distill.data.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fails, or cuts the power, at every single operation of a day's work, and looks at what is left. */
class CrashTest {
    private static final int REPEATS = 12;

    @TempDir
    Path temporary;

    /** What the work below got done: records acknowledged, and those it tried. */
    private static final class Work {
        final List<String> acknowledged = new ArrayList<>();
        final List<String> tried = new ArrayList<>();

        /** Opens, appends, closes, opens again, appends, writes a file. Ends at the first failure. */
        void run(Storage disk, Path folder) {
            try {
                session(disk, folder, "a", 4);
                session(disk, folder, "b", 3);
                AtomicFile.write(disk, folder.resolve("manifest.json"), out -> out.write(bytes("second")));
            } catch (IOException | JournalException expected) {
                // the checks look at what is left
            }
        }

        private void session(Storage disk, Path folder, String name, int n) throws IOException {
            try (Journal journal = Journal.open(disk, folder.resolve("j"), (record, _) -> {})) {
                for (int i = 0; i < n; i++) {
                    String record = (name + i + " ").repeat(1 + 40 * i);
                    tried.add(record);
                    journal.append(bytes(record));
                    acknowledged.add(record);
                }
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path folderWithFile(String name) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve(name));
        Files.writeString(folder.resolve("manifest.json"), "first");
        return folder;
    }

    /** Everything acknowledged is there, in order; what else is there was tried. The file is the old or the new one. */
    private static void check(Work work, Path folder, String what) throws IOException {
        List<String> found = new ArrayList<>();
        SimulatedDisk disk = new SimulatedDisk(folder, new Random(1));
        Journal.open(disk, folder.resolve("j"), (record, _) -> found.add(new String(record, StandardCharsets.UTF_8)))
                .close();
        List<String> foundAndAcknowledged = new ArrayList<>(found);
        foundAndAcknowledged.retainAll(work.acknowledged);
        assertThat(foundAndAcknowledged).as(what).isEqualTo(work.acknowledged);
        assertThat(found).as(what).isSubsetOf(work.tried);
        assertThat(found).as(what).doesNotHaveDuplicates();
        assertThat(Files.readString(folder.resolve("manifest.json"))).as(what).isIn("first", "second");
    }

    @Test
    void anyOneOperationMayFail() throws IOException {
        int n = 0;
        boolean struck = true;
        while (struck) {
            Path folder = folderWithFile("fail" + n);
            Work work = new Work();
            SimulatedDisk disk = new SimulatedDisk(folder, new Random(n)).failAt(n);
            work.run(disk, folder);
            check(work, folder, "operation " + n + " failed");
            struck = disk.operations() > n;
            n++;
        }
        // seven appends of two operations, two opens, two closes, two files: fewer would mean that nothing was tried
        assertThat(n).isGreaterThan(30);
    }

    @Test
    void thePowerMayGoAtAnyOperation() throws IOException {
        int n = 0;
        boolean struck = true;
        while (struck) {
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                long seed = 1_000L * n + repeat;
                Path folder = folderWithFile("cut" + n + "-" + repeat);
                Work work = new Work();
                SimulatedDisk disk = new SimulatedDisk(folder, new Random(seed)).stopAt(n);
                work.run(disk, folder);
                struck = disk.operations() > n;
                disk.cutPower();
                cutDuringRecovery(folder, seed);
                check(work, folder, "power cut at operation " + n + ", seed " + seed);
            }
            n++;
        }
        assertThat(n).isGreaterThan(30);
    }

    /** The power goes once more while the journal is being repaired. */
    private static void cutDuringRecovery(Path folder, long seed) throws IOException {
        Random random = new Random(seed + 1);
        SimulatedDisk disk = new SimulatedDisk(folder, random).stopAt(random.nextInt(4));
        try {
            Journal.open(disk, folder.resolve("j"), (record, _) -> {}).close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("simulated");
        }
        disk.cutPower();
    }
}
