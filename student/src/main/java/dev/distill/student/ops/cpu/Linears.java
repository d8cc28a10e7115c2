package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Rules;
import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers: the type of the weight decides which products multiply it. One in NF4 is widened as a whole, into memory that all of them share, and
 * multiplied in that type, forward and backward: an eighth of the numbers' memory for one matrix more, and few percent of the time of many rows.
 */
final class Linears implements AutoCloseable {
    private final Products products;
    private final @Nullable EightBits eightBits;
    private final Workers workers;
    private final boolean halves;
    private final Scratch widened = new Scratch();

    /**
     * @param eightBits what multiplies INT8 and PACKED; null where nothing does
     * @param halves whether NF4 is widened to BFLOAT16, or else to FLOAT
     */
    Linears(Workers workers, Products products, @Nullable EightBits eightBits, boolean halves) {
        this.workers = workers;
        this.products = products;
        this.eightBits = eightBits;
        this.halves = halves;
    }

    /** What products multiply of a weight in FLOAT, BFLOAT16 or NF4. */
    private Matrix factor(Tensor w_OI) {
        if (w_OI.type() != DType.NF4) {
            return Matrix.of(w_OI);
        }
        NormalFloats codes = NormalFloats.of(w_OI);
        long address = widened.reserve(w_OI.size() * (halves ? Halves.BYTES : Floats.BYTES));
        Numbers numbers = new Numbers(address, halves);
        Elements.each(workers, w_OI.size(), (first, count) -> {
            long to = numbers.target(first, Stage.buffer(0, count));
            codes.read(first, count, to);
            numbers.done(first, count, to);
        });
        return halves ? Matrix.halves(address, w_OI.cols()) : Matrix.floats(address, w_OI.cols());
    }

    /** {@code y_NO = x_NI w_OIᵀ + beta y_NO}. */
    void forward(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        Rules.linear("linear", y_NO, x_NI, w_OI);
        if (EightBits.isFactor(w_OI)) {
            eightBits("linear").forward(y_NO, x_NI, w_OI, beta);
            return;
        }
        Size size = new Size(x_NI.rows(), x_NI.cols(), y_NO.cols());
        products.multiply(Matrix.of(x_NI), factor(w_OI).transposed(), Matrix.of(y_NO), size, beta);
    }

    /** {@code y_NO = x_NI w_OIᵀ} for several weights. */
    void forward(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        Rules.linears("linear", y_NO, x_NI, w_OI);
        DType type = w_OI.getFirst().type();
        boolean together = type == DType.PACKED || type == DType.NIBBLES;
        if (together && w_OI.stream().allMatch(w -> w.type() == type)) {
            eightBits("linear").forward(y_NO, x_NI, w_OI);
            return;
        }
        for (int i = 0; i < w_OI.size(); i++) {
            forward(y_NO.get(i), x_NI, w_OI.get(i), 0);
        }
    }

    /** {@code dx_NI = dy_NO w_OI + beta dx_NI}. */
    void backwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta) {
        Rules.linear("linear backward input", dy_NO, dx_NI, w_OI);
        if (EightBits.isFactor(w_OI)) {
            eightBits("linear backward input").backwardInput(dx_NI, dy_NO, w_OI, beta);
            return;
        }
        Size size = new Size(dy_NO.rows(), dy_NO.cols(), dx_NI.cols());
        products.multiply(Matrix.of(dy_NO), factor(w_OI), Matrix.of(dx_NI), size, beta);
    }

    /** {@code dw_OI = dy_NOᵀ x_NI + beta dw_OI}. */
    void backwardWeight(Tensor dw_OI, Tensor dy_NO, Tensor x_NI, float beta) {
        Rules.linear("linear backward weight", dy_NO, x_NI, dw_OI);
        Rules.floats("linear backward weight", dw_OI);
        Size size = new Size(dy_NO.cols(), dy_NO.rows(), x_NI.cols());
        products.multiply(Matrix.of(dy_NO).transposed(), Matrix.of(x_NI), Matrix.of(dw_OI), size, beta);
    }

    /** Rounds a weight to INT8 or PACKED, each row with a scale of its own. */
    void quantize(Tensor q_OI, Tensor w_OI) {
        Rules.activations("copy to " + q_OI.type(), w_OI);
        eightBits("copy").quantize(q_OI, w_OI);
    }

    private EightBits eightBits(String op) {
        if (eightBits == null) {
            throw new IllegalArgumentException(op + ": an eight-bit weight needs compute INT8");
        }
        return eightBits;
    }

    @Override
    public void close() {
        products.close();
        widened.close();
        if (eightBits != null) {
            eightBits.close();
        }
    }
}
