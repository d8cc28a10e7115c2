package dev.distill.student.generate;

import dev.distill.student.model.CachedSequence;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.DecodingSession;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Continues one prompt after another, as a conversation does, whose prompts begin with what was said before. What a prompt
 * has in common with the text before it, its answer included, stays in the cache and is not computed again.
 *
 * <p>A text depends on its request alone, to the bit: what is in the cache are the same numbers that reading the prompt
 * anew would give ({@link DecodingSession#extend}). They are not the bits of {@link Generator}, which reads long prompts by
 * faster products. The weights must not change. For one thread.
 */
public final class DialogueGenerator implements AutoCloseable {
    private final int positions;
    private final DecodingSession session;
    private final CachedSequence sequence;
    private final int[] ids; // those in the cache, as many as the sequence is long
    private int reused;

    /** @param positions the longest text, prompt and answer together: 1 to the model's */
    public DialogueGenerator(Decoder model, int positions) {
        int most = model.config().maxPositions();
        if (positions < 1 || positions > most) {
            throw new IllegalArgumentException("dialogue: needs 1 to " + most + " positions, got " + positions);
        }
        this.positions = positions;
        this.session = new DecodingSession(model, DecodingSession.pagesFor(positions));
        this.sequence = session.begin(positions);
        this.ids = new int[positions];
    }

    /**
     * A request to its end. It is cut where there are no more positions; a prompt that is longer than all of them ends at once by
     * its length, without a token.
     */
    public Generation generate(GenerationRequest request, TokenListener listener) {
        int[] prompt = request.prompt();
        if (prompt.length > positions) {
            return Generation.withoutRoom(request.row());
        }
        // the last token of the prompt is always read: its logits are what comes next
        int same = Arrays.mismatch(ids, 0, sequence.length(), prompt, 0, prompt.length - 1);
        reused = same < 0 ? Math.min(sequence.length(), prompt.length - 1) : same;
        session.rewind(sequence, reused);
        System.arraycopy(prompt, 0, ids, 0, prompt.length);

        // the last token needs no position, nothing is computed after it
        List<Row> row =
                List.of(new Row(request, sequence, Math.min(request.maxNewTokens(), positions - prompt.length + 1)));
        session.extend(
                sequence,
                Arrays.copyOfRange(prompt, reused, prompt.length),
                (ops, logits_1V) -> Generator.choose(ops, logits_1V, row, listener));
        Optional<Generation> result = row.getFirst().result();
        while (result.isEmpty()) {
            int next = row.getFirst().lastId();
            ids[sequence.length()] = next;
            session.decode(
                    new int[] {next},
                    List.of(sequence),
                    (ops, first, logits_BV) -> Generator.choose(ops, logits_BV, row, listener));
            result = row.getFirst().result();
        }
        return result.get();
    }

    /** Tokens of the last prompt that were in the cache already. */
    public int reused() {
        return reused;
    }

    @Override
    public void close() {
        session.close();
    }
}
