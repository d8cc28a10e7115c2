package dev.distill.student.ops.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.ops.Compute;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NativeChoiceTest {
    private static final Set<String> SKYLAKE =
            Set.of("sse2", "fma", "avx2", "avx512f", "avx512bw", "avx512dq", "avx512vl");
    private static final Set<String> ZEN3 = Set.of("sse2", "fma", "avx2");

    @Test
    void theWidestBuildThatTheProcessorRuns() {
        assertThat(NativeChoice.choose("linux-x86_64", SKYLAKE, name -> true).extension())
                .isEqualTo("-onednn-avx512");
        assertThat(NativeChoice.choose("linux-x86_64", ZEN3, name -> true).extension())
                .isEqualTo("-onednn-avx2");
        assertThat(NativeChoice.choose("linux-x86_64", Set.of("sse2"), name -> true)
                        .extension())
                .isEmpty();
    }

    /** Xeon Phi has avx512f and no more of it. */
    @Test
    void someInstructionsOfAvx512AreNotEnough() {
        Set<String> phi = Set.of("sse2", "fma", "avx2", "avx512f", "avx512cd");
        assertThat(NativeChoice.choose("linux-x86_64", phi, name -> true).extension())
                .isEqualTo("-onednn-avx2");
    }

    @Test
    void onlyWhatIsOnTheClassPath() {
        assertThat(NativeChoice.choose("linux-arm64", Set.of(), "linux-arm64"::equals)
                        .extension())
                .isEmpty();
        assertThatThrownBy(() -> NativeChoice.choose("macosx-arm64", Set.of(), name -> false))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("none for macosx-arm64")
                .hasMessageContaining("docs/platforms.md");
    }

    @Test
    void aTypeThatTheMachineCannotMultiplyInIsRefusedWithTheCure() {
        Processor zen3 = new Processor("Zen 3", ZEN3);
        Processor skylake = new Processor("Skylake", SKYLAKE);
        NativeChoice.requireProducts(Compute.FLOAT, false, zen3);
        NativeChoice.requireProducts(Compute.BFLOAT16, true, skylake);
        NativeChoice.requireProducts(Compute.INT8, true, new Processor("Alder Lake", Set.of("avx2", "avx_vnni")));
        assertRefused(
                Compute.BFLOAT16, true, zen3, "compute BFLOAT16: needs a processor with AVX-512", "compute in FLOAT");
        assertRefused(Compute.INT8, true, skylake, "compute INT8: needs a processor with VNNI", "FLOAT or BFLOAT16");
        assertRefused(Compute.BFLOAT16, false, skylake, "needs a build of ND4J with oneDNN", "compute in FLOAT");
    }

    private static void assertRefused(Compute compute, boolean oneDnn, Processor processor, String rule, String cure) {
        assertThatThrownBy(() -> NativeChoice.requireProducts(compute, oneDnn, processor))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(cure);
    }

    @Test
    void namesOfPlatforms() {
        assertThat(NativeChoice.platform("Linux", "amd64")).isEqualTo("linux-x86_64");
        assertThat(NativeChoice.platform("Mac OS X", "aarch64")).isEqualTo("macosx-arm64");
        assertThat(NativeChoice.platform("Windows Server 2022", "amd64")).isEqualTo("windows-x86_64");
    }
}
