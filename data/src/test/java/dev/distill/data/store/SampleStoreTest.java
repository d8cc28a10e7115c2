package dev.distill.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Sample.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleStoreTest {
    private static final String NOTES = "{\"traces\":9}\u00e9";

    @TempDir
    Path folder;

    private static List<StoredSample> samples(int count) {
        Random random = new Random(5);
        List<StoredSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = 3 + random.nextInt(60);
            int[] ids = random.ints(length, 0, 150_000).toArray();
            List<Span> spans = i % 2 == 0
                    ? List.of(new Span(1 + random.nextInt(length - 1), length))
                    : List.of(new Span(1, 2), new Span(2, length));
            samples.add(new StoredSample(2 * i, "p" + i / 3, "source \u00fc" + i % 2, new Sample("t" + i, ids, spans)));
        }
        return samples;
    }

    private Path write(String key, List<StoredSample> samples) throws IOException {
        Path file = folder.resolve("train.samples");
        SampleStore.write(file, key, sink -> {
            for (StoredSample sample : samples) {
                sink.add(sample);
            }
            return NOTES;
        });
        return file;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        List<StoredSample> samples = samples(3000);
        Path file = write("key", samples);
        try (SampleStore store = SampleStore.open(file, "key").orElseThrow()) {
            assertThat(store.notes()).isEqualTo(NOTES);
            assertThat(store.size()).isEqualTo(samples.size());
            assertThat(store.tokens())
                    .isEqualTo(samples.stream()
                            .mapToLong(stored -> stored.sample().length())
                            .sum());
            for (int i = 0; i < samples.size(); i++) {
                StoredSample stored = samples.get(i);
                Sample sample = store.get(i);
                assertThat(store.length(i)).isEqualTo(stored.sample().length());
                assertThat(store.trace(i)).isEqualTo(stored.trace());
                assertThat(store.promptId(i)).isEqualTo(stored.promptId());
                assertThat(store.source(i)).isEqualTo(stored.source());
                assertThat(store.traceId(i)).isEqualTo(stored.sample().traceId());
                assertThat(sample.traceId()).isEqualTo(stored.sample().traceId());
                assertThat(sample.ids()).isEqualTo(stored.sample().ids());
                assertThat(sample.trained()).isEqualTo(stored.sample().trained());
            }
        }
    }

    @Test
    void aStoreOfAnotherKeyIsNoStore() throws IOException {
        assertThat(SampleStore.open(folder.resolve("train.samples"), "key")).isEmpty();
        Path file = write("key", samples(3));
        assertThat(SampleStore.open(file, "other")).isEmpty();
        Files.writeString(file, "something else");
        assertThat(SampleStore.open(file, "key")).isEmpty();
    }

    /** Every single bit, and every length. */
    @Test
    void damageIsSeenWhereverItIs() throws IOException {
        Path file = write("key", samples(4));
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(file, flipped);
            if (at < StoreWriter.MAGIC.length) {
                assertThat(SampleStore.open(file, "key")).isEmpty();
            } else {
                assertDamaged(file);
            }
        }
        for (int length = StoreWriter.MAGIC.length; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertDamaged(file);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertDamaged(file);
    }

    private static void assertDamaged(Path file) {
        assertThatThrownBy(() -> SampleStore.open(file, "key"))
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining(file + ": ")
                .hasMessageContaining("delete it, it is made again");
    }

    @Test
    void whereItsContentFailsTheOneBeforeStays() throws IOException {
        Path file = write("key", samples(3));
        assertThatThrownBy(() -> SampleStore.write(file, "other", sink -> {
                    sink.add(samples(1).getFirst());
                    throw new IOException("no more");
                }))
                .hasMessage("no more");
        try (SampleStore store = SampleStore.open(file, "key").orElseThrow()) {
            assertThat(store.size()).isEqualTo(3);
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }
}
