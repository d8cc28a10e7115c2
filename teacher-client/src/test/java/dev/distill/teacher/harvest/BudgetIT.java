package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import dev.distill.teacher.ScriptedServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With thousands in flight no more is spent than the budget allows, by the server's own account. */
@Timeout(180)
class BudgetIT extends HarvestScene {
    private static final int IN_FLIGHT = 2_000;
    /** What a reply here costs. */
    private static final BigDecimal REPLY = new BigDecimal("0.52");
    /** More than all that may be in flight can cost, and less than all replies do cost. */
    private static final Money CAP = new Money(new BigDecimal("2400"), "USD");

    private static final int PROMPTS = 5_000;

    @Test
    void twoThousandInFlightStayWithinTheBudget() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger charged = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(IN_FLIGHT);
        Limits limits =
                QUICK.withInFlight(IN_FLIGHT).withPatience(QUICK.patience().withIdle(Duration.ofSeconds(60)));
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            charged.incrementAndGet(); // once it has begun, it is paid for
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}");
            full.countDown();
            try {
                full.await(
                        20,
                        TimeUnit.SECONDS); // on a busy machine the gate takes late beginnings for a queue, and stays
                // narrower
            } catch (InterruptedException e) {
                return;
            }
            now.decrementAndGet();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"yes\"},\"finish_reason\":\"stop\"}],\"usage\":"
                    + "{\"prompt_tokens\":20,\"completion_tokens\":50}}");
            answer.end();
        })) {
            HarvestConfig config = config(server.url(), 1, CAP, limits);
            HarvestResult result = harvest(config, PROMPTS);
            assertThat(result.ending()).isInstanceOf(Ending.BudgetReached.class);
            BigDecimal bill = REPLY.multiply(BigDecimal.valueOf(charged.get()));
            assertThat(bill).isLessThanOrEqualTo(CAP.amount());
            assertThat(result.spent().amount()).isEqualByComparingTo(bill);
            assertThat(result.completed()).isEqualTo(charged.get());
            // and all that can be spent is spent
            Money one =
                    config.costAtMost(Unit.all(prompts(1), config).getFirst().request());
            assertThat(bill.add(one.amount()).add(REPLY)).isGreaterThan(CAP.amount());
            System.err.println("at most " + most + " in flight");
            assertThat(most.get()).isGreaterThan(IN_FLIGHT / 4);
        }
    }
}
