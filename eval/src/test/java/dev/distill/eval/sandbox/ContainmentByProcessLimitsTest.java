package dev.distill.eval.sandbox;

import java.util.Optional;

class ContainmentByProcessLimitsTest extends ContainmentContract {
    @Override
    Optional<ProcessLimits> accounting() {
        return Optional.of(new ProcessLimits());
    }

    @Override
    boolean byTheKernel() {
        return false;
    }
}
