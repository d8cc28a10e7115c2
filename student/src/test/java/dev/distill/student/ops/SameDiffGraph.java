package dev.distill.student.ops;

import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.Tensor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An independent judge of our backwards: the same formulas as graphs of SameDiff, Deeplearning4j's own autodiff, in double precision. It
 * shares no line with {@link Ops}: only forwards are written here, of SameDiff's operations, and it derives the gradients itself.
 *
 * <p>Shapes as in {@link Ops}. Build a graph from {@link #input}s, then {@link #differentiate} it, then ask for values and gradients.
 */
public final class SameDiffGraph {
    /** A score that softmax turns into exactly zero. */
    private static final double MASKED = -1e300;

    private final SameDiff graph;
    private final Set<String> inputs = new LinkedHashSet<>();
    private Map<String, INDArray> gradients = Map.of();

    public SameDiffGraph() {
        NativeChoice.load(); // before anything of ND4J
        graph = SameDiff.create();
    }

    /** Numbers whose gradient is asked for. */
    public SDVariable input(String name, Tensor value) {
        inputs.add(name);
        return graph.var(name, array(Numbers.doubles(value), value.shape()));
    }

    private SDVariable constant(double[] values, int... shape) {
        return graph.constant(array(values, shape));
    }

    private static INDArray array(double[] values, int... shape) {
        return Nd4j.createFromArray(values)
                .reshape(Arrays.stream(shape).asLongStream().toArray());
    }

    /** {@code y_NO = x_NI w_OIᵀ}. */
    public SDVariable linear(SDVariable x_NI, SDVariable w_OI) {
        return graph.mmul(x_NI, w_OI, false, true, false);
    }

    /** {@code y_NO = x_NI w_OIᵀ + b_O}. */
    public SDVariable linear(SDVariable x_NI, SDVariable w_OI, SDVariable b_O) {
        return graph.nn().biasAdd(linear(x_NI, w_OI), b_O, false);
    }

    /**
     * Over the last dimension.
     *
     * @param last its number: with -1 in the place of 2, SameDiff's means are wrong
     */
    public SDVariable rmsNorm(SDVariable x, int last, SDVariable w, double eps) {
        SDVariable meanSquare = graph.math().square(x).mean(true, last);
        return x.mul(graph.math().rsqrt(meanSquare.add(eps))).mul(w);
    }

    /**
     * Half-split rotation of {@code x_NHD}.
     *
     * @param angles_N2 for each row n and pair i the angle {@code [N, D/2]}
     */
    public SDVariable rotary(SDVariable x_NHD, int width, double[] angles_N2) {
        int half = width / 2;
        int rows = angles_N2.length / half;
        SDVariable cos = constant(Arrays.stream(angles_N2).map(Math::cos).toArray(), rows, 1, half);
        SDVariable sin = constant(Arrays.stream(angles_N2).map(Math::sin).toArray(), rows, 1, half);
        SDVariable[] halves = graph.split(x_NHD, 2, 2);
        SDVariable first = halves[0].mul(cos).sub(halves[1].mul(sin));
        SDVariable second = halves[1].mul(cos).add(halves[0].mul(sin));
        return graph.concat(2, first, second);
    }

    /** H, K and D. */
    public record Heads(int query, int kv, int width) {}

    /** What attention gives. */
    public record Attended(SDVariable out_NHD, SDVariable lse_NH) {}

    /** Attention with grouped queries and one dense mask over all rows: block-diagonal, and causal within the blocks. */
    public Attended attention(
            SDVariable q_NHD, SDVariable k_NKD, SDVariable v_NKD, Heads shape, Sequences sequences, double scale) {
        SDVariable q_HND = q_NHD.permute(1, 0, 2);
        SDVariable k_HND = forQueries(k_NKD, shape, sequences.rows());
        SDVariable v_HND = forQueries(v_NKD, shape, sequences.rows());
        SDVariable scores_HNN =
                graph.mmul(q_HND, k_HND, false, true, false).mul(scale).add(mask(sequences));
        SDVariable out_HND = graph.mmul(graph.nn().softmax(scores_HNN, 2), v_HND);
        return new Attended(
                out_HND.permute(1, 0, 2), graph.math().logSumExp(scores_HNN, 2).permute(1, 0));
    }

    /** {@code [N, K, D] -> [H, N, D]}: for each query head its key/value head, {@code h / (H / K)}. */
    private SDVariable forQueries(SDVariable x_NKD, Heads shape, int rows) {
        int[] kvHeadOf = new int[shape.query()];
        Arrays.setAll(kvHeadOf, h -> h / (shape.query() / shape.kv()));
        SDVariable flat = x_NKD.permute(1, 0, 2).reshape(shape.kv(), (long) rows * shape.width());
        return oneHot(kvHeadOf, shape.kv()).mmul(flat).reshape(shape.query(), rows, shape.width());
    }

    /** {@code [indices, below]}: to select rows by a product, for the gradient of SameDiff's gather forgets the indices. */
    private SDVariable oneHot(int[] indices, int below) {
        double[] ones = new double[indices.length * below];
        for (int n = 0; n < indices.length; n++) {
            if (indices[n] >= 0) {
                ones[n * below + indices[n]] = 1;
            }
        }
        return constant(ones, indices.length, below);
    }

    private SDVariable mask(Sequences sequences) {
        int rows = sequences.rows();
        double[] mask = new double[rows * rows];
        Arrays.fill(mask, MASKED);
        for (int s = 0; s < sequences.count(); s++) {
            for (int n = sequences.start(s); n < sequences.end(s); n++) {
                Arrays.fill(mask, n * rows + sequences.start(s), n * rows + n + 1, 0);
            }
        }
        return constant(mask, 1, rows, rows);
    }

    /** {@code silu(gate) up}. */
    public SDVariable swiGlu(SDVariable gate, SDVariable up) {
        return graph.nn().swish(gate).mul(up);
    }

    /** Rows of a table with V rows. */
    public SDVariable embed(SDVariable table_VC, int vocabulary, int[] ids_N) {
        return oneHot(ids_N, vocabulary).mmul(table_VC);
    }

    /**
     * Each row's loss in nats, 0 where there is no target. Not SameDiff's own loss: the backward of that one forgets the gradient that it is
     * handed.
     */
    public SDVariable crossEntropy(SDVariable logits_NV, int vocabulary, int[] targets_N) {
        return graph.nn()
                .logSoftmax(logits_NV)
                .mul(oneHot(targets_N, vocabulary))
                .sum(1)
                .neg();
    }

    /** Over the columns of a matrix. */
    public SDVariable softmax(SDVariable x, double alpha) {
        return graph.nn().softmax(x.mul(alpha), 1);
    }

    /** Over the columns of a matrix. */
    public SDVariable logSoftmax(SDVariable x, double alpha) {
        return graph.nn().logSoftmax(x.mul(alpha));
    }

    /** Finds the gradients of {@code sum(y dy)} by every input. */
    public void differentiate(SDVariable y, Tensor dy) {
        differentiate(y.mul(constant(Numbers.doubles(dy), dy.shape())));
    }

    /** Finds the gradients of the sum of {@code losses} by every input. */
    public void differentiate(SDVariable losses) {
        graph.setLossVariables(losses.sum());
        PrintStream out = System.out;
        System.setOut(new PrintStream(
                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)); // a line for every node of the graph
        try {
            gradients = graph.calculateGradients(Map.of(), inputs);
        } finally {
            System.setOut(out);
        }
    }

    /** What the graph computes for this node, row-major. */
    public double[] value(SDVariable node) {
        return numbers(node.eval());
    }

    /** The gradient by an input, row-major. */
    public double[] gradient(String input) {
        return numbers(Objects.requireNonNull(gradients.get(input), input));
    }

    private static double[] numbers(INDArray array) {
        if (array.dataType() != DataType.DOUBLE) {
            throw new IllegalStateException("SameDiff graph: must stay in DOUBLE, got " + array.dataType());
        }
        return array.dup('c').data().asDouble();
    }
}
