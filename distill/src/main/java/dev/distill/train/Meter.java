package dev.distill.train;

import dev.distill.student.model.PackedRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Says what a step has cost on this machine. */
public final class Meter {
    /** Knows neither how much work a row is nor how fast the machine could be. */
    public static final Meter UNRATED = new Meter(row -> Double.NaN, Double.NaN);

    private final ToDoubleFunction<PackedRow> usefulFlops;
    private final double gflops;

    /**
     * @param usefulFlops operations that training on a row cannot do without
     * @param gflops 10^9 operations a second that products alone reach on this machine
     */
    public Meter(ToDoubleFunction<PackedRow> usefulFlops, double gflops) {
        this.usefulFlops = usefulFlops;
        this.gflops = gflops;
    }

    /** Of a step on these rows that is over now and took so long. */
    StepReport.Cost cost(List<PackedRow> rows, double seconds) {
        double flops = rows.stream().mapToDouble(usefulFlops).sum();
        double share = rows.isEmpty() || seconds <= 0 ? Double.NaN : flops / (gflops * 1e9 * seconds);
        return new StepReport.Cost(
                Instant.now().truncatedTo(ChronoUnit.MILLIS), seconds, Resident.ofThisProcess(), share);
    }
}
