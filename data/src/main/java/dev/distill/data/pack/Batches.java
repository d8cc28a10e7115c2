package dev.distill.data.pack;

import dev.distill.data.pack.Batch.Cursor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The batches of every epoch, each from its place alone: nothing is carried from one to the next, so a run that was interrupted
 * goes on with the very batch that it would have seen, at the cost of one window.
 *
 * <p>The samples are shuffled anew for each epoch (by seed and epoch). Windows of consecutive samples are packed one at a time:
 * the longest first, each into the row with the least room that it fits into (best fit decreasing; Johnson 1973 bounds it by
 * 11/9 of the best possible). The rows of a window are shuffled again, or the long samples would come first.
 *
 * <p>Safe for use by several threads if the samples are.
 */
public final class Batches {
    private final Samples samples;
    private final Packing packing;
    private final Pieces pieces;
    private final Windows windows;

    /**
     * @throws IllegalArgumentException if there is no sample, or if one is longer than a row and the packing says to raise
     */
    public Batches(Samples samples, Packing packing) {
        this.samples = samples;
        this.packing = packing;
        this.pieces = new Pieces(samples, packing.rowTokens(), packing.overLong());
        if (pieces.overLong() > 0 && packing.overLong() == Packing.OverLong.RAISE) {
            throw new IllegalArgumentException(tooLong());
        }
        if (pieces.count() == 0) {
            throw new IllegalArgumentException("packing: none of " + samples.size() + " samples fits into a row of "
                    + packing.rowTokens() + " tokens; make the rows longer");
        }
        this.windows = switch (packing.rule()) {
            case Packing.Tokens rule -> Windows.of(rule, samples.size(), pieces.tokens());
            case Packing.Count rule -> Windows.of(rule, samples.size());
        };
    }

    private String tooLong() {
        int longest = 0;
        for (int i = 1; i < samples.size(); i++) {
            longest = samples.length(i) > samples.length(longest) ? i : longest;
        }
        return "packing: " + pieces.overLong() + " of " + samples.size() + " samples are longer than a row of "
                + packing.rowTokens() + " tokens; the longest, of trace "
                + samples.get(longest).traceId() + ", has " + samples.length(longest)
                + ". Make the rows longer, or say that over-long samples are to be dropped or split";
    }

    /** Samples that are longer than a row: in no batch, or in pieces. */
    public int overLong() {
        return pieces.overLong();
    }

    /** What the rows hold: one for each sample that fits, and the pieces of those that are split. */
    public int pieces() {
        return pieces.count();
    }

    /** Tokens of all pieces. */
    public long tokens() {
        return pieces.tokens();
    }

    /** How many batches an epoch has. */
    public int count() {
        return windows.batches();
    }

    /** The place of the batch of this number, from 0, of an epoch. */
    public Cursor at(int epoch, int number) {
        if (number < 0 || number >= count()) {
            throw new IllegalArgumentException(
                    "packing: epoch " + epoch + " has " + count() + " batches, numbered from 0; asked for " + number);
        }
        return new Cursor(epoch, number / windows.batchesOfWindow(), number % windows.batchesOfWindow());
    }

    /** Samples that are left out of the rows of this batch, for they are too long; those of a window count in its first batch. */
    public int dropped(Cursor at) {
        return at.batch() > 0
                ? 0
                : (int) window(at.epoch(), at.window())
                        .filter(sample -> pieces.first(sample) == pieces.first(sample + 1))
                        .count();
    }

    /** What share of an epoch's rows is tokens, 0 to 1; the rest of them is empty. Packs the lengths of the epoch. */
    public double density(int epoch) {
        long rows = 0;
        for (int w = 0; w < windows.count(); w++) {
            rows += packWindow(epoch, w).size();
        }
        return (double) pieces.tokens() / rows / packing.rowTokens();
    }

    /** The batch at this place: {@link Cursor#START}, or what the batch before named as next. */
    public Batch get(Cursor at) {
        List<List<Integer>> rows = windowOf(at);
        return new Batch(at, after(at), part(at, rows).map(this::packed).toList());
    }

    /** The rows of the batch at this place, each made when it is asked for. */
    public Stream<Packed> rows(Cursor at) {
        return part(at, windowOf(at)).map(this::packed);
    }

    private Packed packed(List<Integer> row) {
        return Packed.of(row.stream().map(pieces::get).toList());
    }

    /** The rows of the window in which this place must be. */
    private List<List<Integer>> windowOf(Cursor at) {
        if (at.epoch() < 0 || at.window() < 0 || at.window() >= windows.count()) {
            throw new IllegalArgumentException("packing: there is no batch at " + at + ", an epoch has "
                    + windows.count() + " windows; is the checkpoint of other data?");
        }
        List<List<Integer>> rows = packWindow(at.epoch(), at.window());
        int batches = windows.batchesOf(at.window());
        if (at.batch() < 0 || at.batch() >= batches) {
            throw new IllegalArgumentException("packing: there is no batch at " + at + ", that window has " + batches
                    + "; is the checkpoint of other data?");
        }
        return rows;
    }

    /** As even as may be: 10 rows in batches of 4 are 3, 3 and 4. */
    private Stream<List<Integer>> part(Cursor at, List<List<Integer>> rows) {
        int batches = windows.batchesOf(at.window());
        int from = (int) ((long) rows.size() * at.batch() / batches);
        int to = (int) ((long) rows.size() * (at.batch() + 1) / batches);
        return rows.subList(from, to).stream();
    }

    private Cursor after(Cursor at) {
        if (at.batch() + 1 < windows.batchesOf(at.window())) {
            return new Cursor(at.epoch(), at.window(), at.batch() + 1);
        }
        if (at.window() + 1 < windows.count()) {
            return new Cursor(at.epoch(), at.window() + 1, 0);
        }
        return new Cursor(at.epoch() + 1, 0, 0);
    }

    /** The samples of a window, in the epoch's order; of a batch as many as of any other. */
    private IntStream window(int epoch, int number) {
        Shuffle order = new Shuffle(samples.size(), Shuffle.mix(packing.seed(), epoch));
        return IntStream.range(windows.begin(number), windows.begin(number + 1)).map(order::at);
    }

    /** The rows of a window, as numbers of pieces. */
    private List<List<Integer>> packWindow(int epoch, int number) {
        List<Integer> chosen = window(epoch, number)
                .flatMap(sample -> IntStream.range(pieces.first(sample), pieces.first(sample + 1)))
                .boxed()
                .collect(Collectors.toCollection(ArrayList::new));
        List<List<Integer>> rows = bestFit(chosen);
        if (rows.isEmpty()) {
            return rows; // all were dropped: an empty batch, so that the numbers of the others stay
        }
        atLeast(windows.batchesOf(number), rows);
        Shuffle rowOrder = new Shuffle(rows.size(), Shuffle.mix(Shuffle.mix(packing.seed(), epoch), number));
        return IntStream.range(0, rows.size())
                .mapToObj(i -> rows.get(rowOrder.at(i)))
                .toList();
    }

    /** A row for each batch, as far as there are pieces: the fullest rows are parted in two where samples are few or short. */
    private static void atLeast(int batches, List<List<Integer>> rows) {
        while (rows.size() < batches) {
            List<Integer> most = Collections.max(rows, Comparator.comparingInt(List::size));
            if (most.size() < 2) {
                return;
            }
            List<Integer> half = most.subList(most.size() / 2, most.size());
            rows.add(new ArrayList<>(half));
            half.clear();
        }
    }

    private List<List<Integer>> bestFit(List<Integer> chosen) {
        // A stable sort: samples of one length stay in the order of the shuffle.
        chosen.sort(
                Comparator.comparingInt((Integer piece) -> pieces.length(piece)).reversed());
        List<List<Integer>> rows = new ArrayList<>();
        TreeMap<Integer, List<List<Integer>>> byRoom = new TreeMap<>();
        for (int piece : chosen) {
            int length = pieces.length(piece);
            Map.Entry<Integer, List<List<Integer>>> leastRoom = byRoom.ceilingEntry(length);
            int room;
            List<Integer> row;
            if (leastRoom == null) {
                room = packing.rowTokens();
                row = new ArrayList<>();
                rows.add(row);
            } else {
                room = leastRoom.getKey();
                row = leastRoom.getValue().removeLast();
                if (leastRoom.getValue().isEmpty()) {
                    byRoom.remove(room);
                }
            }
            row.add(piece);
            byRoom.computeIfAbsent(room - length, r -> new ArrayList<>()).add(row);
        }
        return rows;
    }
}
