package dev.distill.train;

import dev.distill.student.model.PackedRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

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

    /** Samples of this step that are in none of its rows, for they are too long. */
    int dropped(int step);

    /** The traces that this step is made of, for a message that must name them; none where the source does not know. */
    default List<String> traceIds(int step) {
        return List.of();
    }

    /** What the {@link #fingerprint} is made of, by name, so that a message can say what differs. */
    default SequencedMap<String, String> identity() {
        SequencedMap<String, String> parts = new LinkedHashMap<>();
        parts.put("data", fingerprint());
        return parts;
    }

    /** Names the data and their order: two sources of the same fingerprint give the same batches. */
    String fingerprint();
}
