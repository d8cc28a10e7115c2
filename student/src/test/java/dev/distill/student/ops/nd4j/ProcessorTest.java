package dev.distill.student.ops.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorTest {
    @TempDir
    Path folder;

    private Processor read(String cpuinfo) throws IOException {
        return Processor.read(Files.writeString(folder.resolve("cpuinfo"), cpuinfo));
    }

    @Test
    void nameAndFlagsOfTheFirstProcessor() throws IOException {
        Processor processor =
                read("processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC 9R14\nflags\t\t: fpu avx2 fma\n"
                        + "bugs\t\t: none\n\nprocessor\t: 1\nmodel name\t: other\nflags\t\t: fpu\n");
        assertThat(processor.model()).isEqualTo("AMD EPYC 9R14");
        assertThat(processor.flags()).containsExactlyInAnyOrder("fpu", "avx2", "fma");
        assertThat(processor.hasVnni()).isFalse();
        assertThat(processor.hasAvx512()).isFalse();
    }

    @Test
    void eitherEncodingOfVnni() throws IOException {
        assertThat(read("flags\t\t: avx512f avx512_vnni\n").hasVnni()).isTrue();
        assertThat(read("flags\t\t: avx2 avx_vnni\n").hasVnni()).isTrue();
    }

    @Test
    void aSystemThatSaysNothing() {
        Processor processor = Processor.read(folder.resolve("absent"));
        assertThat(processor.model()).isEqualTo(System.getProperty("os.arch"));
        assertThat(processor.flags()).isEmpty();
    }
}
