package dev.distill.student.generate;

import dev.distill.student.model.CachedSequence;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that were read last, with their keys, values and logits, for further samples of them: several, for the rows of several clients take turns.
 * Full pages are those of the rows that began with a prompt; it goes, the one that was used longest ago first, when others come or its pages are
 * needed.
 */
final class PromptMemory implements AutoCloseable {
    private static final int MOST = 4;

    private final DecodingSession session;
    private final Ops ops;
    private final Arena arena = Arena.ofShared();
    private final List<Remembered> remembered = new ArrayList<>(); // the one that was used last is the last
    private final Deque<Tensor> free = new ArrayDeque<>(); // for logits of prompts
    private final Tensor logits_1V; // after the prompt that was asked for last

    /** A prompt, a sequence that holds nothing else, and what comes after it. */
    private record Remembered(int[] prompt, CachedSequence sequence, Tensor logits_1V) {}

    PromptMemory(DecodingSession session, Ops ops, int vocabulary) {
        this.session = session;
        this.ops = ops;
        this.logits_1V = Tensor.allocate(arena, DType.FLOAT, 1, vocabulary);
        for (int i = 0; i < MOST; i++) {
            free.add(Tensor.allocate(arena, DType.FLOAT, 1, vocabulary));
        }
    }

    private @Nullable Remembered find(int[] prompt) {
        for (Remembered each : remembered) {
            if (Arrays.equals(each.prompt, prompt)) {
                return each;
            }
        }
        return null;
    }

    boolean remembers(int[] prompt) {
        return find(prompt) != null;
    }

    /** Whether {@link #sequence} has the pages that it needs, once it has forgotten other prompts for them. */
    boolean hasRoom(int[] next, int room) {
        int all = session.freePages();
        for (Remembered each : remembered) {
            all += session.ownPages(each.sequence);
        }
        Remembered same = find(next);
        boolean forked = same != null
                && DecodingSession.pagesOfFork(same.sequence, room) <= all - session.ownPages(same.sequence);
        return forked || DecodingSession.pagesFor(room) <= all;
    }

    /** A sequence that begins with this prompt; {@link #readLogits} then has what comes after it. */
    CachedSequence sequence(int[] next, int room) {
        Remembered same = find(next);
        if (same != null) {
            remembered.remove(same);
            remembered.add(same);
            if (makeRoom(DecodingSession.pagesOfFork(same.sequence, room), same)) {
                ops.copy(logits_1V, same.logits_1V);
                return session.fork(same.sequence, room);
            }
        }
        makeRoom(DecodingSession.pagesFor(room), null);
        CachedSequence sequence = session.prefill(next, room, (_, logits) -> ops.copy(logits_1V, logits));
        try {
            remember(next, sequence);
        } catch (RuntimeException | Error e) {
            session.release(sequence);
            throw e;
        }
        return sequence;
    }

    /** Forgets prompts until so many pages are free. @param kept that is not forgotten; null for none */
    private boolean makeRoom(int pages, @Nullable Remembered kept) {
        for (Remembered each : List.copyOf(remembered)) {
            if (session.freePages() < pages && each != kept) {
                forget(each);
            }
        }
        return session.freePages() >= pages;
    }

    private void remember(int[] prompt, CachedSequence sequence) {
        if (remembered.size() == MOST) {
            forget(remembered.getFirst());
        }
        if (DecodingSession.pagesOfFork(sequence, prompt.length) <= session.freePages()) {
            CachedSequence fork = session.fork(sequence, prompt.length);
            Tensor own_1V = free.remove();
            ops.copy(own_1V, logits_1V);
            remembered.add(new Remembered(prompt, fork, own_1V));
        }
    }

    /** The logits after the last {@link #sequence}'s prompt, which the reader may overwrite. */
    void readLogits(Consumer<Tensor> reader) {
        reader.accept(logits_1V);
    }

    private void forget(Remembered prompt) {
        remembered.remove(prompt);
        free.add(prompt.logits_1V);
        session.release(prompt.sequence);
    }

    /** Gives all of their pages back. */
    void forget() {
        List.copyOf(remembered).forEach(this::forget);
    }

    @Override
    public void close() {
        arena.close();
    }
}
