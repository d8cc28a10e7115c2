package dev.distill.data.pack;

import dev.distill.data.pack.Batch.Cursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    private final int window;
    private final int rowsPerBatch;
    private final Pieces pieces;

    /**
     * @throws IllegalArgumentException if there is no sample, or if one is longer than a row and the packing says to raise
     */
    public Batches(Samples samples, Packing packing) {
        this.samples = samples;
        this.packing = packing;
        switch (packing.rule()) {
            case Packing.Rows rule -> {
                this.window = rule.window();
                this.rowsPerBatch = rule.rows();
            }
            case Packing.Count rule -> {
                this.window = rule.samples();
                this.rowsPerBatch = Integer.MAX_VALUE;
            }
        }
        this.pieces = new Pieces(samples, packing.rowTokens(), packing.overLong());
        if (pieces.overLong() > 0 && packing.overLong() == Packing.OverLong.RAISE) {
            throw new IllegalArgumentException(tooLong());
        }
        if (pieces.count() == 0) {
            throw new IllegalArgumentException("packing: none of " + samples.size() + " samples fits into a row of "
                    + packing.rowTokens() + " tokens; make the rows longer");
        }
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

    /** How many batches an epoch has; epochs differ by a few. Packs the lengths of a whole epoch. */
    public int count(int epoch) {
        int count = 0;
        for (int w = 0; w < windows(); w++) {
            count += batchesOf(packWindow(epoch, w));
        }
        return count;
    }

    /** The batch with this number, from 0, of an epoch. Packs the lengths of what comes before; {@link #get} does not. */
    public Batch get(int epoch, int number) {
        int left = number;
        for (int w = 0; w < windows(); w++) {
            int here = batchesOf(packWindow(epoch, w));
            if (left < here) {
                return get(new Cursor(epoch, w, left));
            }
            left -= here;
        }
        throw new IllegalArgumentException("packing: epoch " + epoch + " has " + (number - left)
                + " batches, numbered from 0; asked for " + number);
    }

    /** The batch at this place: {@link Cursor#START}, or what the batch before named as next. */
    public Batch get(Cursor at) {
        List<List<Integer>> rows = windowOf(at);
        return new Batch(
                at, after(at, batchesOf(rows)), part(at, rows).map(this::packed).toList());
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
        if (at.epoch() < 0 || at.window() < 0 || at.window() >= windows()) {
            throw new IllegalArgumentException("packing: there is no batch at " + at + ", an epoch has " + windows()
                    + " windows; is the checkpoint of other data?");
        }
        List<List<Integer>> rows = packWindow(at.epoch(), at.window());
        int batches = batchesOf(rows);
        if (at.batch() < 0 || at.batch() >= batches) {
            throw new IllegalArgumentException("packing: there is no batch at " + at + ", that window has " + batches
                    + "; is the checkpoint of other data?");
        }
        return rows;
    }

    /** As even as may be: 10 rows in batches of 4 are 3, 3 and 4. */
    private Stream<List<Integer>> part(Cursor at, List<List<Integer>> rows) {
        int batches = batchesOf(rows);
        int from = (int) ((long) rows.size() * at.batch() / batches);
        int to = (int) ((long) rows.size() * (at.batch() + 1) / batches);
        return rows.subList(from, to).stream();
    }

    private Cursor after(Cursor at, int batchesOfWindow) {
        if (at.batch() + 1 < batchesOfWindow) {
            return new Cursor(at.epoch(), at.window(), at.batch() + 1);
        }
        if (at.window() + 1 < windows()) {
            return new Cursor(at.epoch(), at.window() + 1, 0);
        }
        return new Cursor(at.epoch() + 1, 0, 0);
    }

    private int windows() {
        return Math.ceilDiv(samples.size(), window);
    }

    /** At least one, so that every cursor names a batch; it has no rows if all of the window's samples were dropped. */
    private int batchesOf(List<List<Integer>> rows) {
        return Math.max(1, Math.ceilDiv(rows.size(), rowsPerBatch));
    }

    /** The rows of a window, as numbers of pieces. */
    private List<List<Integer>> packWindow(int epoch, int number) {
        long key = Shuffle.mix(packing.seed(), epoch);
        Shuffle order = new Shuffle(samples.size(), key);
        List<Integer> chosen = new ArrayList<>();
        long end = Math.min((long) (number + 1) * window, samples.size());
        for (int place = number * window; place < end; place++) {
            int index = order.at(place);
            for (int piece = pieces.first(index); piece < pieces.first(index + 1); piece++) {
                chosen.add(piece);
            }
        }
        List<List<Integer>> rows = bestFit(chosen);
        if (rows.isEmpty()) {
            return rows;
        }
        Shuffle rowOrder = new Shuffle(rows.size(), Shuffle.mix(key, number));
        List<List<Integer>> shuffled = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            shuffled.add(rows.get(rowOrder.at(i)));
        }
        return shuffled;
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
