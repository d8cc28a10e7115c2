package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Killed with requests on their way, all of which the provider charges for, and gone on with, over and over: the budget holds. */
@Timeout(60)
class BudgetKillsTest extends HarvestScene {
    private static final int IN_FLIGHT = 8;
    private static final int PROMPTS = 200;
    /** A request costs 1.113 at most, and 0.52 where it is answered. */
    private static final Money CAP = new Money(new BigDecimal("40"), "USD");

    private final AtomicReference<Harvester> harvester = new AtomicReference<>();
    private BigDecimal charged = BigDecimal.ZERO;

    /**
     * A provider, and the end of a process that asks it: the first request is refused for the moment, three are answered, the
     * others are kept until no more come. What then is on the disk is all that the next process knows.
     */
    private final class Doom implements Teacher {
        private final HarvestConfig config;
        private final Path left;
        private final CountDownLatch full = new CountDownLatch(IN_FLIGHT);
        private final CountDownLatch closed = new CountDownLatch(1);
        private boolean dead;
        private int asked;

        Doom(HarvestConfig config, Path left) {
            this.config = config;
            this.left = left;
        }

        @Override
        public Exchange ask(TeacherRequest request) {
            synchronized (this) {
                if (dead) {
                    return cutOff();
                }
                asked++;
                if (asked == 1) {
                    return new Exchange(new Outcome.RateLimited("", RetryAdvice.NONE), Received.NOTHING, Duration.ZERO);
                } else if (asked <= 4) {
                    return answer();
                }
                charged = charged.add(config.costAtMost(request).amount());
            }
            full.countDown();
            try {
                full.await(300, TimeUnit.MILLISECONDS);
                kill();
                closed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return cutOff();
        }

        private Exchange answer() {
            Usage usage = new Usage(20, 0, 50, 40);
            charged = charged.add(TARIFF.cost(usage, Instant.now()).amount());
            Reply reply = new Reply("thoughts", "answer", "answer", FinishReason.STOP, "m-1");
            return new Exchange(
                    new Outcome.Completed(reply), new Received("thoughts", "answer", 2, usage), Duration.ZERO);
        }

        private static Exchange cutOff() {
            return new Exchange(new Outcome.CutStream(Outcome.Cut.CANCELLED, ""), Received.NOTHING, Duration.ZERO);
        }

        private synchronized void kill() {
            if (!dead) {
                dead = true;
                try {
                    Files.copy(config.output().ledger(), left);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                harvester.get().stop();
            }
            close();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void theProviderNeverChargesMoreThanTheBudget() throws IOException {
        Path all = folder;
        int kills = 0;
        HarvestResult result;
        do {
            folder = Files.createDirectories(all.resolve("run" + kills));
            Path next =
                    Files.createDirectories(all.resolve("run" + (kills + 1))).resolve("ledger.journal");
            HarvestConfig config = config(URI.create("http://localhost"), 1, CAP, QUICK.withInFlight(IN_FLIGHT));
            harvester.set(new Harvester(config, () -> new Doom(config, next)));
            result = harvester.get().run(prompts(PROMPTS), HarvestListener.NONE);
            if (Files.exists(next)) {
                kills++;
            } else {
                break;
            }
        } while (kills < 50);
        assertThat(charged).isLessThanOrEqualTo(CAP.amount());
        // what is left is less than another request may cost, and the difference between what is set aside and what is
        // charged
        assertThat(charged).isGreaterThan(new BigDecimal("36"));
        assertThat(kills).isGreaterThan(3);
        assertThat(result.ending()).isInstanceOf(Ending.BudgetReached.class);
        assertThat(result.unanswered().requests()).isPositive();
        assertThat(result.spent().plus(result.unanswered().atMost()).amount()).isBetween(charged, CAP.amount());
    }
}
