package dev.distill.student.ops.nd4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The machine's processor, as Linux describes the first of them in {@code /proc/cpuinfo}.
 *
 * @param model its name; Java's word for the architecture where the system does not say
 * @param flags the instructions that it has, in Linux's words; empty where the system does not say
 */
public record Processor(String model, Set<String> flags) {
    /** What compilers call AVX-512 since Skylake. */
    static final Set<String> AVX512 = Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl");

    /** Instructions that kernels are chosen by. */
    private static final Set<String> TELLING = Set.of(
            "avx2",
            "fma",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx_vnni",
            "avx512_bf16",
            "amx_tile",
            "amx_bf16",
            "amx_int8");

    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    public Processor {
        flags = Set.copyOf(flags);
    }

    /** That of this machine. */
    public static Processor here() {
        return read(CPUINFO);
    }

    /** Architecture and instructions that decide which kernels compute, and so how numbers are rounded: {@code amd64 avx2 fma}. */
    public String isa() {
        Set<String> known = new TreeSet<>(TELLING);
        known.retainAll(flags);
        return System.getProperty("os.arch") + (known.isEmpty() ? "" : " " + String.join(" ", known));
    }

    public boolean hasAvx512() {
        return flags.containsAll(AVX512);
    }

    /** Whether it multiplies eight-bit numbers into 32-bit sums; without, such sums saturate without a word. */
    public boolean hasVnni() {
        return flags.contains("avx512_vnni") || flags.contains("avx_vnni");
    }

    /** Whether it multiplies tiles of bfloat16 and of bytes (AMX). */
    public boolean hasTiles() {
        return flags.contains("amx_tile") && flags.contains("amx_bf16") && flags.contains("amx_int8");
    }

    /** Whether it multiplies bfloat16 in its vectors, two at a time. */
    public boolean hasVectorHalves() {
        return flags.contains("avx512_bf16");
    }

    static Processor read(Path cpuinfo) {
        String model = value(cpuinfo, "model name");
        String flags = value(cpuinfo, "flags");
        return new Processor(
                model.isEmpty() ? System.getProperty("os.arch") : model,
                flags.isEmpty() ? Set.of() : Set.copyOf(List.of(flags.split(" "))));
    }

    /** What stands behind the first line's colon that begins so; empty where there is none. */
    private static String value(Path cpuinfo, String key) {
        try (var lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
