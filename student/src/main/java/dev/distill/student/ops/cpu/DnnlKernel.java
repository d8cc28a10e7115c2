package dev.distill.student.ops.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** oneDNN's machine code for products of one shape, and the places for its factors. One thread at a time, be it always the same or not. */
final class DnnlKernel implements AutoCloseable {
    /** Of dnnl_exec_arg_t: an int, and a handle where the alignment puts it. */
    private static final int ARGUMENT_BYTES = 16;

    /** Two factors, the result, scratch memory. */
    private static final int ARGUMENTS = 4;

    private final DnnlEngine engine;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment arguments = arena.allocate(ARGUMENTS * ARGUMENT_BYTES, ARGUMENT_BYTES);
    private final long primitive;
    private final long scratchBytes;
    private final long a;
    private final long b;
    private final long c;
    private final long scratch;

    /**
     * A matrix of a shape, and how it lies.
     *
     * @param type one of {@link DnnlLibrary}'s
     * @param order one of {@link DnnlLibrary}'s; 0 where the strides say it
     * @param rowStride numbers from a row to the next
     * @param colStride numbers from a column to the next
     */
    record Form(long rows, long cols, int type, int order, long rowStride, long colStride) {
        static Form strided(long rows, long cols, int type, long rowStride, long colStride) {
            return new Form(rows, cols, type, 0, rowStride, colStride);
        }

        static Form ordered(long rows, long cols, int type, int order) {
            return new Form(rows, cols, type, order, 0, 0);
        }

        /** The caller destroys it. */
        private long describe() {
            try (Arena brief = Arena.ofConfined()) {
                long dims =
                        brief.allocateFrom(ValueLayout.JAVA_LONG, rows, cols).address();
                if (order != 0) {
                    return DnnlLibrary.create("dnnl_memory_desc_create_with_tag", 2, dims, type, order);
                }
                long strides = brief.allocateFrom(ValueLayout.JAVA_LONG, rowStride, colStride)
                        .address();
                return DnnlLibrary.create("dnnl_memory_desc_create_with_strides", 2, dims, type, strides);
            }
        }
    }

    /** For {@code c = a b + beta c}. */
    DnnlKernel(DnnlEngine engine, Form left, Form right, Form result, float beta) {
        this.engine = engine;
        long leftForm = left.describe();
        long rightForm = right.describe();
        long resultForm = result.describe();
        long noBias = 0;
        long attributes = DnnlLibrary.createAttributes(beta);
        long how = DnnlLibrary.create(
                "dnnl_matmul_primitive_desc_create",
                engine.engine(),
                leftForm,
                rightForm,
                noBias,
                resultForm,
                attributes);
        primitive = DnnlLibrary.create("dnnl_primitive_create", how);
        a = argument(0, DnnlLibrary.SOURCE, leftForm);
        b = argument(1, DnnlLibrary.WEIGHTS, rightForm);
        c = argument(2, DnnlLibrary.RESULT, resultForm);
        scratch = argument(3, DnnlLibrary.SCRATCHPAD, DnnlLibrary.scratchpad(how));
        scratchBytes = Math.max(1, DnnlLibrary.size(DnnlLibrary.scratchpad(how)));
        DnnlLibrary.destroy("dnnl_primitive_attr_destroy", attributes);
        DnnlLibrary.destroy("dnnl_primitive_desc_destroy", how);
        DnnlLibrary.destroy("dnnl_memory_desc_destroy", leftForm);
        DnnlLibrary.destroy("dnnl_memory_desc_destroy", rightForm);
        DnnlLibrary.destroy("dnnl_memory_desc_destroy", resultForm);
    }

    private long argument(int place, int role, long description) {
        long memory = DnnlLibrary.create("dnnl_memory_create", description, engine.engine(), 0L);
        arguments.set(ValueLayout.JAVA_INT, (long) place * ARGUMENT_BYTES, role);
        arguments.set(ValueLayout.JAVA_LONG, (long) place * ARGUMENT_BYTES + Long.BYTES, memory);
        return memory;
    }

    /**
     * @param to address of c
     * @param memory grows to what the kernel needs while it runs
     */
    void run(long to, long left, long right, Scratch memory) {
        DnnlLibrary.setAddress(a, left);
        DnnlLibrary.setAddress(b, right);
        DnnlLibrary.setAddress(c, to);
        DnnlLibrary.setAddress(scratch, memory.reserve(scratchBytes));
        DnnlLibrary.execute(primitive, engine.stream(), ARGUMENTS, arguments.address());
    }

    @Override
    public void close() {
        DnnlLibrary.destroy("dnnl_primitive_destroy", primitive);
        DnnlLibrary.destroy("dnnl_memory_destroy", a);
        DnnlLibrary.destroy("dnnl_memory_destroy", b);
        DnnlLibrary.destroy("dnnl_memory_destroy", c);
        DnnlLibrary.destroy("dnnl_memory_destroy", scratch);
        arena.close();
    }
}
