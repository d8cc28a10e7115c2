package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentTest {
    /** Lines as proc(5) has them. */
    @Test
    void theKernelsLinesAreRead() {
        assertThat(Resident.of(List.of("Name:\tjava", "VmHWM:\t  204800 kB", "VmRSS:\t  102400 kB", "Threads:\t12")))
                .isEqualTo(new Resident(100, 200));
        assertThat(Resident.of(List.of("Name:\tjava"))).isEqualTo(Resident.UNKNOWN);
    }

    @Test
    void thisProcessHoldsSomeMemory() {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "skipped: this system has no /proc");
        Resident memory = Resident.ofThisProcess();
        assertThat(memory.nowMib()).isBetween(10L, memory.peakMib());
    }
}
