package dev.distill.plan;

import dev.distill.student.layer.Parameter;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.ops.Ops;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Measures one update, by the optimizer that makes it: of AdamW's weights so many as no cache holds, for their time is as long as memory is read;
 * of Muon's a matrix of a block's shape, smaller where that would take more than a moment, for its time follows from its operations.
 */
final class UpdateTime {
    private static final double BUDGET = 0.5;

    /** Weights, at most, of an AdamW that is measured. */
    private static final int MOST_WEIGHTS = 1 << 24;

    private static final int COLUMNS = 1 << 10;

    /** Operations, at most, of a Muon that is measured. */
    private static final double MOST_OPERATIONS = 1e11;

    private final TrainingJob job;
    private final Ops ops;

    UpdateTime(TrainingJob job, Ops ops) {
        this.job = job;
        this.ops = ops;
    }

    /** Of all weights, the norm of their gradients included. */
    double seconds() {
        List<ParameterSpec> muons = job.optimizer() instanceof MuonSettings
                ? job.updated().stream().filter(MuonSettings::takes).toList()
                : List.of();
        long others = job.trainedWeights()
                - muons.stream().mapToLong(ParameterSpec::size).sum();
        return (others > 0 ? ofAdamW(others) : 0) + (muons.isEmpty() ? 0 : ofMuon(muons));
    }

    private double ofAdamW(long weights) {
        int rows = (int) Math.clamp(weights / COLUMNS, 1, MOST_WEIGHTS / COLUMNS);
        ParameterSpec matrix = new ParameterSpec("any.weight", List.of(rows, COLUMNS));
        return seconds(matrix, job.optimizer()) / matrix.size() * weights;
    }

    private double ofMuon(List<ParameterSpec> matrices) {
        int rows = matrices.getLast().dims()[0];
        int columns = matrices.getLast().dims()[1];
        String name = matrices.getLast().name();
        ParameterSpec matrix = new ParameterSpec(name, List.of(rows, columns));
        for (int by = 2; MuonSettings.operations(matrix) > MOST_OPERATIONS; by *= 2) {
            matrix = new ParameterSpec(name, List.of(Math.ceilDiv(rows, by), Math.ceilDiv(columns, by)));
        }
        double operations =
                matrices.stream().mapToDouble(MuonSettings::operations).sum();
        return seconds(matrix, job.optimizer()) / MuonSettings.operations(matrix) * operations;
    }

    private double seconds(ParameterSpec spec, OptimizerSettings settings) {
        DType type = job.isFull() && job.isHalf() ? DType.SPLIT : DType.FLOAT;
        try (Arena arena = Arena.ofShared()) {
            Parameter parameter = Parameter.trained(spec.name(), Tensor.allocate(arena, type, spec.dims()), arena);
            ops.fill(parameter.value(), 1e-2f);
            try (Optimizer optimizer = new Optimizer(ops, List.of(parameter), settings)) {
                return Stopwatch.seconds(BUDGET, () -> optimizer.step(1e-5));
            }
        }
    }
}
