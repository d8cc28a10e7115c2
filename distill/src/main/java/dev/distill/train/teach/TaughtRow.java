package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.SoftTargets;
import dev.distill.student.ops.TeacherRows;
import java.util.Arrays;
import java.util.List;

/** What a teacher said of samples, beside the row that they are packed into. */
final class TaughtRow {
    private TaughtRow() {}

    /** @param said of each of the row's samples, in their order: a place for each trained token of the whole of which it may be a piece; all with one K */
    static SoftTargets targets(Packed row, List<SparseDistributions> said, Distillation how) {
        int k = said.getFirst().k();
        int[] ids = new int[row.length() * k];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, TeacherRows.NONE);
        for (int s = 0; s < said.size(); s++) {
            int place = row.places()[s]; // the teacher has read the whole of what this may be a piece of
            for (int n = row.starts()[s]; n < row.starts()[s + 1]; n++) {
                if (row.targets()[n] != Packed.NOT_TRAINED) {
                    said.get(s).copy(place++, ids, logProbabilities, n * k);
                }
            }
        }
        return new SoftTargets(new TeacherRows(k, ids, logProbabilities), how);
    }
}
