package dev.distill.data.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private static final int THREADS = 3;

    private static Iterator<Integer> numbers(int n) {
        return IntStream.range(0, n).iterator();
    }

    @Test
    void resultsComeInTheOrderOfTheThings() throws IOException {
        List<Integer> results = new ArrayList<>();
        new InOrder(THREADS)
                .run(
                        numbers(1_000),
                        number -> {
                            if (number % 8 == 0) {
                                Thread.yield();
                            }
                            return 2 * number;
                        },
                        results::add);
        assertThat(results)
                .isEqualTo(IntStream.range(0, 1_000)
                        .map(number -> 2 * number)
                        .boxed()
                        .toList());
    }

    @Test
    void aFewGroupsAreUnderWayAtATime() throws IOException {
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger ahead = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        new InOrder(THREADS)
                .run(
                        IntStream.range(0, 5_000)
                                .peek(_ -> ahead.accumulateAndGet(taken.incrementAndGet() - done.get(), Math::max))
                                .iterator(),
                        number -> number,
                        _ -> done.incrementAndGet());
        assertThat(done).hasValue(5_000);
        assertThat(ahead.get()).isLessThan(200);
    }

    @Test
    void theFirstFailureIsThrownAsItIs() {
        assertThatThrownBy(() -> new InOrder(THREADS)
                        .run(
                                numbers(100),
                                number -> {
                                    if (number == 50) {
                                        throw new IOException("the disk");
                                    }
                                    return number;
                                },
                                _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk");
        assertThatThrownBy(() -> new InOrder(THREADS).run(numbers(100), number -> 1 / (number - 50), _ -> {}))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void anInterruptEndsItAndStaysSet() {
        Thread.currentThread().interrupt();
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> new InOrder(THREADS)
                        .run(
                                numbers(100),
                                number -> {
                                    try {
                                        never.await();
                                    } catch (InterruptedException e) {
                                        throw new IOException(e);
                                    }
                                    return number;
                                },
                                _ -> {}))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
