package dev.distill.student.ops.cpu;

import java.util.HashMap;
import java.util.Map;

/**
 * oneDNN's product of unsigned by signed bytes, whose right-hand factor lies in panels, the order in which oneDNN reads it. ND4J's operation takes
 * rows or columns only, which oneDNN brings into that order in every call: for few rows that is most of the time. One thread at a time, be it
 * always the same or not, which computes alone.
 */
final class PackedMatmul implements AutoCloseable {
    /** Rows of a product at most. */
    static final int MOST_ROWS = 128;

    /** And at least: of fewer it computes no faster. */
    private static final int LEAST_ROWS = 4;

    /** Rows, columns of the left-hand factor, columns of the result. */
    private record Shape(int rows, int depth, int cols) {}

    private final DnnlEngine engine = new DnnlEngine();
    private final Scratch scratch = new Scratch();
    private final Map<Shape, DnnlKernel> kernels = new HashMap<>();

    /** So many rows to be computed for these, so that few kernels serve all products. */
    static int rows(int rows) {
        int last = rows % MOST_ROWS;
        int rounded = last == 0 ? 0 : Math.max(LEAST_ROWS, Integer.highestOneBit(2 * last - 1));
        return rows - last + rounded;
    }

    /**
     * {@code c = a b}.
     *
     * @param c INT32, rows x cols; {@code rows} is one of those that {@link #rows} gives, 128 at most
     * @param a unsigned bytes, rows x depth
     * @param b signed bytes, depth x cols, in panels
     */
    void multiply(long c, long a, long b, int rows, int depth, int cols) {
        DnnlLibrary.setThreads(1); // asked when a kernel is planned, and when it runs
        kernels.computeIfAbsent(new Shape(rows, depth, cols), this::kernel).run(c, a, b, scratch);
    }

    private DnnlKernel kernel(Shape shape) {
        return new DnnlKernel(
                engine,
                DnnlKernel.Form.ordered(shape.rows, shape.depth, DnnlLibrary.U8, DnnlLibrary.ROWS),
                DnnlKernel.Form.ordered(shape.depth, shape.cols, DnnlLibrary.S8, DnnlLibrary.PANELS),
                DnnlKernel.Form.ordered(shape.rows, shape.cols, DnnlLibrary.S32, DnnlLibrary.ROWS),
                0);
    }

    @Override
    public void close() {
        kernels.values().forEach(DnnlKernel::close);
        engine.close();
        scratch.close();
    }
}
