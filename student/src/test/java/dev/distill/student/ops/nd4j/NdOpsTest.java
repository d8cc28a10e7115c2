package dev.distill.student.ops.nd4j;

import dev.distill.student.ops.Ops;
import dev.distill.student.ops.OpsContract;

final class NdOpsTest implements OpsContract {
    private static final Ops OPS = new NdOps();

    @Override
    public Ops ops() {
        return OPS;
    }
}
