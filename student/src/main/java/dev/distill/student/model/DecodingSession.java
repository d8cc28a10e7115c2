package dev.distill.student.model;

import dev.distill.student.layer.Block;
import dev.distill.student.layer.Derived;
import dev.distill.student.layer.KvCache;
import dev.distill.student.layer.Pass;
import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A decoder with a key/value cache of pages: prompts enter it as sequences, then every call adds one token to each of some sequences. Which token,
 * and when a text ends, is {@code dev.distill.student.generate}'s.
 *
 * <p>A sequence gets all pages that it may need when it begins, so none runs out on its way; memory that is not yet written is not yet taken from
 * the system. While sequences are read the weights must stay as they are, for the cache is of these; what layers derive from them is computed once.
 */
public final class DecodingSession implements AutoCloseable {
    /** Positions of a page. */
    public static final int PAGE = 64;

    /** Rows of a step; more are several steps, so that what a row gives never depends on how many there are. */
    private static final int MOST_ROWS = 64;

    private final Decoder model;
    private final Arena arena = Arena.ofShared();
    private final List<KvCache> caches = new ArrayList<>();
    private final CachePages pages;
    private final Workspace memory = new Workspace();
    private final Workspace brief = new Workspace();
    private final Derived derived = new Derived();

    /** @param pages of the cache, at least 1 */
    public DecodingSession(Decoder model, int pages) {
        this.model = model;
        if (pages < 1) {
            throw new IllegalArgumentException("decoding: a cache needs at least one page, got " + pages);
        }
        this.pages = new CachePages(pages);
        ModelConfig config = model.config();
        AttentionShape shape = config.attention();
        for (int layer = 0; layer < config.layers(); layer++) {
            caches.add(KvCache.allocate(
                    arena, model.ops().activations(), pages, PAGE, shape.kvHeads(), shape.headWidth()));
        }
    }

    /** Pages that so many positions take. */
    public static int pagesFor(int positions) {
        return Math.ceilDiv(positions, PAGE);
    }

    /** What a page takes in all layers, in bytes. */
    public static long pageBytes(Decoder model) {
        AttentionShape shape = model.config().attention();
        return 2L
                * model.config().layers()
                * PAGE
                * shape.kvHeads()
                * shape.headWidth()
                * model.ops().activations().bytes();
    }

    /** Pages that no sequence has. */
    public int freePages() {
        return pages.free();
    }

    /** What is called with logits. */
    @FunctionalInterface
    public interface LogitsReader {
        /** @param logits_BV valid, and free to be overwritten, during the call */
        void read(Ops ops, Tensor logits_BV);
    }

    /**
     * Reads a prompt into pages of its own, and gives the logits {@code [1, V]} after its last token.
     *
     * @param room positions that the sequence may come to have, the prompt's included
     */
    public CachedSequence prefill(int[] prompt, int room, LogitsReader reader) {
        if (prompt.length == 0 || prompt.length > room) {
            throw new IllegalArgumentException(
                    "decoding: a prompt needs 1 to " + room + " tokens, got " + prompt.length);
        }
        CachedSequence sequence = new CachedSequence(take(pagesFor(room)), prompt.length);
        try {
            read(prompt, sequence, reader);
        } catch (RuntimeException | Error e) {
            release(sequence); // nobody else knows of it
            throw e;
        }
        return sequence;
    }

    private void read(int[] prompt, CachedSequence sequence, LogitsReader reader) {
        Sequences whole = Sequences.ofLengths(prompt.length);
        CacheStep all = CacheStep.of(sequence.pages(), 0, prompt.length);
        try (Workspace.Scope step = memory.open()) {
            Pass pass = new Pass(model.ops(), memory, brief, whole.positions(), derived);
            Tensor x_NC = model.embed(pass, prompt);
            Iterator<KvCache> cache = caches.iterator();
            for (Block block : model.upwards()) {
                try (Workspace.Scope within = memory.open()) {
                    Block.Saved saved = block.forward(pass, x_NC, whole);
                    Attention call = saved.attention().call();
                    cache.next().append(model.ops(), call.k_NKD(), call.v_NKD(), all);
                    model.ops().copy(x_NC, saved.y_NC());
                }
            }
            reader.read(model.ops(), model.logits(pass, x_NC.slice(prompt.length - 1, prompt.length)));
        }
    }

    /** A sequence with nothing in it yet, for {@link #extend}. @param room positions that it may come to have */
    public CachedSequence begin(int room) {
        return new CachedSequence(take(pagesFor(room)), 0);
    }

    /**
     * Reads more of a text into a sequence that shares no page with another, and gives the logits {@code [1, V]} after its
     * last token. They have the same bits as if it had been read token by token, whatever of it was read before: it goes
     * through {@link #decode}'s products in pieces, which takes longer than {@link #prefill} where a text is long.
     */
    public void extend(CachedSequence sequence, int[] ids, LogitsReader reader) {
        int room = sequence.pages().length * PAGE - sequence.length();
        if (ids.length == 0 || ids.length > room) {
            throw new IllegalArgumentException("decoding: a sequence of " + sequence.length() + " positions needs 1 to "
                    + room + " more tokens, got " + ids.length);
        }
        for (int from = 0; from < ids.length; from += MOST_ROWS) {
            int[] ids_B = Arrays.copyOfRange(ids, from, Math.min(from + MOST_ROWS, ids.length));
            int end = sequence.length() + ids_B.length;
            boolean last = from + ids_B.length == ids.length;
            decodeTogether(ids_B, CacheStep.of(sequence.pages(), sequence.length(), end), (ops, pass, x_BC) -> {
                if (last) {
                    reader.read(ops, model.logits(pass, x_BC.slice(ids_B.length - 1, ids_B.length)));
                }
            });
            sequence.setLength(end);
        }
    }

    /** Takes a sequence that shares no page with another back to its first {@code length} positions. */
    public void rewind(CachedSequence sequence, int length) {
        if (length < 0 || length > sequence.length()) {
            throw new IllegalArgumentException("decoding: a sequence of " + sequence.length()
                    + " positions can be taken back to 0 to as many, got " + length);
        }
        sequence.setLength(length);
    }

    /** A second sequence that goes on from where this one is: full pages are shared, the last one is copied. */
    public CachedSequence fork(CachedSequence from, int room) {
        if (room < from.length()) {
            throw new IllegalArgumentException(
                    "decoding: a fork needs room for " + from.length() + " positions, got " + room);
        }
        int full = from.length() / PAGE;
        int[] own = take(pagesFor(room) - full);
        int[] all = IntStream.concat(
                        IntStream.range(0, full).map(place -> pages.share(from.pages()[place])), IntStream.of(own))
                .toArray();
        CachedSequence fork = new CachedSequence(all, from.length());
        try {
            if (from.length() % PAGE != 0) {
                caches.forEach(cache -> cache.copyPage(model.ops(), all[full], from.pages()[full]));
            }
        } catch (RuntimeException | Error e) {
            release(fork);
            throw e;
        }
        return fork;
    }

    /** Pages that a {@link #fork} takes. */
    public static int pagesOfFork(CachedSequence from, int room) {
        return pagesFor(room) - from.length() / PAGE;
    }

    /** Pages that are free once this sequence is released: those that it shares with no other. */
    public int ownPages(CachedSequence sequence) {
        return (int) IntStream.of(sequence.pages()).filter(pages::isOwn).count();
    }

    /** To be called before the next prompt where weights may have changed; the sequences of before are of no use then. */
    public void forgetWeights() {
        derived.forget();
    }

    private int[] take(int count) {
        if (count > pages.free()) {
            throw new IllegalStateException(
                    "cache: a sequence needs " + count + " pages, and " + pages.free() + " are free");
        }
        return IntStream.range(0, count).map(i -> pages.take()).toArray();
    }

    /** Gives a sequence's pages back. */
    public void release(CachedSequence sequence) {
        for (int page : sequence.pages()) {
            pages.release(page);
        }
    }

    /** What is called with the logits of some of a step's rows. */
    @FunctionalInterface
    public interface RowsReader {
        /** @param logits_BV of the rows from {@code first} on; valid, and free to be overwritten, during the call */
        void read(Ops ops, int first, Tensor logits_BV);
    }

    /** Adds one token to each sequence, none of which is named twice, and reads the logits after them. */
    public void decode(int[] ids_B, List<CachedSequence> sequences, RowsReader reader) {
        for (int first = 0; first < ids_B.length; first += MOST_ROWS) {
            int begin = first;
            int end = Math.min(first + MOST_ROWS, ids_B.length);
            List<CachedSequence> rows = sequences.subList(begin, end);
            CacheStep step = new CacheStep(
                    rows.stream().map(CachedSequence::pages).toArray(int[][]::new),
                    rows.stream().mapToInt(row -> row.length() + 1).toArray());
            decodeTogether(
                    Arrays.copyOfRange(ids_B, begin, end),
                    step,
                    (ops, pass, x_BC) -> reader.read(ops, begin, model.logits(pass, x_BC)));
            rows.forEach(row -> row.setLength(row.length() + 1));
        }
    }

    /** What is called with the last block's output for some rows. */
    @FunctionalInterface
    private interface OutputReader {
        void read(Ops ops, Pass pass, Tensor x_BC);
    }

    /** Rows may be of one sequence, one position after the other: keys and values enter the cache before any is read. */
    private void decodeTogether(int[] ids_B, CacheStep step, OutputReader reader) {
        int[] positions_B =
                IntStream.of(step.lengths()).map(length -> length - 1).toArray();
        try (Workspace.Scope whole = memory.open()) {
            Pass pass = new Pass(model.ops(), memory, brief, positions_B, derived);
            Tensor x_BC = model.embed(pass, ids_B);
            Iterator<KvCache> cache = caches.iterator();
            for (Block block : model.upwards()) {
                x_BC = block.decode(pass, x_BC, cache.next(), step);
            }
            reader.read(model.ops(), pass, x_BC);
        }
    }

    @Override
    public void close() {
        derived.close();
        memory.close();
        brief.close();
        arena.close();
    }
}
