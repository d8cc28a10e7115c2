package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TwiceReadTest {
    @Test
    void repeatsAreCounted() {
        TwiceRead ids = new TwiceRead();
        for (int i = 0; i < 5_000; i++) {
            ids.add("trace-" + i);
        }
        assertThat(ids.repeats()).isZero();
        ids.add("trace-7");
        ids.add("trace-7");
        ids.add("trace-4999");
        assertThat(ids.repeats()).isEqualTo(3);
    }
}
