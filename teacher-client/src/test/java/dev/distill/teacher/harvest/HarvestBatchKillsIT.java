package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.pay.Tariff;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches that another run, or another recipe, finds on their way: nothing is bought or paid twice, and all is paid once. */
@Timeout(300)
class HarvestBatchKillsIT extends BatchScene {
    /** Killed with four on their way, then gone on with other parameters: no unit of the batch is asked for any more, and all may cost money. */
    @Test
    void whatIsOnItsWayCountsThoughNobodyAsksForItAnyMore() throws IOException {
        killedAt(3, true, "a", 4);
        Money cap = new Money(new BigDecimal("5"), "USD");
        HarvestConfig before = config("a-next", SMALL, cap, Asking.of(1));
        Sampling other = new Sampling(0.7, 0.95, 100, OptionalLong.of(7), new TreeMap<>());
        HarvestConfig after = new HarvestConfig(
                before.endpoint(), other, before.asking(), before.limits(), before.spending(), before.output());
        HarvestResult result = harvested(after, 20);
        assertThat(result.ending()).isInstanceOf(Ending.BudgetReached.class);
        // 4 x 0.52 and then what fits into the 2.92 that are left at 1.113 each, then into 1.88, into none
        assertThat(server.sizes()).startsWith(4, 2);
    }

    /** Nobody asks for these units any more, and none brings a reply: what the provider charges for them is booked all the same. */
    @Test
    void whatNobodyAsksForAnyMoreIsPaidForThoughItBringsNothing() throws IOException {
        server.answers =
                _ -> "200 {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"finish_reason\":\"length\",\"message\":{}}],"
                        + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50}}";
        killedAt(3, true, "a", 4);
        HarvestConfig before = config("a-next", SMALL, null, Asking.of(1));
        Sampling other = new Sampling(0.7, 0.95, 100, OptionalLong.of(7), new TreeMap<>());
        HarvestConfig after = new HarvestConfig(
                before.endpoint(), other, before.asking(), before.limits(), before.spending(), before.output());
        server.answers = _ -> "";
        HarvestResult result = harvested(after, 4);
        assertThat(result.completed()).isEqualTo(4);
        assertThat(result.spent().amount()).isEqualByComparingTo("4.16"); // eight times 0.52
    }

    @Test
    void streamingCollectsWhatIsOnItsWayFirst() throws IOException {
        HarvestConfig batched = config("a", SMALL, null, Asking.of(1));
        // killed when the batch was made and nobody had looked at it
        killedAt(3, true, "a", 4);
        assertThat(server.sizes()).containsExactly(4);
        server.looks = 1; // the next one is a minute later
        HarvestResult result = harvested(config("a-next", null, null, Asking.of(1)), 4);
        assertThat(result.completed()).isEqualTo(4);
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(server.worked.values()).containsOnly(1).hasSize(4);
        assertThat(batched.limits().batch()).isEqualTo(SMALL);
    }

    /** Streamed, a prompt's other samples would wait for its first: here they are on their way already, and none is asked for again. */
    @Test
    void samplesThatWaitForTheirTurnAreCollectedToo() throws IOException {
        Asking asking = Asking.of(4).withSharedPrefix(1);
        killedAt(3, true, config("a", SMALL, null, asking), 1);
        server.looks = 1;
        HarvestResult result = harvested(config("a-next", null, null, asking), 1);
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(result.completed()).isEqualTo(4);
        assertThat(result.units()).isEqualTo(4);
        assertThat(server.calls).noneMatch(call -> call.contains("chat/completions"));
        assertThat(server.worked.values()).containsOnly(1).hasSize(4);
    }

    /** What was bought as a batch costs what a batch costs, also where streaming collects it. */
    @Test
    void streamingPaysTheBatchesPriceForWhatItCollects() throws IOException {
        killedAt(3, true, "a", 4);
        server.looks = 1;
        HarvestConfig plain = config("a-next", null, null, Asking.of(1));
        Tariff half = new Tariff(
                TARIFF.model(), null, TARIFF.since(), "test", "USD", TARIFF.prices(), new BigDecimal("0.5"), List.of());
        HarvestResult result = harvested(
                new HarvestConfig(
                        plain.endpoint(),
                        plain.sampling(),
                        plain.asking(),
                        plain.limits(),
                        new Spending(half, null),
                        plain.output()),
                4);
        assertThat(result.spent().amount()).isEqualByComparingTo("1.04"); // 4 x 0.52 / 2
    }

    /** The process is killed when a line that cost something and brought nothing was taken, and its unit not yet given up for good. */
    @Test
    void aFailureThatWasPaidForIsNotPaidForAgain() throws IOException {
        server.answers = number -> number == 1
                ? "200 {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"finish_reason\":\"content_filter\",\"message\":{}}],"
                        + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50}}"
                : "";
        Path next = folder.resolve("next");
        HarvestConfig config = config("a", SMALL, null, Asking.of(1));
        Files.createDirectories(config.output().folder());
        HarvestResult whole = new Harvester(config, ApiKey.NONE).run(prompts(5), new HarvestListener() {
            @Override
            public void progress(HarvestProgress progress) {}

            @Override
            public void failed(LedgerAccount.Failed unit, Prompt prompt) {
                try {
                    Files.createDirectories(next);
                    Files.copy(folder.resolve("a/ledger.journal"), next.resolve("ledger.journal"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThat(whole.spent().amount()).isEqualByComparingTo("2.60");
        HarvestResult again = harvest("next", SMALL, 5);
        assertThat(again.spent().amount()).isEqualByComparingTo("2.60");
        assertThat(again.completed()).isEqualTo(4);
        assertThat(again.failed()).isEqualTo(whole.failed());
        assertThat(server.worked.values()).containsOnly(1).hasSize(5);
    }

    /** Seven requests in two batches: uploads, creations, looks, files that come down; each call is cut before and after its effect. */
    @Test
    void nothingIsBoughtTwiceWhereverTheProcessIsKilled() throws IOException {
        server.answers = number -> number == 6 ? "400 {\"error\":{\"message\":\"too long\"}}" : "";
        for (int call = 1; call <= 12; call++) {
            for (boolean before : new boolean[] {true, false}) {
                server.worked.clear();
                String run = "run" + call + before;
                killedAt(call, before, run, 7);
                boolean killed = Files.exists(folder.resolve(run + "-next"));
                String last = killed ? run + "-next" : run;
                assertThat(killed || call > 9).as(run).isTrue();
                HarvestResult result = killed ? harvest(last, SMALL, 7) : null;
                if (result != null) {
                    assertThat(result.ending()).as(run).isEqualTo(new Ending.Done());
                }
                assertThat(traces(last)).as(run).hasSize(6);
                assertThat(server.worked.values()).as(run).containsOnly(1).hasSize(7);
            }
        }
    }

    /** Killed between two lines of a file that came down. */
    @Test
    void linesThatWereTakenAreNotTakenAgain() throws IOException {
        Path next = folder.resolve("next");
        HarvestConfig config = config("a", SMALL, null, Asking.of(1));
        Files.createDirectories(config.output().folder());
        new Harvester(config, ApiKey.NONE).run(prompts(5), new HarvestListener() {
            private int completed;

            @Override
            public void progress(HarvestProgress progress) {}

            @Override
            public void completed(Prompt prompt) {
                completed++;
                if (completed == 3) {
                    try {
                        Files.createDirectories(next);
                        Files.copy(folder.resolve("a/ledger.journal"), next.resolve("ledger.journal"));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        HarvestResult result = harvest("next", SMALL, 5);
        assertThat(result.completed()).isEqualTo(5);
        assertThat(result.spent().amount()).isEqualByComparingTo("2.60"); // five times 0.52: each is paid for once
        assertThat(server.worked.values()).containsOnly(1).hasSize(5);
    }
}
