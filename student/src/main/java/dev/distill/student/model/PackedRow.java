package dev.distill.student.model;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.SoftTargets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Token sequences packed one after the other, and what each position is to predict. One micro-batch.
 *
 * @param ids_N the tokens
 * @param targets_N the token that should follow each; {@link CrossEntropy#NO_TARGET} (-1) where nothing is trained
 * @param sequences where each sequence lies; positions count from 0 in each
 * @param soft what a teacher expects after each position; null where there is none
 */
public record PackedRow(
        int[] ids_N,
        int[] targets_N,
        Sequences sequences,
        @Nullable SoftTargets soft) {

    public PackedRow {
        ids_N = ids_N.clone();
        targets_N = targets_N.clone();
        if (ids_N.length != targets_N.length || ids_N.length != sequences.rows()) {
            throw new IllegalArgumentException("packed row: ids, targets and sequences must count the same positions,"
                    + " got " + ids_N.length + ", " + targets_N.length + " and " + sequences.rows());
        }
    }

    /** Without a teacher. */
    public PackedRow(int[] ids_N, int[] targets_N, Sequences sequences) {
        this(ids_N, targets_N, sequences, null);
    }

    /** One sequence in which every token but the first is a target: for scoring and plain language modelling. */
    public static PackedRow nextToken(int... ids) {
        int[] targets = Arrays.copyOfRange(ids, 1, ids.length + 1);
        targets[ids.length - 1] = CrossEntropy.NO_TARGET;
        return new PackedRow(ids, targets, Sequences.ofLengths(ids.length));
    }

    /** The same without its teacher. */
    public PackedRow targetsAlone() {
        return new PackedRow(ids_N, targets_N, sequences);
    }

    /** Positions that are trained. */
    public int targets() {
        int count = 0;
        for (int target : targets_N) {
            count += target == CrossEntropy.NO_TARGET ? 0 : 1;
        }
        return count;
    }
}
