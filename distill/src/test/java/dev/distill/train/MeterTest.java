package dev.distill.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.model.PackedRow;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {
    /** Two rows of 3 and 2 tokens, 10^9 operations a token, in half a second: 10 of the machine's 40 GFLOP/s. */
    @Test
    void theShareIsTheWorkOverWhatTheMachineCouldDo() {
        Meter meter = new Meter(row -> 1e9 * row.ids_N().length, 40);
        List<PackedRow> rows = List.of(PackedRow.nextToken(1, 2, 3), PackedRow.nextToken(1, 2));
        assertThat(meter.cost(rows, 0.5).matmulShare()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void whatIsNotKnownIsNoNumber() {
        assertThat(Meter.UNRATED.cost(List.of(PackedRow.nextToken(1, 2)), 0.5).matmulShare())
                .isNaN();
        assertThat(new Meter(row -> 1, 1).cost(List.of(), 0).matmulShare()).isNaN();
    }
}
