package dev.distill.data.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceNumbersTest {
    @Test
    void everySampleIsFoundByItsTrace() {
        List<Sample> samples = new ArrayList<>();
        // "Aa" and "BB" have one hash code, and so have all texts made of them
        for (String id : List.of("AaAa", "BBAa", "AaBB", "BBBB", "x", "y", "x")) {
            samples.add(new Sample(id, new int[] {1, 2}, List.of(new Sample.Span(1, 2))));
        }
        for (int i = 0; i < 1000; i++) {
            samples.add(new Sample("t" + i, new int[] {1, 2}, List.of(new Sample.Span(1, 2))));
        }
        TraceNumbers numbers = new TraceNumbers(Samples.of(samples));
        assertThat(List.of("AaAa", "BBAa", "AaBB", "BBBB", "y", "x"))
                .extracting(numbers::of)
                .containsExactly(0, 1, 2, 3, 5, 6);
        for (int i = 0; i < 1000; i++) {
            assertThat(numbers.of("t" + i)).isEqualTo(7 + i);
        }
        assertThat(numbers.of("BBBBAa")).isEqualTo(TraceNumbers.NONE);
        assertThat(numbers.of("")).isEqualTo(TraceNumbers.NONE);
        assertThat(new TraceNumbers(Samples.of(List.of())).of("x")).isEqualTo(TraceNumbers.NONE);
    }
}
