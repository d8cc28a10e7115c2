package dev.distill.student.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class TensorTest {
    private final Arena arena = Arena.ofAuto();

    @Test
    void memoryBeginsOnACacheLineAndIsZero() {
        Tensor tensor = Tensor.allocate(arena, DType.FLOAT, 3, 5);
        assertThat(tensor.segment().address() % Tensor.ALIGNMENT).isZero();
        assertThat(tensor.toArray()).hasSize(15).containsOnly(0f);
    }

    @Test
    void aSliceIsAView() {
        Tensor tensor = Tensor.of(arena, new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 4, 2);
        Tensor slice = tensor.slice(1, 3);
        assertThat(slice.shape()).containsExactly(2, 2);
        assertThat(slice.toArray()).containsExactly(2, 3, 4, 5);
        slice.set(0, 9);
        assertThat(tensor.get(2)).isEqualTo(9);
        assertThat(tensor.slice(4, 4).size()).isZero();
        assertThatThrownBy(() -> tensor.slice(3, 5))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("tensor: slice 3 to 5 of FLOAT[4, 2]");
    }

    @Test
    void anotherShapeOfTheSameNumbers() {
        Tensor tensor = Tensor.of(arena, new float[] {0, 1, 2, 3, 4, 5}, 2, 3);
        Tensor other = tensor.reshape(3, 1, 2);
        assertThat(other.rows()).isEqualTo(3);
        assertThat(other.cols()).isEqualTo(2);
        assertThat(other.dim(-1)).isEqualTo(2);
        assertThat(other.segment().address()).isEqualTo(tensor.segment().address());
        assertThatThrownBy(() -> tensor.reshape(4, 2)).hasMessage("tensor: FLOAT[2, 3] cannot be seen as [4, 2]");
    }

    @Test
    void memoryThatIsThereAlreadyMustFit() {
        MemorySegment bytes = arena.allocate(13).asSlice(1); // an odd address, as in a mapped file
        Tensor half = Tensor.of(bytes, DType.BFLOAT16, 2, 3);
        half.set(5, 1.5f);
        assertThat(half.get(5)).isEqualTo(1.5f);
        assertThatThrownBy(() -> Tensor.of(bytes, DType.FLOAT, 2, 3))
                .hasMessage("tensor: FLOAT[2, 3] needs 24 bytes, got 12");
        assertThatThrownBy(() -> Tensor.of(MemorySegment.ofArray(new byte[24]), DType.FLOAT, 2, 3))
                .hasMessageStartingWith("tensor: memory must be off-heap");
        assertThatThrownBy(half::toArray).hasMessage("tensor: needs FLOAT, got BFLOAT16[2, 3]; cast it first");
    }

    /** Every bfloat16 is its own nearest one; the cases between come from IEEE 754's rule of ties to even. */
    @Test
    void bfloat16RoundsToTheNearestEven() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = DType.widen((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(DType.narrow(value)).isEqualTo((short) bits);
            }
        }
        assertThat(DType.narrow(Float.intBitsToFloat(0x3F808000))).isEqualTo((short) 0x3F80); // a tie, down to even
        assertThat(DType.narrow(Float.intBitsToFloat(0x3F818000))).isEqualTo((short) 0x3F82); // a tie, up to even
        assertThat(DType.narrow(Float.intBitsToFloat(0x3F808001))).isEqualTo((short) 0x3F81);
        assertThat(DType.widen(DType.narrow(Float.MAX_VALUE))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(DType.widen(DType.narrow(Float.intBitsToFloat(0x7F800001)))).isNaN();
    }
}
