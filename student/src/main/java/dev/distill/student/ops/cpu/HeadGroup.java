package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Attention;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * One key/value head of one sequence and the G query heads that read it: where their numbers lie in a call, in which heads lie side by side, and
 * copies of them that are matrices in one piece. Queries go a block of tokens at a time; the rows of a block are its tokens in order, the G heads
 * of a token one after the other. All is BFLOAT16.
 *
 * @param index its place among the groups of a call
 * @param sequence of the call
 * @param kvHead of the call
 */
record HeadGroup(Attention call, int index, int sequence, int kvHead) {
    /** Rows of a block, where its tokens allow it: a product of so many is large enough. */
    private static final int ROWS = 512;

    /** Tokens of a block: more would compute more scores that nobody sees. */
    private static final int MOST_TOKENS = 128;

    /** Tokens are filled up with zeros to a multiple of this: oneDNN makes a kernel for each shape that it meets, and so meets few. */
    private static final int ROUND = 32;

    /** Multiply-adds of a block's product with all keys, from which on oneDNN is faster than our own tiles. */
    private static final long LEAST = 1L << 20;

    /** All heads of the sequences that are stored in BFLOAT16 and long enough. */
    static List<HeadGroup> of(Attention call) {
        List<HeadGroup> all = new ArrayList<>();
        for (int sequence = 0; sequence < call.sequences().count(); sequence++) {
            for (int kvHead = 0; takes(call, sequence) && kvHead < call.kvHeads(); kvHead++) {
                all.add(new HeadGroup(call, all.size(), sequence, kvHead));
            }
        }
        return all;
    }

    /** Whether a sequence is one of these. Its own length alone decides: what is beside it changes none of its bits. */
    static boolean takes(Attention call, int sequence) {
        HeadGroup group = new HeadGroup(call, 0, sequence, 0);
        long rows = (long) Math.min(group.tokens(), group.length()) * group.heads();
        return call.q_NHD().type() == DType.BFLOAT16
                && call.out_NHD().type() == DType.BFLOAT16
                && rows * group.length() * group.width() >= LEAST;
    }

    /**
     * @param first token of the block, counted within the sequence
     * @param tokens of the block
     * @param rows of its matrices, those of zeros included
     * @param seen keys that a product takes; the last may be seen by no query, or be zeros behind the sequence
     */
    record Block(HeadGroup group, int first, int tokens, int rows, int seen) {
        /** One row of {@code [rows, seen]}. */
        HalfScores scores(Matrix scores, int row) {
            return new HalfScores(scores.from(row, 0).address(), first + row / group.heads() + 1, seen);
        }

        /** Sets the rows to zero that are no token's. */
        void clearBehind(Matrix scores) {
            int used = tokens * group.heads();
            Floats.zero(scores.from(used, 0).address(), (long) (rows - used) * seen * Halves.BYTES);
        }
    }

    /** The blocks of several groups, those first that see the most: large tasks at the end would leave threads idle. */
    static List<Block> blocks(List<HeadGroup> groups) {
        List<Block> all = new ArrayList<>();
        for (HeadGroup group : groups) {
            for (int first = 0; first < group.length(); first += group.tokens()) {
                int tokens = Math.min(group.tokens(), group.length() - first);
                all.add(new Block(group, first, tokens, rounded(tokens) * group.heads(), rounded(first + tokens)));
            }
        }
        all.sort((a, b) -> b.seen - a.seen);
        return all;
    }

    private static int rounded(int tokens) {
        return Math.ceilDiv(tokens, ROUND) * ROUND;
    }

    /** Tokens of a block. */
    private int tokens() {
        return Math.clamp(ROWS / heads() / ROUND * ROUND, ROUND, MOST_TOKENS);
    }

    /** G. */
    int heads() {
        return call.heads() / call.kvHeads();
    }

    /** D. */
    int width() {
        return call.headWidth();
    }

    /** Tokens of the sequence. */
    int length() {
        return call.sequences().length(sequence);
    }

    /** Rows of a copy of its keys. */
    int keys() {
        return rounded(length());
    }

    /** Number of a token's first query head, over all tokens and heads of the call. */
    long query(int token) {
        return (long) (call.sequences().start(sequence) + token) * call.heads() + (long) kvHead * heads();
    }

    /** Number of a token's key, over all tokens and heads of the call. */
    long key(int token) {
        return (long) (call.sequences().start(sequence) + token) * call.kvHeads() + kvHead;
    }

    /** Copies a block of queries, or of what has their shape, to {@code [rows, D]}. */
    static Matrix gather(long to, Tensor x_NHD, Block block) {
        HeadGroup group = block.group;
        long from = Floats.address(x_NHD);
        long head = (long) group.width() * Halves.BYTES;
        long token = group.heads() * head;
        for (int t = 0; t < block.tokens; t++) {
            Floats.copy(to + t * token, from + group.query(block.first + t) * head, token);
        }
        Floats.zero(to + block.tokens * token, block.rows * head - block.tokens * token);
        return Matrix.halves(to, group.width());
    }

    /** The reverse of {@link #gather}. */
    static void scatter(Tensor x_NHD, Matrix from, Block block) {
        HeadGroup group = block.group;
        long to = Floats.address(x_NHD);
        long head = (long) group.width() * Halves.BYTES;
        long token = group.heads() * head;
        for (int t = 0; t < block.tokens; t++) {
            Floats.copy(to + group.query(block.first + t) * head, from.address() + t * token, token);
        }
    }
}
