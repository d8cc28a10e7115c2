package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.pack.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributionFolderTest {
    private static final int K = 50;
    private static final int VOCABULARY = 151_936;
    private static final DistributionSource SOURCE = new DistributionSource("abc", "teacher", "f00", K, 1);

    @TempDir
    Path folder;

    /** A place of this many tokens, whose probabilities fall as a teacher's do, and the mass that they leave. */
    private record Place(int[] ids, double[] probabilities) {
        static Place random(Random random, int count) {
            int[] ids = random.ints(0, VOCABULARY).distinct().limit(count).toArray();
            double[] p = new double[count];
            double left = 1;
            double decay = 0.2 + 0.7 * random.nextDouble();
            for (int i = 0; i < count; i++) {
                p[i] = left * decay;
                left -= p[i];
            }
            return new Place(ids, p);
        }
    }

    private static SparseDistributions distributions(List<Place> places) {
        int[] ids = new int[places.size() * K];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, SparseDistributions.NONE);
        for (int p = 0; p < places.size(); p++) {
            Place place = places.get(p);
            for (int i = 0; i < place.ids.length; i++) {
                ids[p * K + i] = place.ids[i];
                logProbabilities[p * K + i] = (float) Math.log(place.probabilities[i]);
            }
        }
        return new SparseDistributions(K, ids, logProbabilities);
    }

    @Test
    void whatIsEncodedComesBack() {
        Random random = new Random(7);
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            places.add(Place.random(random, i % 7 == 0 ? i % 5 : K));
        }
        byte[] code = distributions(places).encode();
        SparseDistributions back = SparseDistributions.decode(code, places.size(), K);
        int[] ids = new int[K];
        float[] logProbabilities = new float[K];
        for (int p = 0; p < places.size(); p++) {
            Place place = places.get(p);
            back.copy(p, ids, logProbabilities, 0);
            double rest = 1;
            double expectedRest = 1;
            for (int i = 0; i < place.ids.length; i++) {
                assertThat(ids[i]).isEqualTo(place.ids[i]);
                double expected = place.probabilities[i];
                // float16 keeps 11 bits; the scaling to a whole adds what the likeliest lost, a thousandth at most
                double logExpected = Math.log(expected);
                assertThat((double) logProbabilities[i]).isCloseTo(logExpected, within(-logExpected / 2048 + 0.001));
                rest -= Math.exp(logProbabilities[i]);
                expectedRest -= expected;
            }
            if (place.ids.length > 0) {
                assertThat(rest).as("rest of place %d", p).isCloseTo(expectedRest, within(0.01 * expectedRest + 1e-6));
            }
            assertThat(Arrays.stream(ids).skip(place.ids.length)).allMatch(id -> id == SparseDistributions.NONE);
        }
        assertThat(code.length / places.size()).isLessThanOrEqualTo(300);
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] code = distributions(List.of(Place.random(new Random(1), K))).encode();
        assertThatThrownBy(() -> SparseDistributions.decode(Arrays.copyOf(code, code.length - 1), 1, K))
                .hasMessage("teacher's distributions: end before 1 places");
        assertThatThrownBy(() -> SparseDistributions.decode(Arrays.copyOf(code, code.length + 1), 1, K))
                .hasMessage("teacher's distributions: place 1 is damaged");
        assertThatThrownBy(() -> SparseDistributions.decode(code, 1, K - 1)).hasMessageContaining("place 0 is damaged");
    }

    /** Nothing of a gigabyte is taken for bytes that hold one place. */
    @Test
    void moreThanTheBytesCanHoldIsRefused() {
        byte[] silent = new byte[1];
        assertThat(SparseDistributions.decode(silent, 1, K).places()).isOne();
        assertThatThrownBy(() -> SparseDistributions.decode(silent, 40_000_000, K))
                .hasMessage("teacher's distributions: 1 bytes claim 40000000 places of up to 50 tokens, more than they"
                        + " can hold");
        assertThatThrownBy(() -> SparseDistributions.decode(silent, 1, Integer.MAX_VALUE))
                .hasMessageContaining("1 bytes claim 1 places of up to 2147483647 tokens");
    }

    @Test
    void whatIsAppendedNeverReplacesAFileThatIsThere() throws Exception {
        DistributionFolder distributions = new DistributionFolder(folder);
        List<TeacherDistributions> written = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            append(distributions, add(written));
        }
        Files.delete(folder.resolve("teacher-00001.parquet"));
        append(distributions, add(written));
        assertThat(distributions.files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("teacher-00000.parquet", "teacher-00002.parquet", "teacher-00003.parquet");
        List<TeacherDistributions> read = new ArrayList<>();
        distributions.forEach(SOURCE, read::add);
        written.remove(1);
        assertThat(read).usingRecursiveComparison().isEqualTo(written);
    }

    private static void append(DistributionFolder to, TeacherDistributions row) throws Exception {
        try (RowWriter<TeacherDistributions> writer = to.append(SOURCE)) {
            writer.write(row);
            writer.finish();
        }
    }

    @Test
    void aFolderIsGoneOnWith() throws Exception {
        DistributionFolder distributions = new DistributionFolder(folder);
        assertThat(distributions.source()).isNull();
        List<TeacherDistributions> written = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            try (RowWriter<TeacherDistributions> writer = distributions.append(SOURCE)) {
                writer.write(add(written));
                writer.write(add(written));
                writer.finish();
                writer.write(row(99)); // of a process that is killed before the file is whole
            }
        }
        assertThat(distributions.files()).hasSize(2);
        assertThat(distributions.source()).isEqualTo(SOURCE);
        List<TeacherDistributions> read = new ArrayList<>();
        distributions.forEach(SOURCE, read::add);
        assertThat(read).usingRecursiveComparison().isEqualTo(written);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void anotherTeachersFolderIsRefused() throws Exception {
        DistributionFolder distributions = new DistributionFolder(folder);
        try (RowWriter<TeacherDistributions> writer = distributions.append(SOURCE)) {
            writer.write(row(1));
            writer.finish();
        }
        DistributionSource other = new DistributionSource("abc", "another", "f00", K, 2);
        assertThatThrownBy(() -> distributions.forEach(other, row -> {}))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("was taken from DistributionSource[tokenizer=abc, teacher=teacher")
                .hasMessageContaining("this run wants DistributionSource[tokenizer=abc, teacher=another");
    }

    private static TeacherDistributions add(List<TeacherDistributions> to) {
        to.add(row(to.size()));
        return to.getLast();
    }

    private static TeacherDistributions row(int number) {
        Sample sample = new Sample("trace" + number, new int[] {1, 2, 3, number}, List.of(new Sample.Span(2, 4)));
        Random random = new Random(number);
        return TeacherDistributions.of(
                sample, distributions(List.of(Place.random(random, K), Place.random(random, 3))));
    }
}
