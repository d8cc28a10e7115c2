package dev.distill.teacher.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.RetryAdvice;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaceTest {
    private static final Outcome BUSY = new Outcome.Overloaded(503, "busy", RetryAdvice.NONE);

    @Test
    void theServersWordOnRetryingStandsAboveItsStatus() {
        RetryAdvice yes = new RetryAdvice(null, true);
        RetryAdvice no = new RetryAdvice(null, false);
        assertThat(Policy.of(new Outcome.RateLimited("", RetryAdvice.NONE))).isEqualTo(Policy.RETRY);
        assertThat(Policy.of(new Outcome.RateLimited("", no))).isEqualTo(Policy.GIVE_UP);
        assertThat(Policy.of(new Outcome.BadRequest(400, "", RetryAdvice.NONE))).isEqualTo(Policy.GIVE_UP);
        assertThat(Policy.of(new Outcome.BadRequest(400, "", yes))).isEqualTo(Policy.RETRY);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void everyCutButOursAndABodyWithoutEndIsAskedAgain(Cut why) {
        Policy expected = switch (why) {
            case CANCELLED -> Policy.LEAVE;
            case TOO_LARGE -> Policy.DEAD_LETTER;
            case ENDED_EARLY, CONNECTION_LOST, IDLE, DEADLINE, MALFORMED -> Policy.RETRY;
        };
        assertThat(Policy.of(new Outcome.CutStream(why, ""))).isEqualTo(expected);
    }

    @Test
    void theGateGivesWayOncePerRoundAndComesBack() {
        Gate gate = new Gate(100);
        long[] first = new long[100];
        for (int i = 0; i < 100; i++) {
            first[i] = gate.enter();
        }
        // a hundred refusals of one round are one refusal
        for (long number : first) {
            gate.leave(number, true);
        }
        assertThat(gate.limit()).isEqualTo(75);
        assertThat(gate.inFlight()).isZero();
        gate.leave(gate.enter(), true);
        assertThat(gate.limit()).isEqualTo(56);
        // one more for each round of replies: some 44 rounds of 56 to 100
        for (int i = 0; i < 44 * 79; i++) {
            gate.leave(gate.enter(), false);
        }
        assertThat(gate.limit()).isBetween(99, 100);
    }

    @Test
    void theGateNeverClosesByItselfAndLetsNobodyInOnceClosed() throws Exception {
        Gate gate = new Gate(2);
        for (int i = 0; i < 50; i++) {
            gate.leave(gate.enter(), true);
        }
        assertThat(gate.limit()).isEqualTo(1);
        long number = gate.enter();
        AtomicLong second = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            second.set(gate.enter());
            done.countDown();
        });
        assertThat(done.await(50, TimeUnit.MILLISECONDS)).isFalse();
        gate.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get()).isEqualTo(-1);
        gate.leave(number, false);
    }

    @Test
    void theRateCapSpreadsAMinute() {
        AtomicLong now = new AtomicLong();
        RateCap cap = new RateCap(600, now::get);
        assertThat(cap.take(600)).isEqualTo(Duration.ZERO);
        // ten a second: each further one waits a tenth of a second more
        assertThat(cap.take(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(cap.take(1)).isEqualTo(Duration.ofMillis(200));
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(cap.take(8)).isEqualTo(Duration.ZERO);
        assertThat(cap.take(5)).isEqualTo(Duration.ofMillis(500));
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(cap.take(600)).isEqualTo(Duration.ZERO);
        assertThat(cap.take(1)).isPositive();
        assertThat(new RateCap(0, now::get).take(Long.MAX_VALUE)).isEqualTo(Duration.ZERO);
    }

    @Test
    void theCircuitOpensAtOnceOnlyWhereNothingEverWorked() {
        AtomicLong now = new AtomicLong();
        Circuit circuit = new Circuit(3, Duration.ofSeconds(10), now::get);
        assertThat(circuit.failure(BUSY)).isEmpty();
        assertThat(circuit.failure(BUSY)).isEmpty();
        assertThat(circuit.failure(BUSY))
                .contains("the last 3 requests all failed, most recently: overloaded (status 503: busy)");
        circuit.success();
        for (int i = 0; i < 20; i++) {
            assertThat(circuit.failure(BUSY)).isEmpty();
        }
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(circuit.failure(BUSY)).isPresent();
    }
}
