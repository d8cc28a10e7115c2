package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * oneDNN's product of unsigned by signed bytes, whose right-hand factor lies in panels, the order in which oneDNN reads it. ND4J's operation takes
 * rows or columns only, which oneDNN brings into that order in every call: for few rows that is most of the time. One thread at a time, be it
 * always the same or not, which computes alone.
 */
final class PackedMatmul implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PackedMatmul.class);

    /** Rows of a product at most. */
    static final int MOST_ROWS = 128;

    /** And at least: of fewer it computes no faster. */
    private static final int LEAST_ROWS = 4;

    /** Of dnnl_exec_arg_t: an int, and a handle where the alignment puts it. */
    private static final int ARGUMENT_BYTES = 16;

    /** Two factors, the result, scratch memory. */
    private static final int ARGUMENTS = 4;

    /** Rows, columns of the left-hand factor, columns of the result. */
    private record Shape(int rows, int depth, int cols) {}

    private final Map<Shape, Kernel> kernels = new HashMap<>();
    private final Arena arena = Arena.ofShared();
    private final long engine = DnnlLibrary.create("dnnl_engine_create", DnnlLibrary.CPU, 0L);
    private final long stream = DnnlLibrary.create("dnnl_stream_create", engine, DnnlLibrary.DEFAULT_FLAGS);

    private static final class Found {
        private static final boolean HERE = find();

        /** Whether the library loads; what it says where not is for whoever looks why INT8 is slow. */
        private static boolean find() {
            try {
                if (DnnlLibrary.version().equals(DnnlLibrary.VERSION)) {
                    return true;
                }
                LOG.warn(
                        "oneDNN: needs version {}, found {}; INT8 generates slower",
                        DnnlLibrary.VERSION,
                        DnnlLibrary.version());
            } catch (LinkageError | RuntimeException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                LOG.warn("{}; INT8 generates slower", cause.getMessage());
            }
            return false;
        }
    }

    /** Whether this process can multiply so. */
    static boolean runsHere() {
        return Found.HERE;
    }

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
        DnnlLibrary.computeAlone(); // asked when a kernel is planned, and when it runs
        kernels.computeIfAbsent(new Shape(rows, depth, cols), Kernel::new).run(c, a, b);
    }

    /** One shape's machine code, and the places for its factors. */
    private final class Kernel implements AutoCloseable {
        private final long primitive;
        private final long a;
        private final long b;
        private final long c;
        private final long scratch;
        private final MemorySegment arguments = arena.allocate(ARGUMENTS * ARGUMENT_BYTES, ARGUMENT_BYTES);

        Kernel(Shape shape) {
            long left = describe(shape.rows, shape.depth, DnnlLibrary.U8, DnnlLibrary.ROWS);
            long right = describe(shape.depth, shape.cols, DnnlLibrary.S8, DnnlLibrary.PANELS);
            long result = describe(shape.rows, shape.cols, DnnlLibrary.S32, DnnlLibrary.ROWS);
            long noBias = 0;
            long attributes = DnnlLibrary.createAttributes();
            long how = DnnlLibrary.create(
                    "dnnl_matmul_primitive_desc_create", engine, left, right, noBias, result, attributes);
            primitive = DnnlLibrary.create("dnnl_primitive_create", how);
            a = argument(0, DnnlLibrary.SOURCE, left);
            b = argument(1, DnnlLibrary.WEIGHTS, right);
            c = argument(2, DnnlLibrary.RESULT, result);
            scratch = argument(3, DnnlLibrary.SCRATCHPAD, DnnlLibrary.scratchpad(how));
            long bytes = Math.max(1, DnnlLibrary.size(DnnlLibrary.scratchpad(how)));
            DnnlLibrary.setAddress(
                    scratch, arena.allocate(bytes, Tensor.ALIGNMENT).address());
            DnnlLibrary.destroy("dnnl_primitive_attr_destroy", attributes);
            DnnlLibrary.destroy("dnnl_primitive_desc_destroy", how);
            DnnlLibrary.destroy("dnnl_memory_desc_destroy", left);
            DnnlLibrary.destroy("dnnl_memory_desc_destroy", right);
            DnnlLibrary.destroy("dnnl_memory_desc_destroy", result);
        }

        private long describe(int rows, int cols, int type, int order) {
            try (Arena brief = Arena.ofConfined()) {
                long dims =
                        brief.allocateFrom(ValueLayout.JAVA_LONG, rows, cols).address();
                return DnnlLibrary.create("dnnl_memory_desc_create_with_tag", 2, dims, type, order);
            }
        }

        private long argument(int place, int role, long description) {
            long memory = DnnlLibrary.create("dnnl_memory_create", description, engine, 0L);
            arguments.set(ValueLayout.JAVA_INT, (long) place * ARGUMENT_BYTES, role);
            arguments.set(ValueLayout.JAVA_LONG, (long) place * ARGUMENT_BYTES + Long.BYTES, memory);
            return memory;
        }

        void run(long to, long left, long right) {
            DnnlLibrary.setAddress(a, left);
            DnnlLibrary.setAddress(b, right);
            DnnlLibrary.setAddress(c, to);
            DnnlLibrary.execute(primitive, stream, ARGUMENTS, arguments.address());
        }

        @Override
        public void close() {
            DnnlLibrary.destroy("dnnl_primitive_destroy", primitive);
            DnnlLibrary.destroy("dnnl_memory_destroy", a);
            DnnlLibrary.destroy("dnnl_memory_destroy", b);
            DnnlLibrary.destroy("dnnl_memory_destroy", c);
            DnnlLibrary.destroy("dnnl_memory_destroy", scratch);
        }
    }

    @Override
    public void close() {
        kernels.values().forEach(Kernel::close);
        DnnlLibrary.destroy("dnnl_stream_destroy", stream);
        DnnlLibrary.destroy("dnnl_engine_destroy", engine);
        arena.close();
    }
}
