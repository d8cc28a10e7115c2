package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.cpu.HeadGroup.Block;
import dev.distill.student.ops.cpu.OneDnn.Operand;
import dev.distill.student.tensor.Tensor;
import java.util.List;

/**
 * Backward of {@link GroupedForward}, in the same tasks. Probabilities are computed again from the scores and the saved log-sum-exp (Dao et al.
 * 2022, "FlashAttention", algorithm 4). Each task's share of dk and dv goes to memory of its own, and shares are added in FLOAT in one order; so
 * every sum is the same for any number of threads.
 */
final class GroupedBackward implements AutoCloseable {
    /** Memory for shares of dk and dv: as many tasks at a time as find room in it, and never fewer than keep the threads busy. */
    static final long SHARE_BYTES = 64L << 20;

    private final Workers workers;
    private final OneDnn oneDnn;
    private final long shareBytes;
    private final int least; // tasks at a time
    private final Scratch staged = new Scratch();
    private final Scratch shares = new Scratch();
    private final Scratch sums = new Scratch();
    private final Scratch[] scratch;

    GroupedBackward(Workers workers, OneDnn oneDnn) {
        this(workers, oneDnn, SHARE_BYTES, 2 * workers.count());
    }

    GroupedBackward(Workers workers, OneDnn oneDnn, long shareBytes, int least) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.shareBytes = shareBytes;
        this.least = least;
        this.scratch = Scratch.each(workers.count());
    }

    /** The sequences that {@link HeadGroup} takes. */
    void run(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        List<HeadGroup> groups = HeadGroup.of(call);
        HeadKeys[] keys = HeadKeys.copy(groups, staged, workers);
        KeyGradients gradients = new KeyGradients(groups, sums);
        List<Block> blocks = HeadGroup.blocks(groups);
        for (int first = 0; first < blocks.size(); ) {
            List<Block> some = KeyGradients.fitting(blocks.subList(first, blocks.size()), shareBytes, least);
            long[] share = KeyGradients.shares(some, shares);
            workers.each(some.size(), (task, worker) -> {
                Block block = some.get(task);
                new Task(block, keys[block.group().index()], oneDnn.alone(worker), scratch[worker])
                        .run(dq_NHD, dout_NHD, share[task]);
            });
            gradients.add(some, share, workers);
            first += some.size();
        }
        gradients.store(dk_NKD, dv_NKD, workers);
    }

    @Override
    public void close() {
        staged.close();
        shares.close();
        sums.close();
        Scratch.closeAll(scratch);
    }

    /** One block of one group. */
    private static final class Task {
        private final Block block;
        private final HeadKeys keys;
        private final OneDnn oneDnn;
        private final HeadGroup group;
        private final int width;
        private final long panels; // three times [rows, D]
        private final long panel;
        private final Matrix p; // [rows, seen]
        private final Matrix ds;

        Task(Block block, HeadKeys keys, OneDnn oneDnn, Scratch scratch) {
            this.block = block;
            this.keys = keys;
            this.oneDnn = oneDnn;
            this.group = block.group();
            this.width = group.width();
            this.panel = (long) block.rows() * width * Halves.BYTES;
            long scores = (long) block.rows() * block.seen() * Halves.BYTES;
            this.panels = scratch.reserve(3 * panel + 2 * scores);
            this.p = Matrix.halves(panels + 3 * panel, block.seen());
            this.ds = Matrix.halves(panels + 3 * panel + scores, block.seen());
        }

        /** @param share where this task's dk and dv go, each [seen, D] */
        void run(Tensor dq_NHD, Tensor dout_NHD, long share) {
            Matrix q = HeadGroup.gather(panels, group.call().q_NHD(), block);
            Matrix dout = HeadGroup.gather(panels + panel, dout_NHD, block);
            Matrix dq = Matrix.halves(panels + 2 * panel, width);
            Matrix dk = Matrix.halves(share, width);
            Matrix dv = dk.from(block.seen(), 0);
            Operand queries = Operand.of(q, block.rows(), width);
            Operand douts = Operand.of(dout, block.rows(), width);
            Operand scores = Operand.of(p, block.rows(), block.seen());
            Operand dscores = Operand.of(ds, block.rows(), block.seen());
            // S = Q Kᵀ, dP = dO Vᵀ
            oneDnn.multiply(queries, Operand.of(keys.k().transposed(), width, block.seen()), scores, 0);
            oneDnn.multiply(douts, Operand.of(keys.v().transposed(), width, block.seen()), dscores, 0);
            scoreGradients(q, dout);
            // dV = Pᵀ dO, dK = dSᵀ Q
            oneDnn.multiply(
                    Operand.of(p.transposed(), block.seen(), block.rows()),
                    douts,
                    Operand.of(dv, block.seen(), width),
                    0);
            oneDnn.multiply(
                    Operand.of(ds.transposed(), block.seen(), block.rows()),
                    queries,
                    Operand.of(dk, block.seen(), width),
                    0);
            // dQ = dS K
            oneDnn.multiply(dscores, Operand.of(keys.k(), block.seen(), width), Operand.of(dq, block.rows(), width), 0);
            HeadGroup.scatter(dq_NHD, dq, block);
        }

        /** {@code P = exp(scale S - lse)} in the place of S, and {@code dS = scale P (dP - dO . O)} in that of dP. */
        private void scoreGradients(Matrix queries, Matrix douts) {
            float scale = group.call().scale();
            Numbers out = Numbers.of(group.call().out_NHD());
            Numbers dout = new Numbers(douts.address(), true);
            long lse = Floats.address(group.call().lse_NH());
            for (int row = 0; row < block.tokens() * group.heads(); row++) {
                long number = group.query(block.first() + row / group.heads()) + row % group.heads();
                float shift = keys.shift(queries.from(row, 0).address(), width, scale);
                float pull = Products.dot(
                        out.read(number * width, width, Stage.buffer(0, width)),
                        dout.read((long) row * width, width, Stage.buffer(1, width)),
                        width);
                float own = Floats.get(lse + number * Floats.BYTES) - shift;
                block.scores(p, row).backward(ds.from(row, 0).address(), scale, own, pull);
            }
            block.clearBehind(p);
            block.clearBehind(ds);
        }
    }
}
