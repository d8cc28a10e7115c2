package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Sequences;
import java.util.ArrayList;
import java.util.List;

/** The queries of some sequences, cut into blocks of at most {@link AttentionForward#QUERIES}; no block crosses a border. */
final class QueryBlocks {
    /**
     * @param sequence which one
     * @param first first query, counted within the sequence
     * @param rows queries
     */
    record Block(int sequence, int first, int rows) {}

    private final List<Block> blocks = new ArrayList<>();

    QueryBlocks(Sequences sequences, int[] which) {
        for (int s : which) {
            addSequence(s, sequences.length(s));
        }
    }

    private void addSequence(int sequence, int length) {
        // last first: late queries see the most keys, and large tasks at the end would leave threads idle
        int blockCount = Math.ceilDiv(length, AttentionForward.QUERIES);
        for (int i = blockCount - 1; i >= 0; i--) {
            int first = i * AttentionForward.QUERIES;
            blocks.add(new Block(sequence, first, Math.min(AttentionForward.QUERIES, length - first)));
        }
    }

    int count() {
        return blocks.size();
    }

    Block at(int index) {
        return blocks.get(index);
    }
}
