package dev.distill.student.ops.cpu;

import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.NdArrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * oneDNN through ND4J's operation {@code matmul}, as ND4J's builds with it do. A result has its factors' type. A call costs a few dozen
 * microseconds. ND4J loads at the first product.
 */
final class NdMatmul implements OneDnn {
    /** Arrays that all threads together remember: steps meet many addresses again, and wrapping one takes some 10 microseconds. */
    private static final int REMEMBERED = 16 * 1024;

    private final int threads;
    private final int most; // arrays remembered
    private final Map<Operand, INDArray> arrays = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Operand, INDArray> eldest) {
            return size() > most;
        }
    };

    private final NdMatmul[] alone;

    /** @param threads of a product that all take part in, the caller's among them */
    NdMatmul(int threads) {
        this.threads = threads;
        this.most = REMEMBERED / threads;
        this.alone = Stream.generate(() -> new NdMatmul(most, new NdMatmul[0]))
                .limit(threads)
                .toArray(NdMatmul[]::new);
    }

    private NdMatmul(int most, NdMatmul[] alone) {
        this.threads = 1;
        this.most = most;
        this.alone = alone;
    }

    @Override
    public OneDnn alone(int worker) {
        return alone[worker];
    }

    @Override
    public boolean unrestricted() {
        return false;
    }

    @Override
    public void multiply(Operand a, Operand b, Operand c, float beta) {
        start();
        DynamicCustomOp matmul = DynamicCustomOp.builder("matmul")
                .addInputs(array(a), array(b))
                .addOutputs(array(c))
                .addIntegerArguments(a.transposed() ? 1 : 0, b.transposed() ? 1 : 0, 0)
                .addFloatingPointArguments(1.0, (double) beta)
                .build();
        Nd4j.getExecutioner().exec(matmul);
    }

    private INDArray array(Operand operand) {
        return arrays.computeIfAbsent(
                operand, o -> NdArrays.matrix(o.address(), o.rows(), o.cols(), o.stride(), o.item()));
    }

    private void start() {
        NativeChoice.load();
        Nd4j.getExecutioner(); // starts ND4J, without which the next line finds no library
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads); // a setting of the calling thread
    }

    @Override
    public void close() {
        // ND4J's arrays are views of others' memory
    }
}
