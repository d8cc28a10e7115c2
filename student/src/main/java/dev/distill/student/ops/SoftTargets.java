package dev.distill.student.ops;

/**
 * What the rows of a loss are to learn of a teacher's distributions, beside their targets.
 *
 * @param teacher a row for each of the loss's
 * @param how the two are weighed
 */
public record SoftTargets(TeacherRows teacher, Distillation how) {
    /** Whether the teacher says anything of this row. */
    public boolean has(int row) {
        return teacher.count(row) > 0;
    }
}
