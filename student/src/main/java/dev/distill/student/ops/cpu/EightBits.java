package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.util.List;

/** Products with eight-bit weights, by how the weight lies: INT8 or PACKED. */
final class EightBits implements AutoCloseable {
    private final QuantizedProducts rows;
    private final PackedProducts panels;

    EightBits(Workers workers, OneDnn oneDnn) {
        rows = new QuantizedProducts(workers, oneDnn);
        panels = new PackedProducts(workers);
    }

    static boolean isFactor(Tensor w_OI) {
        return w_OI.type() == DType.INT8 || w_OI.type() == DType.PACKED;
    }

    /** {@code y_NO = x_NI w_OIᵀ + beta y_NO}. */
    void forward(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        if (w_OI.type() == DType.PACKED) {
            panels.forward(y_NO, x_NI, w_OI, beta);
        } else {
            rows.forward(y_NO, x_NI, w_OI, beta);
        }
    }

    /** {@code y_NO = x_NI w_OIᵀ} for several PACKED weights. */
    void forward(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        panels.forward(y_NO, x_NI, w_OI);
    }

    /** {@code y = x w_OIᵀ} for rows without gaps. */
    void forward(Matrix y, Matrix x, int count, Tensor w_OI) {
        if (w_OI.type() == DType.PACKED) {
            panels.forward(y, x, count, w_OI);
        } else {
            rows.forward(y, x, count, w_OI);
        }
    }

    /** {@code dx_NI = dy_NO w_OI + beta dx_NI}; not for PACKED. */
    void backwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta) {
        if (w_OI.type() == DType.PACKED) {
            throw new IllegalArgumentException("linear backward input: " + w_OI
                    + " was loaded for inference and has no gradients; load the weights as FROZEN to train an adapter");
        }
        rows.backwardInput(dx_NI, dy_NO, w_OI, beta);
    }

    /** Rounds a FLOAT or BFLOAT16 matrix, each row with a scale of its own. */
    void quantize(Tensor q_OI, Tensor w_OI) {
        if (q_OI.type() == DType.PACKED) {
            panels.pack(q_OI, w_OI);
        } else {
            rows.quantize(q_OI, w_OI);
        }
    }

    @Override
    public void close() {
        rows.close();
        panels.close();
    }
}
