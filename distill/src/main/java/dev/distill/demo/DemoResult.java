package dev.distill.demo;

import dev.distill.data.curate.CurationReport;
import dev.distill.eval.report.TaskScore;
import dev.distill.pipeline.ExportStage;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.train.TrainResult;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the demo found out; what its summary, its JSON and its report page are made of.
 *
 * @param before the student with random weights, greedy
 * @param after the trained student, greedy
 * @param majority the trained student, eight samples a question
 * @param twin the student that learnt from answers alone in the same steps, greedy
 * @param faults what curation made of each planted fault
 * @param samples a few held-out questions with the teacher's and the student's reasoning
 * @param wallSeconds of this process
 */
public record DemoResult(
        HarvestResult harvest,
        CurationReport curation,
        List<FaultAccount> faults,
        TrainResult training,
        TrainResult twinTraining,
        TaskScore before,
        TaskScore after,
        TaskScore majority,
        TaskScore twin,
        ExportStage.Exported export,
        List<SideBySide> samples,
        Path report,
        double wallSeconds) {
    public DemoResult {
        faults = List.copyOf(faults);
        samples = List.copyOf(samples);
    }

    /**
     * One held-out question and both answers to it.
     *
     * @param reference the right answer
     * @param studentIsRight by the grader
     */
    public record SideBySide(
            String question,
            String reference,
            String teacherReasoning,
            String teacherAnswer,
            @Nullable String studentReasoning,
            String studentAnswer,
            boolean studentIsRight) {}
}
