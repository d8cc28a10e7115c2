package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.HeadGroup.Block;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Sums of dk and dv of groups of heads in FLOAT, to which the shares of blocks of queries are added. */
final class KeyGradients {
    private static final int ROWS = 64; // of a task

    private record Task(HeadGroup group, int first) {}

    private final List<Task> tasks = new ArrayList<>();
    private final long[] addresses; // by index: of each group's dk [length, D], behind which its dv is

    KeyGradients(List<HeadGroup> groups, Scratch memory) {
        this.addresses = new long[groups.size()];
        long bytes = 0;
        for (HeadGroup group : groups) {
            bytes += 2 * bytes(group);
        }
        long next = memory.reserve(bytes);
        Floats.zero(next, bytes);
        for (HeadGroup group : groups) {
            addresses[group.index()] = next;
            next += 2 * bytes(group);
            for (int first = 0; first < group.length(); first += ROWS) {
                tasks.add(new Task(group, first));
            }
        }
    }

    private static long bytes(HeadGroup group) {
        return (long) group.length() * group.width() * Floats.BYTES;
    }

    private static long shareBytes(Block block) {
        return 2L * block.seen() * block.group().width() * Halves.BYTES;
    }

    /** The first blocks whose shares find room in so much memory; the first {@code least} in any case. */
    static List<Block> fitting(List<Block> blocks, long bytes, int least) {
        int count = 0;
        long used = 0;
        while (count < blocks.size() && (count < least || used + shareBytes(blocks.get(count)) <= bytes)) {
            used += shareBytes(blocks.get(count));
            count++;
        }
        return blocks.subList(0, count);
    }

    /** Where each block's share goes: its dk {@code [seen, D]} and behind it its dv, in BFLOAT16. */
    static long[] shares(List<Block> blocks, Scratch memory) {
        long[] offsets = new long[blocks.size()];
        long bytes = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = bytes;
            bytes += shareBytes(blocks.get(i));
        }
        long address = memory.reserve(bytes);
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] += address;
        }
        return offsets;
    }

    /** Adds shares in the order of the blocks. */
    void add(List<Block> blocks, long[] shares, Workers workers) {
        each(workers, (group, first, rows) -> {
            for (int i = 0; i < shares.length; i++) {
                Block block = blocks.get(i);
                if (block.group().index() == group.index()) {
                    int count = Math.min(rows, block.seen() - first);
                    add(group, first, count, new Numbers(shares[i], true), block.seen());
                }
            }
        });
    }

    private void add(HeadGroup group, int first, int rows, Numbers share, int seen) {
        int width = group.width();
        for (int row = first; row < first + rows; row++) {
            for (int which = 0; which < 2; which++) {
                long part = share.read(((long) which * seen + row) * width, width, Stage.buffer(0, width));
                Elements.axpyBlock(sum(group, which, row), 1, part, width);
            }
        }
    }

    private long sum(HeadGroup group, int which, int row) {
        return addresses[group.index()] + which * bytes(group) + (long) row * group.width() * Floats.BYTES;
    }

    /** Stores the sums as gradients of the keys and values of their call. */
    void store(Tensor dk_NKD, Tensor dv_NKD, Workers workers) {
        Numbers dk = Numbers.of(dk_NKD);
        Numbers dv = Numbers.of(dv_NKD);
        each(workers, (group, first, rows) -> {
            int width = group.width();
            for (int row = first; row < first + rows; row++) {
                dk.set(group.key(row) * width, width, sum(group, 0, row));
                dv.set(group.key(row) * width, width, sum(group, 1, row));
            }
        });
    }

    private interface Rows {
        void run(HeadGroup group, int first, int rows);
    }

    private void each(Workers workers, Rows rows) {
        workers.each(tasks.size(), (task, worker) -> {
            Task some = tasks.get(task);
            rows.run(some.group, some.first, Math.min(ROWS, some.group.length() - some.first));
        });
    }
}
