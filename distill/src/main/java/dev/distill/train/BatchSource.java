package dev.distill.train;

import dev.distill.student.model.PackedRow;
import java.util.List;

/**
 * What each step is trained on, as a pure function of the step's number, so that a run can go on at any step without
 * reading the ones before.
 */
public interface BatchSource {
    /**
     * The micro-batches of this step.
     *
     * @param step from 1
     */
    List<PackedRow> step(int step);

    /** Samples that this step is made of, those that are too long for a row included. */
    int samples(int step);

    /** Names the data and their order: two sources of the same fingerprint give the same batches. */
    String fingerprint();
}
