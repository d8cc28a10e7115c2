package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory that a harvest takes does not grow with the length of its ledger: a small heap is enough for many replies, and for going on. */
class ManyRepliesIT extends HarvestScene {
    @Test
    void fiftyThousandInASmallHeap() throws Exception {
        harvestAndFindAllDone(50_000, "-Xmx144m");
    }

    @Test
    @Tag("slow")
    void aMillion() throws Exception {
        harvestAndFindAllDone(1_000_000, "-Xmx1g");
    }

    private void harvestAndFindAllDone(int units, String heap) throws Exception {
        List<String> harvest = run(units, heap);
        assertThat(harvest.getLast()).startsWith(units + " completed, " + units + " requests");
        Files.delete(folder.resolve("manifest.json")); // the shards are written once more
        List<String> again = run(units, heap);
        assertThat(again.getLast()).startsWith(units + " completed, 0 requests");
        assertThat(Manifest.read(folder).counts()).containsEntry("traces", (long) units);
    }

    private List<String> run(int units, String heap) throws Exception {
        Path told = folder.resolve("told.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlog4j2.configurationFile=quiet.log4j2.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyReplies.class.getName(),
                        folder.toString(),
                        Integer.toString(units),
                        "2000")
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        assertThat(child.waitFor(30, TimeUnit.MINUTES)).isTrue();
        List<String> lines = Files.readAllLines(told);
        lines.forEach(System.err::println);
        return lines;
    }
}
