package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.Gemm.Size;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Whole matrix products of FLOAT and BFLOAT16. Large ones go to oneDNN; for the others the right-hand matrix is packed and the result cut into
 * tasks; a few rows take a way of their own.
 */
final class Products implements AutoCloseable {
    /** Rows of a task: enough to use a panel many times, few enough to spread 1,024 rows evenly. */
    private static final int TASK_ROWS = Gemm.BLOCK_ROWS;

    /** Panels of a task: with {@link #TASK_ROWS} about a third of a megaflop for each 10 of depth. */
    private static final int TASK_PANELS = 16;

    /** Packed memory at a time; a matrix that needs more is packed and used in parts. */
    private static final long PACKED_BYTES = 8L << 20;

    /** Depth of a part, where the depth alone is too much. */
    private static final int PART_DEPTH = 4096;

    /** Fewer rows are quicker in {@link RowProducts} even where their bits may depend on each other. */
    private static final int LEAST_MIXED_ROWS = 8;

    private final Workers workers;
    private final @Nullable LargeProducts large;
    private final RowProducts few;
    private final Scratch packed = new Scratch();
    private boolean rowsApart = true;

    /** @param large what takes large products; null where they are ours too */
    Products(Workers workers, @Nullable LargeProducts large) {
        this.workers = workers;
        this.large = large;
        this.few = new RowProducts(workers);
    }

    /** Whether a few rows have the same bits alone and in any batch; at first they have. */
    void keepRowsApart(boolean apart) {
        rowsApart = apart;
    }

    /** {@code c = a b + beta c}. */
    void multiply(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        boolean apart = rowsApart || size.rows() < LEAST_MIXED_ROWS;
        if (apart && RowProducts.takes(a, b, size)) {
            few.multiply(a, b, c, size, beta);
            return;
        }
        if (large != null && LargeProducts.takes(a, b, c, size)) {
            large.multiply(a, b, c, size, beta);
            return;
        }
        if (RowProducts.takes(a, b, size)) {
            few.multiply(a, b, c, size, beta);
            return;
        }
        int partDepth = Math.min(size.depth(), PART_DEPTH);
        long panelBytes = Panels.bytes(Math.max(1, partDepth), Panels.WIDTH);
        int partCols = Math.toIntExact(Math.max(1, PACKED_BYTES / panelBytes) * Panels.WIDTH);
        for (int col = 0; col < size.cols(); col += partCols) {
            int cols = Math.min(partCols, size.cols() - col);
            for (int k = 0; k < size.depth(); k += PART_DEPTH) {
                int depth = Math.min(PART_DEPTH, size.depth() - k);
                multiplyPart(
                        a.from(0, k),
                        b.from(k, col),
                        c.from(0, col),
                        new Size(size.rows(), depth, cols),
                        k == 0 ? beta : 1);
            }
        }
    }

    private void multiplyPart(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        Panels panels = new Panels(packed.reserve(Panels.bytes(size.depth(), size.cols())), size.depth(), size.cols());
        int blocks = Math.ceilDiv(panels.count(), TASK_PANELS);
        workers.each(blocks, (block, worker) -> {
            for (int p = block * TASK_PANELS; p < Math.min(panels.count(), (block + 1) * TASK_PANELS); p++) {
                panels.pack(b, p);
            }
        });
        int rowBlocks = Math.ceilDiv(size.rows(), TASK_ROWS);
        workers.each(rowBlocks * blocks, (task, worker) -> {
            int row = task / blocks * TASK_ROWS;
            int first = task % blocks * TASK_PANELS;
            int col = first * Panels.WIDTH;
            int cols = Math.min(TASK_PANELS * Panels.WIDTH, size.cols() - col);
            Size part = new Size(Math.min(TASK_ROWS, size.rows() - row), size.depth(), cols);
            Gemm.multiply(a.from(row, 0), panels.from(first), c.from(row, col), part, beta);
        });
    }

    /** Four chains of sums side by side, then a fixed tree. */
    static float dot(long x, long y, int count) {
        FloatVector s0 = FloatVector.zero(Floats.SPECIES), s1 = s0, s2 = s0, s3 = s0;
        int step = Floats.LANES * Floats.BYTES;
        int i = 0;
        long at = 0;
        for (; i + 4 * Floats.LANES <= count; i += 4 * Floats.LANES) {
            s0 = Floats.load(x + at).fma(Floats.load(y + at), s0);
            s1 = Floats.load(x + at + step).fma(Floats.load(y + at + step), s1);
            s2 = Floats.load(x + at + 2 * step).fma(Floats.load(y + at + 2 * step), s2);
            s3 = Floats.load(x + at + 3 * step).fma(Floats.load(y + at + 3 * step), s3);
            at += 4L * step;
        }
        for (; i + Floats.LANES <= count; i += Floats.LANES) {
            s0 = Floats.load(x + at).fma(Floats.load(y + at), s0);
            at += step;
        }
        float sum = Floats.sum(s0.add(s1).add(s2.add(s3)));
        for (; i < count; i++) {
            sum = Math.fma(Floats.get(x + at), Floats.get(y + at), sum);
            at += Floats.BYTES;
        }
        return sum;
    }

    @Override
    public void close() {
        packed.close();
        few.close();
        if (large != null) {
            large.close();
        }
    }
}
