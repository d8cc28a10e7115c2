package dev.distill.student.generate;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Continues many prompts at once. A fixed number of slots; as soon as a row ends, the next request takes its slot, so
 * that one long text does not hold up the others.
 *
 * <p>A row's choices come from its own seed, and prompts are read one at a time.
 */
public final class Generator implements AutoCloseable {
    private final DecodingSession session;

    /**
     * @param slots rows that are decoded at a time
     * @param positions the longest row, prompt included
     */
    public Generator(Decoder model, int slots, int positions) {
        this.session = new DecodingSession(model, slots, positions);
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
     * Takes requests as slots fall free, until there are no more; results as they end. A prompt that is longer than the
     * cache ends at once by its length, without a token, and the others go on.
     */
    public void generate(Iterator<GenerationRequest> requests, TokenListener listener, Consumer<Generation> done) {
        Deque<Integer> free = new ArrayDeque<>();
        for (int slot = 0; slot < session.slots(); slot++) {
            free.add(slot);
        }
        List<Row> running = new ArrayList<>();
        while (true) {
            while (!free.isEmpty() && requests.hasNext()) {
                GenerationRequest request = requests.next();
                if (request.prompt().length > session.positions()) {
                    done.accept(Generation.withoutRoom(request.row()));
                    continue;
                }
                running.add(start(request, free.remove(), listener));
                retire(running, free, done);
            }
            if (running.isEmpty()) {
                return;
            }
            decode(running, listener);
            retire(running, free, done);
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private Row start(GenerationRequest request, int slot, TokenListener listener) {
        Row row = new Row(request, slot, session.positions());
        session.prefill(slot, request.prompt(), (ops, logits_1V) -> choose(ops, logits_1V, List.of(row), listener));
        return row;
    }

    private void decode(List<Row> running, TokenListener listener) {
        running.sort(Comparator.comparingInt(Row::slot));
        int[] ids_B = running.stream().mapToInt(Row::lastId).toArray();
        int[] slots = running.stream().mapToInt(Row::slot).toArray();
        int[] lengths = running.stream().mapToInt(Row::length).toArray();
        session.decode(
                ids_B, new CacheStep(slots, lengths), (ops, logits_BV) -> choose(ops, logits_BV, running, listener));
    }

    private static void choose(Ops ops, Tensor logits_BV, List<Row> rows, TokenListener listener) {
        ops.logSoftmax(logits_BV, logits_BV, 1);
        for (int b = 0; b < rows.size(); b++) {
            rows.get(b).choose(ops, logits_BV.slice(b, b + 1), listener);
        }
    }

    private static void retire(List<Row> running, Deque<Integer> free, Consumer<Generation> done) {
        for (Iterator<Row> rows = running.iterator(); rows.hasNext(); ) {
            Row row = rows.next();
            row.result().ifPresent(generation -> {
                rows.remove();
                free.add(row.slot());
                done.accept(generation);
            });
        }
    }
}
