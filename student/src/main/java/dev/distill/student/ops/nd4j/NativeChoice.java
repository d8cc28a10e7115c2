package dev.distill.student.ops.nd4j;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.ComputeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which of ND4J's native libraries this process loads, decided from the processor before ND4J starts. The build with oneDNN for the widest
 * vectors is many times faster at matrix products than the plain one, and crashes on a processor without those instructions.
 *
 * @param platform JavaCPP's name of system and processor, such as {@code linux-x86_64}
 * @param extension classifier of the library, such as {@code -onednn-avx2}; empty for the plain build
 */
public record NativeChoice(String platform, String extension) {
    /** What JavaCPP reads when it loads the library. Where a user has set it, it stands. */
    static final String PROPERTY = "org.bytedeco.javacpp.platform.extension";

    /** ND4J's own switch for its start-up lines. */
    private static final String LOG_INITIALIZATION = "org.nd4j.log.initialization";

    private static final String LIBRARIES = "org/nd4j/linalg/cpu/nativecpu/bindings/";

    /** Builds by preference, each with the processor flags that its instructions need. */
    private enum Build {
        AVX512("-onednn-avx512", Processor.AVX512),
        AVX2("-onednn-avx2", Set.of("avx2", "fma")),
        PLAIN("", Set.of());

        private final String extension;
        private final Set<String> flags;

        Build(String extension, Set<String> flags) {
            this.extension = extension;
            this.flags = flags;
        }
    }

    private static final class OfThisProcess {
        private static final NativeChoice CHOICE = apply();
    }

    /**
     * The choice for this process; made, and told to JavaCPP and ND4J, at the first call. Whoever uses ND4J calls it first.
     *
     * @throws UnsupportedOperationException where no native library for this machine is on the class path
     */
    public static NativeChoice load() {
        return OfThisProcess.CHOICE;
    }

    /** Whether a build with oneDNN serves this machine; loads nothing of ND4J. */
    public static boolean hasOneDnn() {
        return libraryOnClassPath(platform(System.getProperty("os.name"), System.getProperty("os.arch")))
                && load().extension.startsWith("-onednn");
    }

    /** Whether oneDNN multiplies bfloat16 here: it does so with AVX-512 only, and ends with an error where that is missing. */
    public static boolean hasHalfProducts() {
        return hasOneDnn() && Processor.here().hasAvx512();
    }

    /** Whether the processor adds up products of bytes without overflow, and a build with oneDNN uses that. */
    public static boolean hasEightBitProducts() {
        return hasOneDnn() && Processor.here().hasVnni();
    }

    /** Whether oneDNN multiplies bytes in panels of 64 here: with AVX-512 and VNNI. */
    public static boolean hasPackedProducts() {
        return hasEightBitProducts() && Processor.here().hasAvx512();
    }

    /**
     * Refuses a type that this machine cannot multiply in, or not faster than in FLOAT.
     *
     * @throws ComputeUnavailableException with what it lacks
     */
    public static void requireProducts(Compute compute) {
        requireProducts(compute, hasOneDnn(), Processor.here());
    }

    static void requireProducts(Compute compute, boolean oneDnn, Processor processor) {
        if (compute != Compute.FLOAT && !oneDnn) {
            throw new ComputeUnavailableException(
                    "compute " + compute
                            + ": needs a build of ND4J with oneDNN, which this machine has not (see docs/platforms.md); compute in FLOAT");
        }
        if (compute == Compute.BFLOAT16 && !processor.hasAvx512()) {
            throw new ComputeUnavailableException(
                    "compute BFLOAT16: needs a processor with AVX-512 (avx512f, avx512bw,"
                            + " avx512dq and avx512vl in /proc/cpuinfo), without which oneDNN has no such product; compute in FLOAT");
        }
        if (compute == Compute.INT8 && !processor.hasVnni()) {
            throw new ComputeUnavailableException(
                    "compute INT8: needs a processor with VNNI (avx512_vnni or avx_vnni in /proc/cpuinfo), without which"
                            + " eight-bit sums overflow silently; compute in FLOAT or BFLOAT16");
        }
    }

    private static NativeChoice apply() {
        String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        String forced = System.getProperty(PROPERTY);
        NativeChoice choice = forced != null
                ? new NativeChoice(platform, forced)
                : choose(platform, Processor.here().flags(), NativeChoice::libraryOnClassPath);
        System.setProperty(PROPERTY, choice.extension);
        if (System.getProperty(LOG_INITIALIZATION) == null) {
            System.setProperty(LOG_INITIALIZATION, "false");
        }
        if (platform.startsWith("linux")) {
            sleepBetweenProducts();
        }
        return choice;
    }

    /**
     * Tells OpenMP, before its library loads and reads its environment, that waiting threads sleep. By default they spin: they then take the
     * processor from our own threads, and where another process holds one of them up, all wait for it (half the speed on a busy machine).
     */
    private static void sleepBetweenProducts() {
        Linker linker = Linker.nativeLinker();
        MethodHandle setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int keepTheUsers = 0;
            int ignored = (int) setenv.invokeExact(
                    arena.allocateFrom("OMP_WAIT_POLICY"), arena.allocateFrom("PASSIVE"), keepTheUsers);
        } catch (Throwable e) {
            throw new IllegalStateException("native libraries: the C library's setenv could not be called", e);
        }
    }

    /** The best build that the processor can run and the class path has. */
    static NativeChoice choose(String platform, Set<String> flags, Predicate<String> onClassPath) {
        for (Build build : Build.values()) {
            if (flags.containsAll(build.flags) && onClassPath.test(platform + build.extension)) {
                return new NativeChoice(platform, build.extension);
            }
        }
        throw new UnsupportedOperationException(
                "native libraries: ND4J has none for " + platform
                        + " on the class path; the builds that come with Distill are for Linux on x86-64 (see docs/platforms.md)");
    }

    /** JavaCPP's name for a system, from Java's two properties. */
    static String platform(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : os;
        String processor = switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm64";
            default -> osArch;
        };
        return system + "-" + processor;
    }

    private static boolean libraryOnClassPath(String platform) {
        String folder = LIBRARIES + platform + "/";
        ClassLoader loader = NativeChoice.class.getClassLoader();
        return loader.getResource(folder + "libnd4jcpu.so") != null
                || loader.getResource(folder + "libnd4jcpu.dylib") != null
                || loader.getResource(folder + "nd4jcpu.dll") != null;
    }
}
