package dev.distill.student.layer;

import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@code y_NO = x_NI w_OIᵀ + b_O}, the bias being optional. */
public final class Linear implements Projection {
    private final Parameter w_OI;
    private final @Nullable Parameter b_O;

    public Linear(Parameter w_OI, @Nullable Parameter b_O) {
        if (w_OI.value().rank() != 2) {
            throw new IllegalArgumentException(w_OI.name() + ": a linear layer needs a matrix, got " + w_OI.value());
        }
        if (b_O != null && !b_O.value().hasShape(w_OI.value().dim(0))) {
            throw new IllegalArgumentException(
                    b_O.name() + ": the bias of " + w_OI.value() + " must be as long as its rows, got " + b_O.value());
        }
        this.w_OI = w_OI;
        this.b_O = b_O;
    }

    @Override
    public int inputs() {
        return w_OI.value().dim(1);
    }

    @Override
    public int outputs() {
        return w_OI.value().dim(0);
    }

    public Parameter weight() {
        return w_OI;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(w_OI));
        if (b_O != null) {
            all.add(b_O);
        }
        return all;
    }

    @Override
    public Saved forward(Pass pass, Tensor x_NI, Tensor y_NO, float beta) {
        pass.ops().linear(y_NO, x_NI, w_OI.factor(), beta);
        return biased(pass, x_NI, y_NO);
    }

    /** {@code y_NO += b_O}, where there is a bias. */
    public void addBias(Pass pass, Tensor y_NO) {
        if (b_O != null) {
            pass.ops().addBias(y_NO, b_O.value());
        }
    }

    /** forward of several layers of one input, {@code x_NI -> y_NO} each. */
    static List<Saved> forward(Pass pass, Tensor x_NI, List<Linear> layers) {
        List<Tensor> y_NO = layers.stream()
                .map(layer -> pass.activation(x_NI.rows(), layer.outputs()))
                .toList();
        pass.ops()
                .linears(
                        y_NO,
                        x_NI,
                        layers.stream().map(layer -> layer.w_OI.factor()).toList());
        return IntStream.range(0, y_NO.size())
                .mapToObj(i -> layers.get(i).biased(pass, x_NI, y_NO.get(i)))
                .toList();
    }

    private Saved biased(Pass pass, Tensor x_NI, Tensor y_NO) {
        addBias(pass, y_NO);
        return new Saved(x_NI, null, null, y_NO);
    }

    @Override
    public void backward(Pass pass, Saved saved, Tensor dx_NI, float beta, Tensor dy_NO) {
        // y = .. + b
        if (b_O != null && b_O.gradient() != null) {
            pass.ops().addBiasBackward(b_O.gradient(), dy_NO);
        }
        // y = x wᵀ
        if (w_OI.gradient() != null) {
            pass.ops().linearBackwardWeight(w_OI.gradient(), dy_NO, saved.x_NI(), 1);
        }
        pass.ops().linearBackwardInput(dx_NI, dy_NO, w_OI.factor(), beta);
    }
}
