package dev.distill.eval.sandbox;

import java.io.IOException;
import java.util.Optional;

class ContainmentByGroupsTest extends ContainmentContract {
    @Override
    Optional<ControlGroups> accounting() throws IOException {
        return ControlGroups.find();
    }

    @Override
    boolean byTheKernel() {
        return true;
    }
}
