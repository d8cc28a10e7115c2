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

    @Test
    void aGatewaysAnswerPassesOnceTheAddressHasProvedRight() {
        assertThat(Policy.of(new Outcome.NotFound(302, ""), false)).isEqualTo(Policy.STOP);
        assertThat(Policy.of(new Outcome.NotFound(302, ""), true)).isEqualTo(Policy.RETRY);
        assertThat(Policy.of(new Outcome.NotFound(200, ""), true)).isEqualTo(Policy.RETRY);
        assertThat(Policy.of(new Outcome.NotFound(404, ""), true)).isEqualTo(Policy.STOP);
        assertThat(Policy.of(new Outcome.Unauthorized(401, ""), true)).isEqualTo(Policy.STOP);
        assertThat(Policy.of(new Outcome.OutOfBalance(""), true)).isEqualTo(Policy.STOP);
    }

    @Test
    void oneRequestThatIsForbiddenDoesNotStopARunInWhichOthersAreNot() {
        assertThat(Policy.of(new Outcome.Unauthorized(403, ""), false)).isEqualTo(Policy.STOP);
        assertThat(Policy.of(new Outcome.Unauthorized(403, ""), true)).isEqualTo(Policy.GIVE_UP);
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

    private static long[] enter(Gate gate, int count) {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = gate.enter();
        }
        return numbers;
    }

    private static void begin(Gate gate, long[] numbers, Duration after) {
        for (long number : numbers) {
            gate.begun(number, after);
        }
    }

    private static void leave(Gate gate, long[] numbers, boolean tooMany) {
        for (long number : numbers) {
            gate.leave(number, tooMany);
        }
    }

    /** 32, 64, 128, 256 ... with the beginnings of one round each, while none of the replies has ended. */
    @Test
    void theGateOpensAsRepliesBegin() {
        Gate gate = new Gate(300);
        int rounds = 0;
        for (int inFlight = 0; inFlight < 300; rounds++) {
            long[] more = enter(gate, gate.limit() - inFlight);
            inFlight += more.length;
            begin(gate, more, Duration.ofMillis(300));
        }
        assertThat(rounds).isBetween(4, 10);
        assertThat(gate.limit()).isEqualTo(300);
    }

    @Test
    void aLimitThatNobodyNeedsIsNotTriedOut() {
        Gate gate = new Gate(300);
        for (int i = 0; i < 100; i++) {
            long[] few = enter(gate, 5);
            begin(gate, few, Duration.ofMillis(300));
            leave(gate, few, false);
        }
        assertThat(gate.limit()).isEqualTo(32);
    }

    @Test
    void theGateGivesWayOncePerRoundAndComesBack() {
        Gate gate = new Gate(32);
        // the refusals of one round are one refusal
        leave(gate, enter(gate, 32), true);
        assertThat(gate.limit()).isEqualTo(16);
        assertThat(gate.inFlight()).isZero();
        leave(gate, enter(gate, 1), true);
        assertThat(gate.limit()).isEqualTo(8);
        // one more for each round: some 24 rounds of 8 to 32
        for (int round = 0; round < 26; round++) {
            long[] all = enter(gate, gate.limit());
            begin(gate, all, Duration.ofMillis(300));
            leave(gate, all, false);
        }
        assertThat(gate.limit()).isBetween(30, 32);
    }

    /** A server that takes all and lets them wait: from 0.3 s to 9 s until the first token. */
    @Test
    void theGateGivesWayToAQueue() {
        Gate gate = new Gate(1000);
        long[] first = enter(gate, 32);
        begin(gate, first, Duration.ofMillis(300));
        assertThat(gate.limit()).isEqualTo(64);
        long[] more = enter(gate, gate.limit() - 32);
        begin(gate, more, Duration.ofSeconds(9));
        assertThat(gate.limit()).isEqualTo(32);
        int cut = gate.limit();
        begin(gate, first, Duration.ofSeconds(9)); // of before the cut
        assertThat(gate.limit()).isEqualTo(cut);
        leave(gate, first, false);
        leave(gate, more, false);
        assertThat(gate.inFlight()).isZero();
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

    /** A single request may be forbidden; where nothing else comes, it is the key. */
    @Test
    void theCircuitOpensWithoutAWaitWhereAllIsForbidden() {
        Outcome forbidden = new Outcome.Unauthorized(403, "no");
        Circuit circuit = new Circuit(3, Duration.ofDays(1));
        circuit.success();
        assertThat(circuit.failure(forbidden)).isEmpty();
        assertThat(circuit.failure(BUSY)).isEmpty();
        assertThat(circuit.failure(forbidden)).isEmpty();
        circuit.success();
        assertThat(circuit.failure(forbidden)).isEmpty();
        assertThat(circuit.failure(forbidden)).isEmpty();
        assertThat(circuit.failure(forbidden).orElse("")).contains("3 requests that were forbidden");
    }
}
