package dev.distill.train;

import dev.distill.data.pack.Packed;
import dev.distill.student.ops.SoftTargets;
import org.jspecify.annotations.Nullable;

/** What stands beside the targets of a packed row. */
public interface RowTeacher {
    /** The text alone teaches. */
    RowTeacher NONE = new RowTeacher() {
        @Override
        public @Nullable SoftTargets of(Packed row) {
            return null;
        }

        @Override
        public String fingerprint() {
            return "none";
        }
    };

    /** What a teacher expects at the row's targets; null where no teacher has spoken of it. */
    @Nullable
    SoftTargets of(Packed row);

    /** Names all that it says. */
    String fingerprint();
}
