package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut, changed or forged, read without a manifest that would give them away at once. */
class HostileShardTest {
    @TempDir
    Path folder;

    private final List<Trace> traces = RandomTraces.list(11, 40, 300);
    private byte[] sound = {};
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        try (TraceWriter writer = TraceWriter.create(Storage.local(), folder, new ShardSize(1 << 20, 10_000))) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
        file = folder.resolve("traces-00000.parquet");
        sound = Files.readAllBytes(file);
    }

    private List<Trace> read(byte[] content) throws IOException {
        Files.write(file, content);
        List<Trace> found = new ArrayList<>();
        try (TraceReader reader = TraceReader.openWithoutManifest(file)) {
            reader.forEachRemaining(found::add);
        }
        return found;
    }

    private void assertRefused(byte[] content, String what) {
        assertThatThrownBy(() -> read(content))
                .as(what)
                .isInstanceOf(ShardException.class)
                .hasMessageStartingWith("shard " + file + ": ")
                .hasMessageContaining("; ");
    }

    @Test
    void aFileThatWasCutOffAnywhere() {
        for (int length = 0; length < sound.length; length += 1 + length / 50) {
            assertRefused(Arrays.copyOf(sound, length), "cut at " + length);
        }
    }

    @Test
    void wrongMagicAndFooterLengths() {
        byte[] magic = sound.clone();
        magic[sound.length - 1] = 'X';
        assertRefused(magic, "magic");
        for (int length : new int[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, sound.length, sound.length - 8}) {
            byte[] footer = sound.clone();
            ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).putInt(sound.length - 8, length);
            assertRefused(footer, "footer of " + length + " bytes");
        }
        assertRefused("PAR1 this is no footer PAR1".getBytes(StandardCharsets.UTF_8), "text");
    }

    @Test
    void aChangedByteIsSeenOrDoesNotMatter() throws IOException {
        long seed = 12;
        Random random = new Random(seed);
        int footer = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(sound.length - 8);
        int refused = 0;
        int tries = 600;
        for (int i = 0; i < tries; i++) {
            // half of them in the footer, which no checksum guards
            int at = i % 2 == 0 ? random.nextInt(sound.length) : sound.length - 8 - 1 - random.nextInt(footer);
            byte[] changed = sound.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(read(changed))
                        .as("seed %d, byte %d of %d", seed, at, sound.length)
                        .isEqualTo(traces);
            } catch (ShardException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(tries / 4);
    }

    @Test
    void parquetOfSomethingElse() throws IOException {
        byte[] renamed = new String(sound, StandardCharsets.ISO_8859_1)
                .replace("currency", "currenci")
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, renamed);
        assertThatThrownBy(() -> read(renamed))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("does not have the columns of traces/2")
                .hasMessageContaining("currency");
        byte[] newer = new String(sound, StandardCharsets.ISO_8859_1)
                .replace("traces/2", "traces/3")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(newer))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("holds traces/3, this program reads traces/1 and traces/2");
    }
}
