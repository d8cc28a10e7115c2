package dev.distill.student.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedMemoryTest {
    private static final int BYTES = 32 << 20;

    @TempDir
    private Path folder;

    private byte[] random() {
        byte[] bytes = new byte[BYTES];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private MemorySegment map(Arena arena, byte[] bytes) throws IOException {
        Path file = folder.resolve("weights");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.force(true); // what is not yet on the disk must stay in memory
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena);
        }
    }

    @Test
    void whatWasLetGoIsOutOfMemoryAndReadsTheSameAgain() throws IOException {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        assumeThat(Files.getFileStore(folder).type())
                .as("a file system on a disk")
                .isIn("ext4", "xfs", "btrfs");
        byte[] bytes = random();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = map(arena, bytes);
            MemorySegment region = whole.asSlice(1, BYTES / 2); // its edges are on no page's
            MappedMemory.bringIn(whole, () -> true);
            assertThat(whole.isLoaded()).isTrue();
            MappedMemory.letGo(region);
            assertThat(whole.asSlice(64 << 10, BYTES / 2 - (128 << 10)).isLoaded())
                    .isFalse();
            assertThat(whole.asSlice(BYTES / 2 + (64 << 10)).isLoaded())
                    .as("what lies behind it")
                    .isTrue();
            assertThat(whole.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
        }
    }

    @Test
    void whatWasForgottenIsOutOfTheProcessAndNotOutOfTheSystem() throws IOException {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        byte[] bytes = random();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = map(arena, bytes);
            MappedMemory.bringIn(whole, () -> true);
            long before = mappedKib();
            MappedMemory.forget(whole);
            assertThat(before - mappedKib()).as("KiB given back of 32 MiB").isBetween(30L << 10, 34L << 10);
            assertThat(whole.isLoaded()).isTrue();
            assertThat(whole.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
        }
    }

    private static long mappedKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    @Test
    void readingEndsWhenTheRestIsNotWanted() throws IOException {
        int[] asked = {0};
        try (Arena arena = Arena.ofConfined()) {
            MappedMemory.bringIn(map(arena, random()), () -> ++asked[0] < 3);
        }
        assertThat(asked[0]).as("of four pieces of 8 MiB").isEqualTo(3);
    }

    @Test
    void memoryThatNoFileBacksKeepsItsNumbers() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = LargeMemory.allocate(arena, BYTES);
            memory.fill((byte) 7);
            MappedMemory.letGo(memory);
            MappedMemory.forget(memory);
            MappedMemory.scattered(memory);
            MappedMemory.bringIn(memory, () -> {
                throw new AssertionError("there is nothing to read");
            });
            assertThat(memory.get(ValueLayout.JAVA_BYTE, BYTES / 2)).isEqualTo((byte) 7);
        }
    }

    @Test
    void whatIsAvailableIsSomeOfTheMachine() {
        assertThat(MappedMemory.available()).isBetween(64L << 20, 1L << 46);
    }
}
