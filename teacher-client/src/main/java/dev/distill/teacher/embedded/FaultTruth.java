package dev.distill.teacher.embedded;

import dev.distill.teacher.embedded.fault.ContentFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is really wrong with each sample that a teacher served, by its own log. */
public final class FaultTruth {
    private final Map<Unit, Found> byUnit;

    /**
     * What the teacher knows about one sample.
     *
     * @param fault what is wrong with its text
     * @param detail the kind within the fault; empty where nothing is wrong
     */
    public record Found(ContentFault fault, String detail) {}

    private record Unit(String promptId, long sample) {}

    private FaultTruth(Map<Unit, Found> byUnit) {
        this.byUnit = byUnit;
    }

    /** The truth about everything in this log. */
    public static FaultTruth read(Path log) throws IOException {
        return of(TeacherLog.read(log));
    }

    static FaultTruth of(List<TeacherLog.Entry> entries) {
        Map<Unit, Found> byUnit = new HashMap<>();
        for (TeacherLog.Entry entry : entries) {
            if (entry.bought()) {
                byUnit.put(
                        new Unit(entry.promptId(), entry.sample()),
                        new Found(ContentFault.of(entry.content()), entry.detail()));
            }
        }
        return new FaultTruth(byUnit);
    }

    /** What is wrong with this sample ({@link ContentFault#NONE} where nothing is); empty where it was never served whole. */
    public Optional<Found> of(String promptId, long sample) {
        return Optional.ofNullable(byUnit.get(new Unit(promptId, sample)));
    }

    /** Samples served whole. */
    public int size() {
        return byUnit.size();
    }
}
