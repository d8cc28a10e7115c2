package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.util.List;

/** Products of rounded inputs, by how the weight lies: INT8, PACKED or NIBBLES. */
final class EightBits implements AutoCloseable {
    private final QuantizedProducts rows;
    private final PackedProducts panels;
    private final NibbleProducts nibbles;

    EightBits(Workers workers, OneDnn oneDnn, Products products) {
        rows = new QuantizedProducts(workers, oneDnn);
        panels = new PackedProducts(workers);
        nibbles = new NibbleProducts(workers, products);
    }

    static boolean isFactor(Tensor w_OI) {
        return switch (w_OI.type()) {
            case INT8, PACKED, NIBBLES -> true;
            case FLOAT, BFLOAT16, SPLIT, DYNAMIC, UNSIGNED_DYNAMIC, NF4 -> false;
        };
    }

    /** {@code y_NO = x_NI w_OIᵀ + beta y_NO}. */
    void forward(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        switch (w_OI.type()) {
            case PACKED -> panels.forward(y_NO, x_NI, w_OI, beta);
            case NIBBLES -> nibbles.forward(y_NO, x_NI, w_OI, beta);
            case INT8 -> rows.forward(y_NO, x_NI, w_OI, beta);
            case FLOAT, BFLOAT16, SPLIT, DYNAMIC, UNSIGNED_DYNAMIC, NF4 -> throw none(w_OI);
        }
    }

    /** {@code y_NO = x_NI w_OIᵀ} for several weights, all PACKED or all NIBBLES. */
    void forward(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        switch (w_OI.getFirst().type()) {
            case PACKED -> panels.forward(y_NO, x_NI, w_OI);
            case NIBBLES -> nibbles.forward(y_NO, x_NI, w_OI);
            case INT8, FLOAT, BFLOAT16, SPLIT, DYNAMIC, UNSIGNED_DYNAMIC, NF4 -> throw none(w_OI.getFirst());
        }
    }

    /** {@code y = x w_OIᵀ} for rows without gaps; the weight is INT8 or PACKED. */
    void forward(Matrix y, Matrix x, int count, Tensor w_OI) {
        switch (w_OI.type()) {
            case PACKED -> panels.forward(y, x, count, w_OI);
            case INT8 -> rows.forward(y, x, count, w_OI);
            case NIBBLES, FLOAT, BFLOAT16, SPLIT, DYNAMIC, UNSIGNED_DYNAMIC, NF4 -> throw none(w_OI);
        }
    }

    private static IllegalArgumentException none(Tensor w_OI) {
        return new IllegalArgumentException(
                "linear: there is no such product with a rounded weight that lies as " + w_OI);
    }

    /** {@code dx_NI = dy_NO w_OI + beta dx_NI}; for INT8 alone. */
    void backwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta) {
        if (w_OI.type() != DType.INT8) {
            throw new IllegalArgumentException("linear backward input: " + w_OI
                    + " was loaded for inference and has no gradients; load the weights as FROZEN to train an adapter");
        }
        rows.backwardInput(dx_NI, dy_NO, w_OI, beta);
    }

    /** Rounds a FLOAT or BFLOAT16 matrix to INT8 or PACKED, each row with a scale of its own. */
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
        nibbles.close();
    }
}
