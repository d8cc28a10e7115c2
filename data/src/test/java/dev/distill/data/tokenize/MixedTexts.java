package dev.distill.data.tokenize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Texts of every kind that this machine has, and of kinds that it has not: pieces of files, with languages, formulas, white space and
 * broken characters between them. The same seed gives the same texts from the same files.
 */
final class MixedTexts {
    /** Blocks of scripts, first and last code point. */
    private static final int[][] SCRIPTS = {
        {0x4E00, 0x9FFF}, {0x3041, 0x30FF}, {0xAC00, 0xD7A3}, {0x0621, 0x064A}, {0x0905, 0x0963}, {0x0E01, 0x0E4E},
        {0x0400, 0x04FF}, {0x0370, 0x03FF}, {0x05D0, 0x05EA}, {0x1E00, 0x1EFF}, {0x0300, 0x036F}, {0x2200, 0x22FF},
        {0x1F300, 0x1F6FF}, {0x1D400, 0x1D7FF}, {0x0B85, 0x0BCD}, {0x1780, 0x17D3}, {0x1200, 0x135F}, {0x20000, 0x2A6DF}
    };

    private static final String[] FORMULAS = {
        "\\frac{x^{2}-1}{\\sqrt{2}}",
        "\\sum_{i=0}^{n} \\binom{n}{i}",
        "\\boxed{42}",
        "$$\n\\begin{aligned}\n&a=1\\\\\n\\end{aligned}\n$$",
        "\\left(\\mathbb{R}^3, \\langle\\cdot,\\cdot\\rangle\\right)",
        "f'(x) = 3x^2, f''(x)=6x",
        "1,234,567.89 %",
        "0x7fff_ffffL",
        "I'LL, we've, IT'S, they'd"
    };

    private final Random random;
    private final List<String> files = new ArrayList<>();

    MixedTexts(long seed) {
        this.random = new Random(seed);
    }

    /** Takes the readable text files below a folder, or in a zip file, of these endings, up to so many characters of all. */
    void addFiles(Path root, long most, String... endings) throws IOException {
        long[] left = {most};
        if (Files.isRegularFile(root)) {
            try (ZipFile zip = new ZipFile(root.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    if (left[0] > 0 && hasEnding(entry.getName(), endings)) {
                        add(zip.getInputStream(entry).readAllBytes(), left);
                    }
                }
            }
        } else if (Files.isDirectory(root)) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                    if (left[0] > 0 && hasEnding(file.toString(), endings)) {
                        add(Files.readAllBytes(file), left);
                    }
                }
            }
        }
    }

    private static boolean hasEnding(String name, String... endings) {
        return Stream.of(endings).anyMatch(name::endsWith);
    }

    private void add(byte[] utf8, long[] left) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (!text.isEmpty()) {
            files.add(text);
            left[0] -= text.length();
        }
    }

    /** Texts of about so many bytes of UTF-8 together. */
    List<String> next(long bytes) {
        List<String> texts = new ArrayList<>();
        for (long left = bytes; left > 0; ) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(1, 6); part > 0; part--) {
                append(text);
            }
            texts.add(text.toString());
            left -= text.toString().getBytes(StandardCharsets.UTF_8).length;
        }
        return texts;
    }

    private void append(StringBuilder text) {
        int kind = random.nextInt(20);
        if (kind < 14 && !files.isEmpty()) {
            String file = files.get(random.nextInt(files.size()));
            int from = random.nextInt(file.length());
            text.append(file, from, Math.min(file.length(), from + random.nextInt(200, 5_000)));
        } else if (kind < 17) {
            int[] script = SCRIPTS[random.nextInt(SCRIPTS.length)];
            int spaces = random.nextInt(3, 12);
            for (int i = random.nextInt(20, 300); i > 0; i--) {
                text.appendCodePoint(random.nextInt(spaces) == 0 ? ' ' : random.nextInt(script[0], script[1] + 1));
            }
        } else if (kind == 17) {
            text.append(FORMULAS[random.nextInt(FORMULAS.length)]);
        } else if (kind == 18) {
            text.append(" \n\t\r".charAt(random.nextInt(4)) + "")
                    .append(" ".repeat(random.nextInt(200)))
                    .append('\n');
        } else {
            text.append(WildTexts.of(random, 200));
        }
    }

    /** All that there is to read on this machine. */
    static MixedTexts ofThisMachine(long seed) {
        MixedTexts mixed = new MixedTexts(seed);
        Path conformance =
                Path.of(System.getProperty("distill.conformance", "")).toAbsolutePath();
        try {
            mixed.addFiles(conformance.resolve("benchmarks"), 20_000_000, ".jsonl", ".json");
            mixed.addFiles(conformance.resolve("reasoning_traces"), 20_000_000, ".jsonl", ".json");
            mixed.addFiles(Path.of("").toAbsolutePath().resolveSibling("docs"), 10_000_000, ".md");
            mixed.addFiles(Path.of("").toAbsolutePath().resolveSibling("data/src"), 10_000_000, ".java");
            mixed.addFiles(Path.of("/usr/lib/python3.11"), 30_000_000, ".py");
            mixed.addFiles(Path.of(System.getProperty("java.home"), "lib", "src.zip"), 40_000_000, ".java");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mixed;
    }
}
