package dev.distill.student.generate;

import dev.distill.student.model.CachedSequence;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Continues many prompts at once (continuous batching; Yu et al. 2022, "Orca"). As soon as a row ends, the next request takes its place, so that
 * one long text does not hold up the others.
 *
 * <p>A row's text depends on its request alone: its choices come from its own seed, prompts are read one at a time, and what is computed for a row
 * has the same bits whatever else is in the batch. A prompt that comes again soon, as for several samples of it, is read once ({@link PromptMemory}).
 *
 * <p>Memory is bounded by the cache: a request waits until its pages are free.
 */
public final class Generator implements AutoCloseable {
    private final Decoder model;
    private final int slots;
    private final int positions;
    private final DecodingSession session;
    private final PromptMemory prompts;
    private final List<Row> running = new ArrayList<>();

    /**
     * With a cache for as many of the longest rows as are decoded at a time.
     *
     * @param slots rows that are decoded at a time, at least 1
     * @param positions the longest row, prompt included
     */
    public Generator(Decoder model, int slots, int positions) {
        this(model, slots, positions, Long.MAX_VALUE);
    }

    /**
     * @param cacheBytes the most that the key/value cache may take; room for one of the longest rows at least
     * @throws IllegalArgumentException if it has not that room
     */
    public Generator(Decoder model, int slots, int positions, long cacheBytes) {
        int most = model.config().maxPositions();
        if (slots < 1 || positions < 1 || positions > most) {
            throw new IllegalArgumentException("decoding: needs at least one slot and 1 to " + most + " positions, got "
                    + slots + " and " + positions);
        }
        int longest = DecodingSession.pagesFor(positions);
        long pageBytes = DecodingSession.pageBytes(model);
        if (cacheBytes / pageBytes < longest) {
            throw new IllegalArgumentException("decoding: a row of " + positions + " positions needs a cache of "
                    + longest * pageBytes + " bytes, got " + cacheBytes + "; allow more, or shorter rows");
        }
        this.model = model;
        this.slots = slots;
        this.positions = positions;
        // and for a prompt that is remembered, whose own rows may have ended
        long pages = Math.min(cacheBytes / pageBytes, (long) slots * longest + longest);
        this.session = new DecodingSession(model, Math.toIntExact(pages));
        this.prompts = new PromptMemory(session, model.ops(), model.config().vocabulary());
    }

    /** All requests to their ends; results in the order of the requests. Rows must have different numbers. */
    public List<Generation> generate(List<GenerationRequest> requests, TokenListener listener) {
        long rows = requests.stream().map(GenerationRequest::row).distinct().count();
        if (rows != requests.size()) {
            throw new IllegalArgumentException(
                    "generator: " + requests.size() + " requests share " + rows + " row numbers; give each its own");
        }
        Map<Long, Generation> byRow = new HashMap<>();
        generate(requests.iterator(), listener, done -> byRow.put(done.row(), done));
        return requests.stream()
                .map(request -> Objects.requireNonNull(byRow.get(request.row())))
                .toList();
    }

    /**
     * Takes requests as there is room for them, in their order, until there are no more; results as they end. A prompt that is longer than the
     * longest row ends at once by its length, without a token, and the others go on.
     */
    public void generate(Iterator<GenerationRequest> requests, TokenListener listener, Consumer<Generation> done) {
        try {
            GenerationRequest waiting = null; // for pages
            do {
                while (running.size() < slots && (waiting != null || requests.hasNext())) {
                    GenerationRequest request = waiting != null ? waiting : requests.next();
                    waiting = hasRoom(request.prompt(), request.maxNewTokens()) ? null : request;
                    if (waiting != null) {
                        requireSomebodyRuns(request);
                        break;
                    }
                    begin(request, listener, done);
                }
            } while (decode(_ -> true, listener, done));
        } finally {
            abandon();
        }
    }

    private void requireSomebodyRuns(GenerationRequest waiting) {
        if (running.isEmpty()) {
            throw new IllegalStateException("generation row " + waiting.row() + ": needs a cache of "
                    + DecodingSession.pagesFor(room(waiting.prompt(), waiting.maxNewTokens()))
                    + " pages, and nothing runs that would free some; "
                    + session.freePages() + " are free");
        }
    }

    /** Whether a prompt is remembered, and need not be read. */
    public boolean remembers(int[] prompt) {
        return prompts.remembers(prompt);
    }

    /** Whether the cache has room for all that a prompt may come to have. One that is longer than the longest row needs none. */
    public boolean hasRoom(int[] prompt, int maxNewTokens) {
        return prompt.length > positions || prompts.hasRoom(prompt, room(prompt, maxNewTokens));
    }

    /**
     * Reads a request's prompt, unless it is remembered, and chooses its first token: for a server, whose requests come while others run. Where it
     * throws, the request has taken nothing.
     *
     * @param done called at once where that was its last token
     * @throws IllegalStateException if it has no room
     */
    public void begin(GenerationRequest request, TokenListener listener, Consumer<Generation> done) {
        if (request.prompt().length > positions) {
            done.accept(Generation.withoutRoom(request.row()));
            return;
        }
        CachedSequence sequence = prompts.sequence(request.prompt(), room(request.prompt(), request.maxNewTokens()));
        try {
            Row row = new Row(request, sequence, limit(request.prompt(), request.maxNewTokens()));
            running.add(row);
            prompts.readLogits(logits_1V -> choose(model.ops(), logits_1V, List.of(row), listener));
        } catch (RuntimeException | Error e) {
            running.removeIf(row -> row.sequence() == sequence);
            session.release(sequence);
            throw e;
        }
        retire(done);
    }

    /**
     * One more token of every row that is wanted now; the others keep their places in the cache until they are. Between two calls rows stay as they are, and so
     * must the weights.
     *
     * @param wanted by the request's number
     * @return false where no row is under way that is wanted
     */
    public boolean decode(LongPredicate wanted, TokenListener listener, Consumer<Generation> done) {
        List<Row> rows =
                running.stream().filter(row -> wanted.test(row.number())).toList();
        if (rows.isEmpty()) {
            return false;
        }
        int[] ids_B = rows.stream().mapToInt(Row::lastId).toArray();
        session.decode(
                ids_B,
                rows.stream().map(Row::sequence).toList(),
                (ops, first, logits_BV) ->
                        choose(ops, logits_BV, rows.subList(first, first + logits_BV.rows()), listener));
        retire(done);
        return true;
    }

    /** Rows that are under way, of {@link #begin}'s requests. */
    public int rows() {
        return running.size();
    }

    /** Drops what {@link #begin} has under way, without results, and the prompt that is remembered: the weights may change then. */
    public void abandon() {
        running.forEach(row -> session.release(row.sequence()));
        running.clear();
        prompts.forget();
        session.forgetWeights();
    }

    /** Tokens at most: the last one needs no position, nothing is computed after it. */
    private int limit(int[] prompt, int maxNewTokens) {
        return Math.min(maxNewTokens, positions - prompt.length + 1);
    }

    private int room(int[] prompt, int maxNewTokens) {
        return prompt.length + limit(prompt, maxNewTokens) - 1;
    }

    /** The next token of each row. What goes wrong with one ends that one. */
    static void choose(Ops ops, Tensor logits_BV, List<Row> rows, TokenListener listener) {
        for (int b = 0; b < rows.size(); b++) {
            rows.get(b).penalise(logits_BV.slice(b, b + 1));
        }
        ops.logSoftmax(logits_BV, logits_BV, 1);
        int[] likeliest_B = ops.argMax(logits_BV);
        for (int b = 0; b < rows.size(); b++) {
            Row row = rows.get(b);
            try {
                row.choose(ops, logits_BV.slice(b, b + 1), likeliest_B[b], listener);
            } catch (RuntimeException e) {
                row.fail();
                listener.failed(row.number(), e);
            }
        }
    }

    private void retire(Consumer<Generation> done) {
        for (Iterator<Row> rows = running.iterator(); rows.hasNext(); ) {
            Row row = rows.next();
            if (row.isOver()) {
                rows.remove();
                session.release(row.sequence());
                row.result().ifPresent(done);
            }
        }
    }

    @Override
    public void close() {
        prompts.close();
        session.close();
    }
}
