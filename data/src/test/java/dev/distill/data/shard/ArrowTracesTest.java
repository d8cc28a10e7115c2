package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Trace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowTracesTest {
    private static final Path NAME = Path.of("traces.arrows");

    @TempDir
    Path folder;

    private static byte[] write(List<Trace> traces) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ArrowTraces.write(traces.iterator(), out)).isEqualTo(traces.size());
        return out.toByteArray();
    }

    private static List<Trace> read(byte[] stream) {
        List<Trace> traces = new ArrayList<>();
        readInto(traces, stream);
        return traces;
    }

    private static void readInto(List<Trace> traces, byte[] stream) {
        try (ArrowTraces reader = ArrowTraces.read(NAME, new ByteArrayInputStream(stream))) {
            reader.forEachRemaining(traces::add);
        }
    }

    @Test
    void whatComesOutOfTheShardsComesOutOfTheStream() throws IOException {
        List<Trace> traces = RandomTraces.list(31, 2500, 300);
        try (TraceWriter writer = TraceWriter.create(folder)) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (TraceReader shards = TraceReader.open(folder)) {
            assertThat(ArrowTraces.write(shards, stream)).isEqualTo(2500);
        }
        assertThat(read(stream.toByteArray())).isEqualTo(traces);
    }

    @Test
    void noTracesAreAStreamToo() throws IOException {
        assertThat(read(write(List.of()))).isEmpty();
    }

    @Test
    void whatWasWrittenBeforeACutCanBeRead() throws IOException {
        List<Trace> traces = RandomTraces.list(32, 1500, 100);
        byte[] whole = write(traces);
        List<Trace> found = new ArrayList<>();
        // Cut in the second record batch: the first has 1,024 traces.
        byte[] cut = Arrays.copyOf(whole, whole.length - 1000);
        assertThatThrownBy(() -> readInto(found, cut))
                .isInstanceOf(ShardException.class)
                .hasMessageStartingWith("shard traces.arrows: cannot be read behind its first 1024 traces");
        assertThat(found).isEqualTo(traces.subList(0, 1024));
    }

    @Test
    void whatIsNoStreamOfTracesIsRefused() throws IOException {
        byte[] sound = write(RandomTraces.list(33, 3, 20));
        byte[] renamed = new String(sound, StandardCharsets.ISO_8859_1)
                .replace("currency", "currenci")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(renamed))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("does not have the columns of traces/1 and traces/2");
        for (byte[] bytes : List.of("no Arrow at all".getBytes(StandardCharsets.UTF_8), new byte[] {-1, -1, -1, 127})) {
            assertThatThrownBy(() -> read(bytes)).isInstanceOf(ShardException.class);
        }
    }

    @Test
    void aChangedByteNeverEndsInAnythingButTracesOrAnError() throws IOException {
        byte[] sound = write(RandomTraces.list(34, 20, 50));
        Random random = new Random(35);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] changed = sound.clone();
            changed[random.nextInt(Math.min(3000, sound.length))] ^= (byte) (1 << random.nextInt(8));
            try {
                read(changed);
            } catch (ShardException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
