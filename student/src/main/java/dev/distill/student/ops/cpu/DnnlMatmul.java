package dev.distill.student.ops.cpu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * oneDNN by its own library. A call costs a few microseconds, the first of a shape a millisecond or so, in which oneDNN writes machine code for it;
 * it is kept.
 */
final class DnnlMatmul implements OneDnn {
    /** Shapes whose machine code is kept: those of all layers of a few dozen lengths of a batch. */
    private static final int REMEMBERED = 512;

    private final int threads;
    private final DnnlEngine engine = new DnnlEngine();
    private final Scratch scratch = new Scratch();
    private final Map<Shape, DnnlKernel> kernels = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, DnnlKernel> eldest) {
            if (size() <= REMEMBERED) {
                return false;
            }
            eldest.getValue().close();
            return true;
        }
    };
    private final DnnlMatmul[] alone;

    private record Shape(DnnlKernel.Form a, DnnlKernel.Form b, DnnlKernel.Form c, float beta) {}

    DnnlMatmul(int threads) {
        this(
                threads,
                Stream.generate(() -> new DnnlMatmul(1, new DnnlMatmul[0]))
                        .limit(threads)
                        .toArray(DnnlMatmul[]::new));
    }

    private DnnlMatmul(int threads, DnnlMatmul[] alone) {
        this.threads = threads;
        this.alone = alone;
    }

    @Override
    public OneDnn alone(int worker) {
        return alone[worker];
    }

    @Override
    public boolean unrestricted() {
        return true;
    }

    @Override
    public void multiply(Operand a, Operand b, Operand c, float beta) {
        DnnlLibrary.setThreads(threads); // of the calling thread; asked when a kernel is planned, and when it runs
        kernels.computeIfAbsent(
                        new Shape(form(a), form(b), form(c), beta),
                        shape -> new DnnlKernel(engine, shape.a, shape.b, shape.c, beta))
                .run(c.address(), a.address(), b.address(), scratch);
    }

    private static DnnlKernel.Form form(Operand operand) {
        int type = switch (operand.item()) {
            case FLOAT -> DnnlLibrary.F32;
            case BFLOAT16 -> DnnlLibrary.BF16;
            case INT8 -> DnnlLibrary.S8;
            case INT32 -> DnnlLibrary.S32;
        };
        return operand.transposed()
                ? DnnlKernel.Form.strided(operand.cols(), operand.rows(), type, 1, operand.stride())
                : DnnlKernel.Form.strided(operand.rows(), operand.cols(), type, operand.stride(), 1);
    }

    @Override
    public void close() {
        kernels.values().forEach(DnnlKernel::close);
        kernels.clear();
        for (DnnlMatmul each : alone) {
            each.close();
        }
        engine.close();
        scratch.close();
    }
}
