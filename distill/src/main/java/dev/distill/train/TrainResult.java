package dev.distill.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a finished run came to.
 *
 * @param reports every step of the run, those of earlier processes included, in order
 * @param checkpoint folder of the checkpoint that it ended with
 */
public record TrainResult(List<StepReport> reports, Path checkpoint) {
    public TrainResult {
        reports = List.copyOf(reports);
    }

    /** The result of a run that has finished in this folder. */
    public static TrainResult read(Path folder) throws IOException {
        List<StepReport> reports = MetricsLog.read(folder.resolve(MetricsLog.FILE_NAME));
        return new TrainResult(
                reports, CheckpointFolder.of(folder, reports.getLast().step()).path());
    }

    /** Tokens that had a target, over all steps. */
    public long trainedTokens() {
        return reports.stream().mapToLong(StepReport::trainedTokens).sum();
    }

    /** Positions a second over all steps: the rate that a user sees, padding there is none. */
    public double tokensPerSecond() {
        double seconds = seconds();
        long tokens = reports.stream().mapToLong(StepReport::tokens).sum();
        return seconds == 0 ? 0 : tokens / seconds;
    }

    /** Wall time of all steps, validation and checkpoints left out. */
    public double seconds() {
        return reports.stream().mapToDouble(StepReport::seconds).sum();
    }

    public double firstLoss() {
        return reports.stream()
                .mapToDouble(StepReport::loss)
                .filter(Double::isFinite)
                .findFirst()
                .orElse(Double.NaN);
    }

    public double lastLoss() {
        return last(reports.stream().mapToDouble(StepReport::loss).toArray());
    }

    public double firstValidationLoss() {
        return reports.stream()
                .mapToDouble(StepReport::validationLoss)
                .filter(Double::isFinite)
                .findFirst()
                .orElse(Double.NaN);
    }

    public double lastValidationLoss() {
        return last(reports.stream().mapToDouble(StepReport::validationLoss).toArray());
    }

    private static double last(double[] values) {
        for (int i = values.length - 1; i >= 0; i--) {
            if (Double.isFinite(values[i])) {
                return values[i];
            }
        }
        return Double.NaN;
    }
}
