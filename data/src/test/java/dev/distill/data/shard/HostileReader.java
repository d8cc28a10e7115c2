package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Reads files that are damaged or forged, in a JVM of its own that has little memory: see {@link HostileFilesTest}. Says on stdout how many were
 * refused and how many read; any other end is printed, and is the exit code 1.
 */
final class HostileReader {
    private final Path folder;
    private final List<Trace> traces;
    private int refused;
    private int sound;

    private HostileReader(Path folder, List<Trace> traces) {
        this.folder = folder;
        this.traces = traces;
    }

    /** What is read of some bytes. */
    @FunctionalInterface
    private interface Reading {
        List<?> read(byte[] bytes) throws IOException;
    }

    /** Arguments: folder, what ({@code parquet}, {@code foreign}, {@code arrow}, {@code forged}), each how many-th byte. */
    public static void main(String[] args) throws IOException {
        HostileReader reader = new HostileReader(Path.of(args[0]), HostileFilesTest.traces());
        int step = Integer.parseInt(args[2]);
        switch (args[1]) {
            case "parquet" -> reader.damage("traces.parquet", reader::parquet, true, step);
            case "foreign" -> reader.damage("traces.parquet", reader::foreign, false, step);
            case "arrow" -> reader.damage("traces.arrows", HostileReader::arrow, false, step);
            case "forged" -> reader.forged();
            default -> throw new IllegalArgumentException(args[1]);
        }
        System.out.println(reader.refused + " refused, " + reader.sound + " read");
    }

    /** @param checked whether damage must be seen, or not matter */
    private void damage(String name, Reading reading, boolean checked, int step) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve(name));
        Random random = new Random(77);
        for (int at = 0; at < whole.length; at += step) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            read("a bit of byte " + at, flipped, reading, checked);
            byte[] other = whole.clone();
            other[at] = (byte) random.nextInt(256);
            read("byte " + at + " is " + other[at], other, reading, checked);
            read("cut at " + at, Arrays.copyOf(whole, at), reading, false);
        }
    }

    private void read(String what, byte[] bytes, Reading reading, boolean checked) {
        try {
            List<?> found = reading.read(bytes);
            sound++;
            if (checked && !found.equals(traces)) {
                fail(what, new AssertionError("other traces than were written"));
            }
        } catch (ShardException e) {
            refused++;
        } catch (Throwable e) {
            fail(what, e);
        }
    }

    private void forged() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.resolve("forged"))) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            for (Reading reading : List.<Reading>of(ignored -> traces(file), ignored -> rows(file))) {
                try {
                    reading.read(new byte[0]);
                    sound++;
                    System.out.println("read: " + file);
                } catch (ShardException e) {
                    refused++;
                    System.out.println(
                            "refused: " + String.valueOf(e.getMessage()).replace('\n', ' '));
                } catch (Throwable e) {
                    fail(file.toString(), e);
                }
            }
        }
    }

    private static void fail(String what, Throwable e) {
        System.out.println(what + ": " + e);
        e.printStackTrace(System.out);
        System.exit(1);
    }

    private List<?> parquet(byte[] bytes) throws IOException {
        return traces(Files.write(folder.resolve("damaged.parquet"), bytes));
    }

    private static List<Trace> traces(Path file) throws IOException {
        List<Trace> found = new ArrayList<>();
        try (TraceReader reader = TraceReader.openWithoutManifest(file)) {
            reader.forEachRemaining(found::add);
        }
        return found;
    }

    private List<?> foreign(byte[] bytes) throws IOException {
        return rows(Files.write(folder.resolve("damaged.parquet"), bytes));
    }

    /** Only counted: a file that truly holds billions of rows is no attack on who reads it row by row. */
    private static List<Long> rows(Path file) throws IOException {
        long rows = 0;
        try (ParquetRows reader = ParquetRows.open(file, column -> true)) {
            while (reader.next() != null) {
                rows++;
            }
        }
        return List.of(rows);
    }

    private static List<Trace> arrow(byte[] bytes) {
        List<Trace> found = new ArrayList<>();
        try (ArrowTraces reader = ArrowTraces.read(Path.of("traces.arrows"), new ByteArrayInputStream(bytes))) {
            reader.forEachRemaining(found::add);
        }
        return found;
    }
}
