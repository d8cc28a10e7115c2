package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.cpu.HeadGroup.Block;
import dev.distill.student.ops.cpu.OneDnn.Operand;
import java.util.List;

/**
 * Causal attention in BFLOAT16 with oneDNN's products, each on one thread: a task has the query heads of one key/value head and a block of tokens,
 * computes their scores against all keys that they may see, softmax row by row in FLOAT, and values. Memory beyond the output: a copy of keys and
 * values, and for each thread a block's scores.
 */
final class GroupedForward implements AutoCloseable {
    private final Workers workers;
    private final OneDnn oneDnn;
    private final Scratch staged = new Scratch();
    private final Scratch[] scratch;

    GroupedForward(Workers workers, OneDnn oneDnn) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.scratch = Scratch.each(workers.count());
    }

    /** The sequences that {@link HeadGroup} takes. */
    void run(Attention call) {
        List<HeadGroup> groups = HeadGroup.of(call);
        HeadKeys[] keys = HeadKeys.copy(groups, staged, workers);
        List<Block> blocks = HeadGroup.blocks(groups);
        workers.each(blocks.size(), (task, worker) -> {
            Block block = blocks.get(task);
            run(block, keys[block.group().index()], oneDnn.alone(worker), scratch[worker]);
        });
    }

    private static void run(Block block, HeadKeys keys, OneDnn oneDnn, Scratch scratch) {
        int width = block.group().width();
        long panel = (long) block.rows() * width * Halves.BYTES;
        long address = scratch.reserve(2 * panel + (long) block.rows() * block.seen() * Halves.BYTES);
        Matrix q = HeadGroup.gather(address, block.group().call().q_NHD(), block);
        Matrix out = Matrix.halves(address + panel, width);
        Matrix s = Matrix.halves(address + 2 * panel, block.seen());
        oneDnn.multiply( // S = Q Kᵀ
                Operand.of(q, block.rows(), width),
                Operand.of(keys.k().transposed(), width, block.seen()),
                Operand.of(s, block.rows(), block.seen()),
                0);
        softmax(block, s, q, keys);
        oneDnn.multiply( // O = P V
                Operand.of(s, block.rows(), block.seen()),
                Operand.of(keys.v(), block.seen(), width),
                Operand.of(out, block.rows(), width),
                0);
        HeadGroup.scatter(block.group().call().out_NHD(), out, block);
    }

    /** Scores become probabilities; and each query's log-sum-exp is stored, of its scores against the keys as they came. */
    private static void softmax(Block block, Matrix scores, Matrix queries, HeadKeys keys) {
        HeadGroup group = block.group();
        float scale = group.call().scale();
        long lse = Floats.address(group.call().lse_NH());
        for (int row = 0; row < block.tokens() * group.heads(); row++) {
            int token = row / group.heads();
            float own = block.scores(scores, row).softmax(scale);
            long number = group.query(block.first() + token) + row % group.heads();
            float shift = keys.shift(queries.from(row, 0).address(), group.width(), scale);
            Floats.put(lse + number * Floats.BYTES, own + shift);
        }
        block.clearBehind(scores);
    }

    @Override
    public void close() {
        staged.close();
        Scratch.closeAll(scratch);
    }
}
