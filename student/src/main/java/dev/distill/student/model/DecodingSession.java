package dev.distill.student.model;

import dev.distill.student.layer.Block;
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

/**
 * A decoder with a key/value cache: prompts enter slots, then every call adds one token to each of some slots. Which
 * token, and when a text ends, is {@code dev.distill.student.generate}'s.
 */
public final class DecodingSession implements AutoCloseable {
    private final Decoder model;
    private final int slots;
    private final int positions;
    private final Arena arena = Arena.ofShared();
    private final List<KvCache> caches = new ArrayList<>();
    private final Workspace memory = new Workspace();
    private final Workspace brief = new Workspace();

    /**
     * @param slots how many sequences at a time
     * @param positions the longest of them, prompt included
     */
    public DecodingSession(Decoder model, int slots, int positions) {
        this.model = model;
        this.slots = slots;
        this.positions = positions;
        ModelConfig config = model.config();
        if (slots < 1 || positions < 1 || positions > config.maxPositions()) {
            throw new IllegalArgumentException("decoding: needs at least one slot and 1 to " + config.maxPositions()
                    + " positions, got " + slots + " and " + positions);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            AttentionShape shape = config.attention();
            caches.add(KvCache.allocate(arena, slots, positions, shape.kvHeads(), shape.headWidth()));
        }
    }

    public int slots() {
        return slots;
    }

    public int positions() {
        return positions;
    }

    /** What is called with logits. */
    @FunctionalInterface
    public interface LogitsReader {
        /** @param logits_BV valid, and free to be overwritten, during the call */
        void read(Ops ops, Tensor logits_BV);
    }

    /** Puts a prompt into a slot, whatever was there before, and reads the logits {@code [1, V]} after its last token. */
    public void prefill(int slot, int[] prompt, LogitsReader reader) {
        if (prompt.length == 0 || prompt.length > positions) {
            throw new IllegalArgumentException(
                    "decoding: a prompt needs 1 to " + positions + " tokens, got " + prompt.length);
        }
        Sequences whole = Sequences.ofLengths(prompt.length);
        try (Workspace.Scope step = memory.open()) {
            Pass pass = new Pass(model.ops(), memory, brief, whole.positions());
            Tensor x_NC = model.embed(pass, prompt);
            Iterator<KvCache> cache = caches.iterator();
            for (Block block : model.upwards()) {
                try (Workspace.Scope within = memory.open()) {
                    Block.Saved saved = block.forward(pass, x_NC, whole);
                    Attention call = saved.attention().call();
                    cache.next().store(model.ops(), slot, call.k_NKD(), call.v_NKD());
                    model.ops().copy(x_NC, saved.y_NC());
                }
            }
            reader.read(model.ops(), model.logits(pass, x_NC.slice(prompt.length - 1, prompt.length)));
        }
    }

    /**
     * Adds one token to each row's slot and reads the logits {@code [B, V]} after them.
     *
     * @param ids_B the tokens
     * @param step each row's slot, and its length with the token
     */
    public void decode(int[] ids_B, CacheStep step, LogitsReader reader) {
        int[] positions_B =
                Arrays.stream(step.lengths()).map(length -> length - 1).toArray();
        try (Workspace.Scope whole = memory.open()) {
            Pass pass = new Pass(model.ops(), memory, brief, positions_B);
            Tensor x_BC = model.embed(pass, ids_B);
            Iterator<KvCache> cache = caches.iterator();
            for (Block block : model.upwards()) {
                x_BC = block.decode(pass, x_BC, cache.next(), step);
            }
            reader.read(model.ops(), model.logits(pass, x_BC));
        }
    }

    @Override
    public void close() {
        memory.close();
        brief.close();
        arena.close();
    }
}
