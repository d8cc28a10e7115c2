package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.JournalException;
import dev.distill.data.trace.FinishReason;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HarvestRunTest extends HarvestScene {
    private static final int IN_FLIGHT = 8;

    /** Replies to one request once all are on their way; the others go on for ten seconds unless they are cut off. */
    private static final class SlowTeacher implements Teacher {
        final Ledger ledger;
        final CountDownLatch asked = new CountDownLatch(IN_FLIGHT);
        final AtomicBoolean first = new AtomicBoolean(true);
        final CountDownLatch closed = new CountDownLatch(1);
        final AtomicInteger ranToTheEnd = new AtomicInteger();

        SlowTeacher(Ledger ledger) {
            this.ledger = ledger;
        }

        @Override
        public Exchange ask(TeacherRequest request) {
            asked.countDown();
            try {
                if (first.getAndSet(false)) {
                    asked.await();
                    ledger.close();
                } else if (closed.await(10, TimeUnit.SECONDS)) {
                    return new Exchange(
                            new Outcome.CutStream(Outcome.Cut.CANCELLED, ""), Received.NOTHING, Duration.ZERO);
                } else {
                    ranToTheEnd.incrementAndGet();
                }
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
            Reply reply = new Reply(null, "a", "a", FinishReason.STOP, "m-1");
            return new Exchange(new Outcome.Completed(reply), Received.NOTHING, Duration.ZERO);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** All units are needed, and asked by this run. */
    private static Tally tally(HarvestConfig config, List<Unit> units, Ledger ledger, Acceptance acceptance) {
        Tally.Scope all = new Tally.Scope((_, _) -> true, _ -> true, true);
        return new Tally(config, units, all, ledger, acceptance, HarvestListener.NONE);
    }

    /** A budget that is reached lets the others end; who interrupts then does not wait for them. */
    @Test
    void anInterruptCutsOffWhatIsOnItsWayWhateverHasStoppedTheRunBefore() throws Exception {
        HarvestConfig config = config(URI.create("http://localhost"), 1, null, QUICK.withInFlight(IN_FLIGHT));
        List<Unit> units = Unit.all(prompts(IN_FLIGHT), config);
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.journal"), "USD")) {
            Acceptance acceptance = new Acceptance(config, ledger);
            Tally tally = tally(config, units, ledger, acceptance);
            SlowTeacher teacher = new SlowTeacher(ledger);
            teacher.first.set(false);
            HarvestRun run = new HarvestRun(config, teacher, ledger, tally, new Recorder(ledger, tally, acceptance));
            Thread stopping = Thread.ofVirtual().start(() -> {
                try {
                    teacher.asked.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                run.stop(new Ending.Stopped("enough"));
                run.stop(new Ending.Interrupted());
            });
            assertThat(run.work(new Agenda(units, config.asking(), Map.of()))).isEqualTo(new Ending.Stopped("enough"));
            stopping.join();
            assertThat(teacher.ranToTheEnd).hasValue(0);
        }
    }

    /** As on a full disk: the ledger takes no more, and every reply that still came would be paid for and lost. */
    @Test
    void whatIsOnItsWayIsCutOffOnceNothingMoreCanBeKept() throws IOException {
        HarvestConfig config = config(URI.create("http://localhost"), 1, null, QUICK.withInFlight(IN_FLIGHT));
        List<Unit> units = Unit.all(prompts(3 * IN_FLIGHT), config);
        Ledger ledger = Ledger.open(folder.resolve("ledger.journal"), "USD");
        Acceptance acceptance = new Acceptance(config, ledger);
        Tally tally = tally(config, units, ledger, acceptance);
        Agenda agenda = new Agenda(units, config.asking(), Map.of());
        SlowTeacher teacher = new SlowTeacher(ledger);
        HarvestRun run = new HarvestRun(config, teacher, ledger, tally, new Recorder(ledger, tally, acceptance));
        assertThatThrownBy(() -> run.work(agenda)).isInstanceOf(JournalException.class);
        // the one that was answered has made room for another, which the ledger did not take: it was not sent
        assertThat(run.requests()).isEqualTo(IN_FLIGHT);
        assertThat(teacher.ranToTheEnd).hasValue(0);
    }
}
