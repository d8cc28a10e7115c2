package dev.distill.student.model;

import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;

/** The backend that tests of the model run on. */
public final class TestOps {
    private TestOps() {}

    public static Ops open() {
        return new CpuOps();
    }
}
