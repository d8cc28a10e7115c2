package dev.distill.student.generate;

import dev.distill.student.model.CachedSequence;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The prompt that was read last, with its keys, values and logits, for further samples of it. Its full pages are those of the rows that began with
 * it; it goes when another prompt comes or its pages are needed.
 */
final class PromptMemory implements AutoCloseable {
    private final DecodingSession session;
    private final Arena arena = Arena.ofShared();
    private final Tensor logits_1V;
    private final Tensor copy_1V;
    private int[] prompt = new int[0];
    private @Nullable CachedSequence remembered;

    PromptMemory(DecodingSession session, int vocabulary) {
        this.session = session;
        this.logits_1V = Tensor.allocate(arena, DType.FLOAT, 1, vocabulary);
        this.copy_1V = Tensor.allocate(arena, DType.FLOAT, 1, vocabulary);
    }

    /** Whether {@link #sequence} has the pages that it needs; forgets the old prompt for them. */
    boolean makeRoom(int[] next, int room) {
        if (remembered != null
                && Arrays.equals(prompt, next)
                && DecodingSession.pagesOfFork(remembered, room) <= session.freePages()) {
            return true;
        }
        forget();
        return DecodingSession.pagesFor(room) <= session.freePages();
    }

    /** A sequence that begins with this prompt; {@link #readLogits} then has what comes after it. */
    CachedSequence sequence(int[] next, int room) {
        if (remembered != null && Arrays.equals(prompt, next)) {
            return session.fork(remembered, room);
        }
        forget();
        CachedSequence sequence = session.prefill(next, room, (ops, logits) -> ops.copy(logits_1V, logits));
        if (DecodingSession.pagesOfFork(sequence, next.length) <= session.freePages()) {
            remembered = session.fork(sequence, next.length);
            prompt = next;
        }
        return sequence;
    }

    /** The logits after the last {@link #sequence}'s prompt, which the reader may overwrite. */
    void readLogits(Ops ops, Consumer<Tensor> reader) {
        ops.copy(copy_1V, logits_1V);
        reader.accept(copy_1V);
    }

    /** Gives its pages back. */
    void forget() {
        if (remembered != null) {
            session.release(remembered);
            remembered = null;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
