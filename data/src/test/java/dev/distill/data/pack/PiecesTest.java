package dev.distill.data.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PiecesTest {
    /** A sample whose ids are their own places, so that a piece shows where it was cut. */
    private static Sample sample(int length, Sample.Span... trained) {
        return new Sample("t", IntStream.range(0, length).toArray(), List.of(trained));
    }

    private static String show(Sample piece) {
        return piece.ids()[0] + ".." + piece.ids()[piece.length() - 1] + " trains " + trained(piece);
    }

    private static List<Integer> trained(Sample piece) {
        List<Integer> places = new ArrayList<>();
        for (Sample.Span span : piece.trained()) {
            for (int i = span.from(); i < span.to(); i++) {
                places.add(piece.ids()[i]);
            }
        }
        return places;
    }

    @Test
    void piecesOfALongSample() {
        // worked out by hand: rows of 8; half a row of context, and the last piece reaches back until it is full
        assertThat(Pieces.split(sample(15, new Sample.Span(5, 15)), 8).stream().map(PiecesTest::show))
                .containsExactly("0..7 trains [5, 6, 7]", "4..11 trains [8, 9, 10, 11]", "7..14 trains [12, 13, 14]");
        // a prompt that is longer than a row
        assertThat(Pieces.split(sample(14, new Sample.Span(10, 11), new Sample.Span(13, 14)), 8).stream()
                        .map(PiecesTest::show))
                .containsExactly("6..13 trains [10, 13]");
        // what follows the last trained token is in no piece
        assertThat(Pieces.split(sample(30, new Sample.Span(1, 3)), 8).stream().map(PiecesTest::show))
                .containsExactly("0..7 trains [1, 2]");
    }

    @Test
    void eachTrainedTokenIsTrainedOnceWithItsContext() {
        long seed = Long.getLong("distill.seed", 20261129);
        System.err.println("pieces: distill.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int row = 2 + random.nextInt(40);
            int length = row + 1 + random.nextInt(200);
            TreeSet<Integer> ends = new TreeSet<>();
            while (ends.size() < 2 * (1 + random.nextInt(3))) {
                ends.add(1 + random.nextInt(length));
            }
            List<Integer> cuts = new ArrayList<>(ends);
            List<Sample.Span> spans = new ArrayList<>();
            for (int i = 0; i + 1 < cuts.size(); i += 2) {
                spans.add(new Sample.Span(cuts.get(i), cuts.get(i + 1)));
            }
            Sample whole = sample(length, spans.toArray(new Sample.Span[0]));
            List<Sample> pieces = Pieces.split(whole, row);
            String what = "seed " + seed + ", round " + round + ", row " + row + ", " + length + " of " + spans;
            assertThat(pieces.stream().flatMap(piece -> trained(piece).stream()))
                    .as(what)
                    .containsExactlyElementsOf(trained(whole));
            int before = 0;
            for (Sample piece : pieces) {
                assertThat(piece.place()).as(what).isEqualTo(before);
                before += piece.trainedTokens();
                assertThat(piece.length()).as(what).isLessThanOrEqualTo(row);
                int[] window = IntStream.range(piece.ids()[0], piece.ids()[0] + piece.length())
                        .toArray();
                assertThat(piece.ids()).as(what).isEqualTo(window);
                int context = piece.trained().getFirst().from();
                assertThat(context == trained(piece).getFirst() || context >= row / 2)
                        .as(what + ": all that is before its first trained token, or half a row of it")
                        .isTrue();
            }
        }
    }

    @Test
    void piecesStayInTheStepOfTheirSample() {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int length = i % 4 == 0 ? 50 : 10;
            samples.add(new Sample("t" + i, new int[length], List.of(new Sample.Span(1, length))));
        }
        Batches split = batches(samples, Packing.OverLong.SPLIT);
        Batches whole = batches(samples, 64, Packing.OverLong.RAISE);
        assertThat(split.overLong()).isEqualTo(3);
        for (int step = 0; step < 4; step++) {
            Batch batch = split.get(new Batch.Cursor(0, step, 0));
            assertThat(batch.rows()).allSatisfy(row -> assertThat(row.length()).isLessThanOrEqualTo(16));
            assertThat(traces(batch)).isEqualTo(traces(whole.get(new Batch.Cursor(0, step, 0))));
            assertThat(batch.trainedTokens())
                    .isEqualTo(whole.get(new Batch.Cursor(0, step, 0)).trainedTokens());
        }
    }

    private static Batches batches(List<Sample> samples, Packing.OverLong overLong) {
        return batches(samples, 16, overLong);
    }

    private static Batches batches(List<Sample> samples, int row, Packing.OverLong overLong) {
        return new Batches(Samples.of(samples), new Packing(row, new Packing.Count(3), overLong, 1));
    }

    private static Set<String> traces(Batch batch) {
        Set<String> traces = new TreeSet<>();
        batch.rows().forEach(row -> traces.addAll(row.traceIds()));
        return traces;
    }
}
