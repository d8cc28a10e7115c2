package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/** Units that were given up are asked for once more, and no others. */
class RetryFailedIT extends HarvestScene {
    /** Fails these prompts as long as it is told to: of 3 and 4 the text is refused, the others are bad requests. */
    private static final class Moody {
        final Set<Integer> asked = new ConcurrentSkipListSet<>();
        volatile Set<Integer> fails = Set.of(3, 4, 5);

        ScriptedServer start() throws IOException {
            return new ScriptedServer((body, attempt, answer) -> {
                int number = number(body);
                asked.add(number);
                if (!fails.contains(number)) {
                    answer.reply("i double it", "\\boxed{" + 2 * number + "}", "stop");
                } else if (number < 5) {
                    answer.reply("", "no", "content_filter");
                } else {
                    answer.status(400, "{}");
                }
            });
        }
    }

    /** The failures that it hears of. */
    private static final class Ear implements HarvestListener {
        final Map<String, LedgerAccount.Failed> failed = new LinkedHashMap<>();
        final List<HarvestProgress> told = new ArrayList<>();

        @Override
        public void progress(HarvestProgress progress) {
            told.add(progress);
        }

        @Override
        public void failed(LedgerAccount.Failed unit, Prompt prompt) {
            failed.put(prompt.question(), unit);
        }

        @Override
        public void recovered(String unit) {
            failed.values().removeIf(one -> one.unit().equals(unit));
        }
    }

    @Test
    void failedUnitsAloneAreAskedAndWhatSucceedsIsNoFailureAnyMore() throws IOException {
        Moody teacher = new Moody();
        try (ScriptedServer server = teacher.start()) {
            HarvestResult first = harvest(server, 8, 1);
            assertThat(first.failed()).containsExactlyInAnyOrderEntriesOf(Map.of("refused", 2, "bad_request", 1));

            teacher.asked.clear();
            teacher.fails = Set.of(4);
            Ear ear = new Ear();
            // two more prompts, that nobody has asked yet
            HarvestResult again = new Harvester(config(server.url(), 1, null, QUICK), ApiKey.of(CANARY))
                    .retryFailed(prompts(10), ear);
            assertThat(teacher.asked).containsExactly(3, 4, 5);
            assertThat(again.ending()).isEqualTo(new Ending.Done());
            assertThat(again.completed()).isEqualTo(7);
            assertThat(again.units()).isEqualTo(10);
            assertThat(again.failed()).containsExactlyEntriesOf(Map.of("refused", 1));
            assertThat(ear.failed.keySet()).containsExactly("what is 4 + 4?");
            assertThat(ear.told.getLast().done()).isEqualTo(8);
            assertThat(traces()).hasSize(7);
            assertThat(Manifest.read(folder).counts())
                    .containsEntry("failed_refused", 1L)
                    .doesNotContainKey("failed_bad_request");
            LedgerAccount account = LedgerAccount.read(folder.resolve("ledger.journal"));
            assertThat(account.failed()).singleElement().satisfies(unit -> {
                assertThat(unit.reason()).isEqualTo("refused");
                assertThat(unit.again()).isFalse();
            });

            teacher.asked.clear();
            HarvestResult rest = harvest(server, 10, 1);
            assertThat(teacher.asked).containsExactly(8, 9);
            assertThat(rest.completed()).isEqualTo(9);
        }
    }

    /** A reply here costs 0.52, whoever pays; the key itself is nowhere. */
    @Test
    void theLedgerTellsWhichKeyHasPaid() throws IOException {
        Moody teacher = new Moody();
        teacher.fails = Set.of();
        String other = "sk-" + "another-9876543210zyxwvu";
        try (ScriptedServer server = teacher.start()) {
            harvest(server, 2, 1);
            harvest(server, 2, 1); // nothing to pay for
            new Harvester(config(server.url(), 1, null, QUICK), ApiKey.of(other)).run(prompts(5), HarvestListener.NONE);
        }
        LedgerAccount account = LedgerAccount.read(folder.resolve("ledger.journal"));
        String firstKey = ApiKey.of(CANARY).label();
        String secondKey = ApiKey.of(other).label();
        assertThat(firstKey).matches("key [0-9a-f]{8}").isNotEqualTo(secondKey);
        assertThat(account.byKey())
                .containsOnlyKeys(firstKey, secondKey)
                .hasEntrySatisfying(
                        firstKey, spent -> assertThat(spent.amount()).isEqualByComparingTo("1.04"))
                .hasEntrySatisfying(
                        secondKey, spent -> assertThat(spent.amount()).isEqualByComparingTo("1.56"));
        assertThat(Files.readString(folder.resolve("ledger.journal"), StandardCharsets.ISO_8859_1))
                .contains(firstKey)
                .doesNotContain("canary")
                .doesNotContain("another-98");
    }
}
