package dev.distill.student.adapter;

import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Pass;
import dev.distill.student.tensor.Tensor;

/**
 * The two factors of one layer's change, {@code scaling B A} (arXiv:2106.09685).
 *
 * @param a_RI brings the input to the low rank
 * @param b_OR brings it from there to the output
 * @param scaling of their product
 */
record LowRank(Parameter a_RI, Parameter b_OR, float scaling) {

    /** forward: {@code down_NR = scaling x_NI Aᵀ}, {@code y_NO += down_NR Bᵀ}. @return down_NR */
    Tensor forward(Pass pass, Tensor x_NI, Tensor y_NO) {
        Tensor down_NR = pass.floats(x_NI.rows(), a_RI.value().dim(0));
        pass.ops().linear(down_NR, x_NI, a_RI.value(), 0);
        pass.ops().scale(down_NR, scaling);
        pass.ops().linear(y_NO, down_NR, b_OR.value(), 1);
        return down_NR;
    }

    /** backward: {@code dx_NI += gradient by the input}; gradients of the factors are added to. */
    void backward(Pass pass, Tensor x_NI, Tensor down_NR, Tensor dx_NI, Tensor dy_NO) {
        // y = .. + down Bᵀ
        Tensor ddown_NR = pass.floats(dy_NO.rows(), b_OR.value().dim(1));
        pass.ops().linearBackwardInput(ddown_NR, dy_NO, b_OR.value(), 0);
        if (b_OR.gradient() != null) {
            pass.ops().linearBackwardWeight(b_OR.gradient(), dy_NO, down_NR, 1);
        }
        // down = scaling x Aᵀ
        pass.ops().scale(ddown_NR, scaling);
        if (a_RI.gradient() != null) {
            pass.ops().linearBackwardWeight(a_RI.gradient(), ddown_NR, x_NI, 1);
        }
        pass.ops().linearBackwardInput(dx_NI, ddown_NR, a_RI.value(), 1);
    }

    /** Whether either is trained. */
    boolean isTrained() {
        return a_RI.isTrained() || b_OR.isTrained();
    }
}
