package dev.distill.student.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class WorkspaceTest {
    @Test
    void twoHundredStepsTakeTheMemoryOfTheFirst() {
        try (Workspace workspace = new Workspace()) {
            long firstAddress = step(workspace);
            long reserved = workspace.reservedBytes();
            for (int step = 1; step < 200; step++) {
                assertThat(step(workspace)).isEqualTo(firstAddress);
                assertThat(workspace.reservedBytes()).isEqualTo(reserved);
            }
            assertThat(workspace.peakBytes()).isBetween(24_000_000L, reserved);
        }
    }

    /** Six tensors of 4 MB, more than one block holds. */
    private static long step(Workspace workspace) {
        try (var scope = workspace.open()) {
            long address = workspace.floats(1000, 1000).segment().address();
            for (int layer = 0; layer < 5; layer++) {
                workspace.floats(1000, 1000);
            }
            return address;
        }
    }

    @Test
    void tensorsOfAStepDoNotOverlap() {
        try (Workspace workspace = new Workspace();
                var scope = workspace.open()) {
            Tensor one = workspace.floats(3);
            Tensor two = workspace.floats(5_000_000); // larger than a block
            Tensor three = workspace.allocate(DType.BFLOAT16, 7);
            one.set(2, 1);
            two.set(0, 2);
            two.set(4_999_999, 3);
            three.set(0, 4);
            assertThat(one.get(2)).isEqualTo(1);
            assertThat(two.get(0)).isEqualTo(2);
            assertThat(two.get(4_999_999)).isEqualTo(3);
            for (Tensor tensor : new Tensor[] {one, two, three}) {
                assertThat(tensor.segment().address() % Tensor.ALIGNMENT).isZero();
            }
        }
    }

    @Test
    void scopesNest() {
        try (Workspace workspace = new Workspace();
                var step = workspace.open()) {
            workspace.floats(10);
            long address;
            try (var layer = workspace.open()) {
                address = workspace.floats(10).segment().address();
            }
            Tensor next = workspace.zeros(10);
            assertThat(next.segment().address()).isEqualTo(address);
            assertThat(next.toArray()).containsOnly(0f);
        }
    }

    @Test
    void memoryBelongsToAStep() {
        try (Workspace workspace = new Workspace()) {
            assertThatThrownBy(() -> workspace.floats(3)).hasMessageStartingWith("workspace: no scope is open");
            var outer = workspace.open();
            var inner = workspace.open();
            assertThatThrownBy(outer::close).hasMessageStartingWith("workspace: scopes close in reverse order");
            inner.close();
            outer.close();
        }
    }
}
