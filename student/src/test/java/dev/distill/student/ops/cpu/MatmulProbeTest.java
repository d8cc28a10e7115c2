package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MatmulProbeTest {
    private static final MatmulRates SOME = new MatmulRates(Map.of(Compute.FLOAT, 12.5, Compute.BFLOAT16, 30.25));

    @TempDir
    Path folder;

    private ProbeCache cache() {
        return new ProbeCache(folder.resolve("distill").resolve("matmul-probe.json"));
    }

    /** One run for all that needs one. What is kept is given until somebody measures again. */
    @Test
    void measuresEachTypeOfThisMachineAndKeepsTheRates() throws IOException {
        MatmulProbe probe = new MatmulProbe(1, cache());
        MatmulRates measured = probe.rates();
        boolean oneDnn = NativeChoice.hasOneDnn();
        assertThat(measured.of(Compute.FLOAT)).isPresent(); // and positive, as all rates are
        assertThat(measured.of(Compute.BFLOAT16).isPresent())
                .isEqualTo(oneDnn && Processor.here().hasAvx512());
        assertThat(measured.of(Compute.INT8).isPresent())
                .isEqualTo(oneDnn && Processor.here().hasVnni());

        assertThat(probe.rates()).isEqualTo(measured);
        assertThat(folder.resolve("distill")).isDirectoryContaining("glob:**/matmul-probe.json");
        assertThat(folder.resolve("distill").toFile().list()).hasSize(1);
        String planted = Files.readString(cache().file()).replaceAll("\"float\" : [0-9.E]+", "\"float\" : 0.5");
        Files.writeString(cache().file(), planted);
        assertThat(probe.rates().of(Compute.FLOAT)).hasValue(0.5);
        assertThat(probe.measure().of(Compute.FLOAT).orElseThrow()).isNotEqualTo(0.5);
        assertThat(probe.rates().of(Compute.FLOAT).orElseThrow()).isNotEqualTo(0.5);
    }

    @Test
    void machinesShareAFile() {
        cache().write("a", SOME);
        cache().write("b", new MatmulRates(Map.of(Compute.FLOAT, 1.0)));
        assertThat(cache().read("a")).contains(SOME);
        assertThat(cache().read("b").orElseThrow().of(Compute.BFLOAT16)).isEmpty();
        assertThat(cache().read("c")).isEmpty();
    }

    @Test
    void aDamagedFileCountsAsEmptyAndIsReplaced() throws IOException {
        for (String damaged :
                new String[] {"{\"a\":{\"float\":", "[1]", "", "{\"a\":{\"float\":-1}}", "{\"a\":{\"int8\":5}}"}) {
            Files.createDirectories(cache().file().getParent());
            Files.writeString(cache().file(), damaged);
            assertThat(cache().read("a")).as(damaged).isEmpty();
            cache().write("a", SOME);
            assertThat(cache().read("a")).as(damaged).contains(SOME);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsDoneWithout() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        ProbeCache nowhere = new ProbeCache(file.resolve("matmul-probe.json"));
        nowhere.write("a", SOME);
        assertThat(nowhere.read("a")).isEmpty();
    }

    /** 2 x 1024 x 896 x 4864 = 8,925,478,912 operations in 40 ms. */
    @Test
    void aRateIsOperationsOverTime() {
        assertThat(MatmulProbe.gflops(1024, 40_000_000)).isEqualTo(223.1369728);
    }
}
